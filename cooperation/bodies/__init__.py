"""Bodies: who sits in them, for which organisation, from when until when."""
