"""Meetings: called with an agenda, held, written down, approved; nothing is lost between two."""
