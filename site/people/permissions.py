"""What a person may do: decided here by role, scope and day, and nowhere else.

Domains ask a :class:`Standing` and add what only they know (who is a member of a pairing).
``docs/roles-and-access.md`` tells the same in words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from core.periods import local_day, not_ended
from core.prepared import Prepared
from people.models import Affiliation, Organisation, Person, Place, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User

#: Roles whose work happens in Wagtail's ``/admin/``.
ADMIN_ROLES = frozenset({Role.Key.EDITOR, Role.Key.TRANSLATOR, Role.Key.REVIEWER})
#: Roles of the training itself, which coordinators give in their own scope.
TRAINING_ROLES = frozenset(
    {Role.Key.MENTOR, Role.Key.CASEWORKER, Role.Key.TRAVELLING, Role.Key.LEADER}
)
TRAINING_CHOICES = [(key.value, key.label) for key in Role.Key if key in TRAINING_ROLES]
#: Roles that see data about others, or may change what others read: a second factor is asked.
SECOND_FACTOR_ROLES = frozenset(Role.Key) - {Role.Key.CASEWORKER}


@dataclass(frozen=True)
class Standing:
    """Who somebody is on one day: the person and the roles that are valid then."""

    person: Person | None
    day: date
    roles: tuple[Role, ...] = ()
    is_superuser: bool = False
    _keys: frozenset[str] = field(init=False, repr=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keys", frozenset(role.key for role in self.roles))

    # --- Where a role reaches ---

    def has(self, *keys: str) -> bool:
        """Whether at least one role of these keys is held, anywhere."""
        return not self._keys.isdisjoint(keys)

    def scopes(self, key: str) -> tuple[Role, ...]:
        """The roles ``key`` that are held, one for each place they reach."""
        return tuple(role for role in self.roles if role.key == key)

    def covers(self, key: str, place: Place) -> bool:
        """Whether the role ``key`` is held for ``place``, its municipality or the country."""
        return any(_reaches_place(role, place) for role in self.scopes(key))

    def places(self, key: str, prefix: str = "") -> Q:
        """A filter for the towns that the role ``key`` reaches.

        ``prefix`` leads to the town, for example ``"place__"``. Without the role it matches
        nothing.
        """
        reached = Q(pk__in=[])
        for role in self.scopes(key):
            if role.scope == Role.Scope.COUNTRY:
                return Q()
            if role.scope == Role.Scope.MUNICIPALITY:
                reached |= Q(**{f"{prefix}municipality": role.municipality_id})
            else:
                reached |= Q(**{f"{prefix}id": role.place_id})
        return reached

    # --- Signing in ---

    @property
    def may_enter_admin(self) -> bool:
        """Whether Wagtail's admin is open today."""
        return self.is_superuser or self.has(*ADMIN_ROLES)

    @property
    def needs_second_factor(self) -> bool:
        """Whether the password alone is not enough."""
        return self.is_superuser or self.has(*SECOND_FACTOR_ROLES)

    def towns(self, key: str) -> "QuerySet[Place]":
        """The towns that the role ``key`` of this standing reaches."""
        return Place.objects.filter(self.places(key))

    def coordinates(
        self, scope: str, *, municipality: Organisation | None = None, place: Place | None = None
    ) -> bool:
        """Whether a coordinator's own scope holds this one whole; other roles do not widen it."""
        asked = Role(scope=scope, municipality=municipality, place=place)
        return any(_includes(own, asked) for own in self.scopes(Role.Key.COORDINATOR))

    # --- Looking after people ---

    @property
    def manages_accounts(self) -> bool:
        """Whether accounts everywhere are looked after: an administrator's work."""
        return self.is_superuser or self.has(Role.Key.ADMINISTRATOR)

    @property
    def manages_people(self) -> bool:
        """Whether the pages under ``/personer/`` are open."""
        return self.manages_accounts or self.has(Role.Key.COORDINATOR)

    @property
    def manages_organisations(self) -> bool:
        """Whether organisations are entered, renamed and ended: an administrator's work."""
        return self.manages_accounts

    @property
    def may_give_keys(self) -> frozenset[str]:
        """The roles that may be given at all; where is a matter of :meth:`may_give`."""
        if self.manages_accounts:
            return frozenset(Role.Key)
        return TRAINING_ROLES if self.has(Role.Key.COORDINATOR) else frozenset()

    def may_give(
        self,
        key: str,
        scope: str,
        *,
        municipality: Organisation | None = None,
        place: Place | None = None,
    ) -> bool:
        """Whether this standing may give or end such a role: never wider than one's own.

        An administrator serves accounts in the whole country. A coordinator gives the roles
        of the training (mentor, caseworker, travelling, leader) within the own scope.
        """
        if self.manages_accounts:
            return True
        if key not in TRAINING_ROLES:
            return False
        return self.coordinates(scope, municipality=municipality, place=place)

    def may_give_like(self, role: Role) -> bool:
        """Whether a role such as ``role`` may be given or ended."""
        return self.may_give(role.key, role.scope, municipality=role.municipality, place=role.place)

    def may_manage(self, person: Person, roles: Iterable[Role]) -> bool:
        """Whether the details and the account of ``person`` may be changed.

        ``roles`` are the person's roles that have not ended. Whoever changes an address can
        receive the invitation to it: that takes the right to give every one of these roles.
        Nobody manages oneself here, a superuser's account belongs to the command line, and of
        somebody who was erased nothing may be written anew.
        """
        if not self.manages_people or person == self.person or person.erased_at is not None:
            return False
        if person.user is not None and person.user.is_superuser and not self.is_superuser:
            return False
        return all(self.may_give_like(role) for role in roles)

    @property
    def erases_people(self) -> bool:
        """Whether wishes for deletion are seen and carried out: an administrator's work.

        It cannot be undone and reaches over every town, so no coordinator does it.
        """
        return self.manages_accounts

    def may_erase(self, person: Person) -> bool:
        """Whether ``person`` may be erased by this standing: never oneself.

        A superuser's account belongs to the command line, which first takes that away.
        """
        is_superuser = person.user is not None and person.user.is_superuser
        return self.erases_people and person != self.person and not is_superuser

    @property
    def reads_access_log(self) -> bool:
        """Whether the access log about others is open: an administrator's work."""
        return self.manages_accounts

    def people(self, *, since: date | None = None) -> "QuerySet[Person]":
        """The people one may look up: administrators everybody, coordinators the own scope.

        With ``since`` without those whose roles and work there had all ended by that day.
        """
        if self.manages_accounts:
            return Person.objects.all()
        own = self.scopes(Role.Key.COORDINATOR)
        if any(role.scope == Role.Scope.COUNTRY for role in own):
            return Person.objects.all()
        towns = self.towns(Role.Key.COORDINATOR).values("pk")
        municipalities = [
            role.municipality_id for role in own if role.scope == Role.Scope.MUNICIPALITY
        ]
        lately = Q() if since is None else not_ended(since)
        with_role = Role.objects.filter(
            lately, Q(place__in=towns) | Q(municipality__in=municipalities)
        )
        working_there = Affiliation.objects.filter(
            lately, Q(place__in=towns) | Q(organisation__in=municipalities)
        )
        return Person.objects.filter(
            Q(pk__in=with_role.values("person")) | Q(pk__in=working_there.values("person"))
        )


