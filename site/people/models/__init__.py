"""People, where they belong, and the roles they hold."""

from people.models.invitation import Invitation
from people.models.organisation import (
    Affiliation,
    Belonging,
    Organisation,
    Place,
    PlaceQuerySet,
)
from people.models.own_data import DataExport, ErasureWish
from people.models.person import LanguageSkill, Person
from people.models.role import Role
from people.models.user import User

__all__ = [
    "Affiliation",
    "Belonging",
    "DataExport",
    "ErasureWish",
    "Invitation",
    "LanguageSkill",
    "Organisation",
    "Person",
    "Place",
    "PlaceQuerySet",
    "Role",
    "User",
]
