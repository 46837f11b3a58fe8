"""What coordinators fill in about a round."""
