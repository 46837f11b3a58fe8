"""A proposal of who goes where, kept as it was made; with what spoke for each pair."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring.models.pairing import Pairing
from mentoring.models.round import Need, Round, Stay
from people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Proposal(models.Model):
    """The pairs of one moment, best for the weights of then; never changed afterwards.

    ``digest`` names the needs, stays and rules it was made from: where they have changed, the
    proposal is stale and can no longer be accepted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(
        Round, models.CASCADE, related_name="proposals", verbose_name=_("round")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    is_by_hand = models.BooleanField(_("made by hand"), default=False)
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", verbose_name=_("made again after")
    )
    weights = models.JSONField(_("weights"))
    digest = models.CharField(max_length=64)
    #: For each need with empty seats: how many, how many mentors each rule stops, and how many of
    #: those who fit sit elsewhere or nowhere ("free", which the first proposals lack).
    uncovered = models.JSONField(default=list)
    seats = models.PositiveIntegerField(_("seats"))
    covered = models.PositiveIntegerField(_("covered seats"))
    score = models.IntegerField(_("points"))
    moved = models.PositiveIntegerField(_("moved"))
    is_proven = models.BooleanField(_("proven best"))
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("made"))
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(_("accepted"), null=True)

    pairs: "RelatedManager[ProposedPair]"
    colleagues: "RelatedManager[ProposedColleague]"

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="mentoring_proposal_numbered"),
            models.CheckConstraint(
                condition=models.Q(covered__lte=models.F("seats")),
                name="mentoring_proposal_covers_its_seats",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.number}"

    def get_absolute_url(self) -> str:
        """The page of the proposal."""
        return reverse("mentoring:proposal", args=[self.pk])


class ProposedPair(models.Model):
    """That a mentor goes to a need, and how many points each reason gave."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="pairs")
    stay = models.ForeignKey(Stay, models.CASCADE, related_name="proposed")
    need = models.ForeignKey(Need, models.CASCADE, related_name="proposed")
    score = models.PositiveSmallIntegerField()
    #: ``{term: [points, what was found]}``, which ``mentoring.proposals.words`` puts into words.
    reasons = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("proposed pair")
        verbose_name_plural = _("proposed pairs")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "stay"], name="mentoring_proposed_once_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id} {self.need_id}"


class ProposedColleagueQuerySet(models.QuerySet["ProposedColleague"]):
    """The vocabulary of colleagues in proposals."""

    def accepted_for(self, pairings: Iterable[Pairing]) -> Self:
        """Who works with whom in these pairings: as the proposal says that their round follows."""
        accepted = Proposal.objects.filter(round=OuterRef("need__round"), accepted_at__isnull=False)
        last = accepted.order_by("-accepted_at", "-number").values("pk")[:1]
        return self.filter(
            need__pairing__in=list(pairings), stay__isnull=False, proposal=Subquery(last)
        )


class ProposedColleague(models.Model):
    """That a caseworker of the place works side by side with a mentor, or with nobody yet."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="colleagues")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    need = models.ForeignKey(Need, models.CASCADE, related_name="+")
    stay = models.ForeignKey(Stay, models.CASCADE, null=True, related_name="+")
    score = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=dict)

    objects = ProposedColleagueQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed colleague")
        verbose_name_plural = _("proposed colleagues")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "person"], name="mentoring_proposed_colleague_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.stay_id}"
