"""The pages of rounds: planned, filled, proposed for, made ready."""
