"""Every change of an event: who, when, and what else changes with it."""
