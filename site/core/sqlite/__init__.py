"""SQLite for several writers."""