NOBODY = Standing(person=None, day=date.min)


def _reaches_place(role: Role, place: Place) -> bool:
    return (
        role.scope == Role.Scope.COUNTRY
        or role.municipality_id == place.municipality_id
        or role.place_id == place.pk
    )


def _includes(own: Role, asked: Role) -> bool:
    """Whether the scope of ``asked`` lies within that of ``own``."""
    if own.scope == Role.Scope.COUNTRY:
        return True
    if asked.scope == Role.Scope.TOWN:
        return asked.place is not None and _reaches_place(own, asked.place)
    return (
        asked.scope == own.scope == Role.Scope.MUNICIPALITY
        and asked.municipality_id == own.municipality_id
    )


def standing_of(user: "User | AnonymousUser", *, at: datetime | None = None) -> Standing:
    """The standing of ``user`` at the aware moment ``at`` (default: now); one query.

    The standing of now is kept as ``user.standing``, for the one request that the user object
    lives. A closed account, and nobody at all, has no standing.
    """
    if not user.is_authenticated:
        return NOBODY
    return user.standing if at is None else standing_on(user, local_day(at))


def standing_on(user: "User", day: date) -> Standing:
    """The standing of ``user`` on ``day``, asked from the database."""
    if not user.is_active:
        return NOBODY
    person: Person | None = getattr(user, "person", None)
    roles: tuple[Role, ...] = ()
    if person is not None:
        roles = tuple(_roles_of(person=person.pk, day=day))
    return Standing(person=person, day=day, roles=roles, is_superuser=user.is_superuser)


@Prepared
def _roles_of(person: UUID, day: date) -> "QuerySet[Role]":
    roles = Role.objects.valid_on(day).filter(person=person)
    return roles.select_related("municipality", "place").order_by("key", "pk")
