"""What helps and holds editors: weight, faults, small corrections, dates, their first page."""
