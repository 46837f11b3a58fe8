"""Looking after others' learning: for coordinators by name, for leaders in totals.

What lies outside one's scope answers 404, as if it were not there. Nothing is written on GET but
the access log.
"""
