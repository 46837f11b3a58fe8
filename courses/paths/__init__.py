"""Learning paths: what completes a step, how far a learner has walked, and their pages."""
