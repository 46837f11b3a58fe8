"""People, where they belong, and the roles they hold."""

from people.models.invitation import Invitation
from people.models.organisation import Affiliation, Organisation, Place
from people.models.own_data import DataExport, ErasureWish
from people.models.person import LanguageSkill, Person
from people.models.role import Role
from people.models.user import User

__all__ = [
    "Affiliation",
    "DataExport",
    "ErasureWish",
    "Invitation",
    "LanguageSkill",
    "Organisation",
    "Person",
    "Place",
    "Role",
    "User",
]
