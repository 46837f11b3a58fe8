"""Lessons on paper: one lesson, or a whole module in one file and on one page."""
