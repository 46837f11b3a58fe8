"""Seminars and conferences, from the invitation to what came of them: docs/events.md."""
