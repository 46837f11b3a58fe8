"""What learners do on a device without a link, and what comes back from it."""
