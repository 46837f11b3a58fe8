"""What a person may do: decided here by role, scope and day, and nowhere else.

Domains ask a :class:`Standing` and add what only they know (who is a member of a pairing).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from core.periods import local_day
from people.models import Person, Place, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User

#: Roles whose work happens in Wagtail's ``/admin/``.
ADMIN_ROLES = frozenset({Role.Key.EDITOR, Role.Key.TRANSLATOR, Role.Key.REVIEWER})
#: Roles that see data about others, or may change what others read: a second factor is asked.
SECOND_FACTOR_ROLES = frozenset(Role.Key) - {Role.Key.CASEWORKER}


@dataclass(frozen=True)
class Standing:
    """Who somebody is on one day: the person and the roles that are valid then."""

    person: Person | None
    day: date
    roles: tuple[Role, ...] = ()
    is_superuser: bool = False
    _keys: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keys", frozenset(role.key for role in self.roles))

    def has(self, *keys: str) -> bool:
        """Whether at least one role of these keys is held, anywhere."""
        return not self._keys.isdisjoint(keys)

    def covers(self, key: str, place: Place) -> bool:
        """Whether the role ``key`` is held for ``place``, its municipality or the country."""
        return any(role.key == key and _reaches(role, place) for role in self.roles)

    def places(self, key: str, prefix: str = "") -> Q:
        """A filter for the towns that the role ``key`` reaches.

        ``prefix`` leads to the town, for example ``"place__"``. Without the role it matches
        nothing.
        """
        reached = Q(pk__in=[])
        for role in self.roles:
            if role.key != key:
                continue
            if role.scope == Role.Scope.COUNTRY:
                return Q()
            if role.scope == Role.Scope.MUNICIPALITY:
                reached |= Q(**{f"{prefix}municipality": role.municipality_id})
            else:
                reached |= Q(**{f"{prefix}id": role.place_id})
        return reached

    @property
    def may_enter_admin(self) -> bool:
        """Whether Wagtail's admin is open today."""
        return self.is_superuser or self.has(*ADMIN_ROLES)

    @property
    def needs_second_factor(self) -> bool:
        """Whether the password alone is not enough."""
        return self.is_superuser or self.has(*SECOND_FACTOR_ROLES)

    def may_give(self, key: str, scope: str, *, municipality: UUID | None, place: Place | None) -> bool:
        """Whether this standing may give or end such a role: never wider than one's own.

        An administrator serves accounts in the whole country. A coordinator gives the roles
        of the training (mentor, caseworker, travelling, leader) within the own scope.
        """
        if self.is_superuser or self.has(Role.Key.ADMINISTRATOR):
            return True
        if key not in TRAINING_ROLES:
            return False
        own = [role for role in self.roles if role.key == Role.Key.COORDINATOR]
        if any(role.scope == Role.Scope.COUNTRY for role in own):
            return True
        if scope == Role.Scope.MUNICIPALITY:
            return any(
                role.scope == scope and role.municipality_id == municipality for role in own
            )
        return (
            scope == Role.Scope.TOWN
            and place is not None
            and any(_reaches(role, place) for role in own)
        )


TRAINING_ROLES = frozenset(
    {Role.Key.MENTOR, Role.Key.CASEWORKER, Role.Key.TRAVELLING, Role.Key.LEADER}
)
NOBODY = Standing(person=None, day=date.min)


def _reaches(role: Role, place: Place) -> bool:
    return (
        role.scope == Role.Scope.COUNTRY
        or role.municipality_id == place.municipality_id
        or role.place_id == place.pk
    )


def standing_of(user: "User | AnonymousUser", *, at: datetime | None = None) -> Standing:
    """The standing of ``user`` at the aware moment ``at`` (default: now); one query.

    The standing of now is kept on the user object, which lives for one request. A closed
    account, and nobody at all, has no standing.
    """
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    if at is not None:
        return _look_up(user, local_day(at))
    kept: Standing | None = getattr(user, "_standing", None)
    if kept is None:
        kept = _look_up(user, local_day(timezone.now()))
        user._standing = kept  # type: ignore[union-attr]
    return kept


def _look_up(user: Any, day: date) -> Standing:
    person = Person.objects.filter(user=user).first()
    roles: tuple[Role, ...] = ()
    if person is not None:
        roles = tuple(
            Role.objects.valid_on(day)
            .filter(person=person)
            .select_related("municipality", "place")
            .order_by("key", "pk")
        )
    return Standing(person=person, day=day, roles=roles, is_superuser=user.is_superuser)
