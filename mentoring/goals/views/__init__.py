"""Learning goals for the person and their mentor of today, and what comes after a session."""
