"""What can be learnt and shown: topics of casework, frameworks of competences, own ratings."""

from competences.models.framework import (
    Competence,
    CompetenceText,
    Framework,
    FrameworkVersion,
)
from competences.models.rating import Level, Rating
from competences.models.topic import Topic

__all__ = [
    "Competence",
    "CompetenceText",
    "Framework",
    "FrameworkVersion",
    "Level",
    "Rating",
    "Topic",
]
