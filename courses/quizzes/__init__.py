"""Quizzes: asked, answered, read again, corrected, and what the answers say of the questions."""
