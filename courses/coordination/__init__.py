"""What coordinators and leaders see of others' learning, and what they do about it."""
