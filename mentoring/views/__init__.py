"""Pages of mentoring. Each begins with a function of ``mentoring.permissions``; the rest is 404."""
