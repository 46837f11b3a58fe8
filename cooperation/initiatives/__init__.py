"""Initiatives: what they are about, their goals, how they come along, what serves them."""
