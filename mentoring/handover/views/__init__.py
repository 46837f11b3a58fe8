"""Handovers for who leaves, who takes over, who is spoken of; and what is followed up."""
