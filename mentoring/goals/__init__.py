"""Learning goals, reflections, and how skills move over time."""
