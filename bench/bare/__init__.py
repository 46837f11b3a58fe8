"""The smallest views that could answer: what the product's own pages are compared with."""
