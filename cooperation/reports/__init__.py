"""The half-year report: what really happened, for a municipality, an initiative or the country.

A report is computed anew until it is frozen, and read back as it was from then on. Both are the
same plain content (:mod:`cooperation.reports.content`), which pages, tables and files show. What
it counts stands in :mod:`cooperation.reports.sections`, one module for each subject.
docs/half-year-report.md tells the whole.
"""
