"""What is filled in about events; the actions judge it."""
