"""Who works with what in a town: partners with the cards the municipality keeps, and groups."""
