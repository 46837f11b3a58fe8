"""The rule of five: no figure is shown that tells of fewer people.

Whoever knows a small place would read from it what one person does. See `docs/half-year-report.md`
for what else is hidden there, so that nobody computes it.
"""

FEWEST_TO_SHOW = 5
