"""Documents of initiatives and meetings, behind a permission check."""
