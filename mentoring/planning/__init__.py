"""Planned sessions and calendars: docs/planned-sessions.md."""
