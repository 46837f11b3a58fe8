"""Agreements in lists, on the start page and at the top of the next session."""
