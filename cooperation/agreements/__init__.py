"""Co-operation agreements: between whom, about what, until when, and who is told before."""
