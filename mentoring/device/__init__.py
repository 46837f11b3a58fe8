"""What mentors take along on a device without a link, and what comes back from it."""
