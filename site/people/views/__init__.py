"""The pages about people: signing in, oneself, and looking after others."""
