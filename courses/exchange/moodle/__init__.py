"""Moodle XML: the format that holds every kind."""

from courses.exchange.moodle.reading import read
from courses.exchange.moodle.writing import write

__all__ = ["read", "write"]
