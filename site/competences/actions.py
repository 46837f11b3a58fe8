"""Every change of a framework, and what one says of oneself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from competences.models import (
    Competence,
    CompetenceText,
    Framework,
    FrameworkVersion,
    Level,
    Rating,
)
from competences.models.framework import SAID
from competences.signals import words_brought
from core.periods import local_day
from people.models import Person

_IN_KALAALLISUT = tuple(f"{name}_kl" for name in SAID)


class FrameworkRefused(ValidationError):
    """A change of a framework was refused and nothing was saved; ``code`` says why."""

    code: str

    def __init__(self, message: Any, *, code: str) -> None:
        super().__init__(message, code=code)


def name_competences(framework: Framework, texts: Iterable[CompetenceText]) -> None:
    """Let each of ``texts``, saved or not, stand for the competence of its key.

    A key that the framework has not had before becomes a new competence.
    """
    known = {one.key: one for one in Competence.objects.filter(framework=framework)}
    for text in texts:
        if text.key not in known:
            known[text.key] = Competence.objects.create(
                framework=framework, key=text.key, title_da=text.title_da
            )
        text.competence = known[text.key]


@transaction.atomic
def publish_version(
    version: FrameworkVersion, *, at: datetime, user: Any = None
) -> FrameworkVersion:
    """Freeze ``version``: it holds from its day on, and its Danish stays as it is.

    Readers see the Kalaallisut that was released until now. What came with a file waits for
    somebody else (:data:`competences.signals.words_brought`).

    Raises:
        FrameworkRefused: With code "published" when it is frozen already, "empty" without a
            competence, "early" when it begins before a version that is published.
    """
    version = FrameworkVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if version.is_frozen:
        raise FrameworkRefused(_("This version is published already."), code="published")
    if not version.texts.exists():
        raise FrameworkRefused(_("Write at least one competence first."), code="empty")
    others = FrameworkVersion.objects.filter(
        framework=version.framework_id, published_at__isnull=False
    )
    if others.filter(in_force_from__gt=version.in_force_from).exists():
        raise FrameworkRefused(
            _("A version that is published already begins later. Choose a later day."),
            code="early",
        )
    _keep_released(version, at=at)
    version.published_at = at
    version.save(update_fields=["published_at"])
    keep_titles(version)
    log(instance=version, action="wagtail.publish", user=user)
    return version


def released_before(version: FrameworkVersion) -> dict[str, CompetenceText]:
    """What the newest version says that is published beside ``version``, by key."""
    published = FrameworkVersion.objects.filter(
        framework=version.framework_id, published_at__isnull=False
    ).exclude(pk=version.pk)
    newest = published.order_by("-in_force_from", "-number").first()
    texts = CompetenceText.objects.filter(version=newest) if newest else ()
    return {text.key: text for text in texts}


def say_in_kalaallisut(text: CompetenceText, released: CompetenceText | None) -> None:
    """Let ``text``, which is not saved here, say what ``released`` says, and nothing else."""
    for name in _IN_KALAALLISUT:
        setattr(text, name, getattr(released, name, ""))
    text.made_from = getattr(released, "made_from", None)


def _keep_released(version: FrameworkVersion, *, at: datetime) -> None:
    released = released_before(version)
    for text in CompetenceText.objects.filter(version=version):
        words, text.brought = text.brought, None
        say_in_kalaallisut(text, released.get(text.key))
        text.save()
        if words:
            words_brought.send(
                sender=CompetenceText, record=text, words=words, by=version.brought_by, at=at
            )


def keep_titles(version: FrameworkVersion) -> None:
    """Let choosers and lists name each competence as ``version``, the newest one, does."""
    texts = CompetenceText.objects.filter(version=version).select_related("competence")
    changed = []
    for text in texts:
        competence = text.competence
        if (competence.title_da, competence.title_kl) != (text.title_da, text.title_kl):
            competence.title_da, competence.title_kl = text.title_da, text.title_kl
            changed.append(competence)
    Competence.objects.bulk_update(changed, ["title_da", "title_kl"])


@transaction.atomic
def begin_next_version(
    version: FrameworkVersion, *, at: datetime, user: Any = None
) -> FrameworkVersion:
    """A draft that says what ``version`` says, to go on from; one draft at most.

    Raises:
        FrameworkRefused: With code "draft" when the framework has a draft already.
    """
    framework = Framework.objects.select_for_update(no_key=True).get(pk=version.framework_id)
    if framework.versions.filter(published_at__isnull=True).exists():
        raise FrameworkRefused(_("There is a draft already. Go on with it."), code="draft")
    number = framework.versions.aggregate(last=Max("number"))["last"] + 1
    draft = FrameworkVersion.objects.create(
        framework=framework, number=number, in_force_from=max(local_day(at), version.in_force_from)
    )
    for text in version.texts.prefetch_related("topics"):
        copy = CompetenceText(
            version=draft,
            competence_id=text.competence_id,
            key=text.key,
            sort_order=text.sort_order,
            made_from=text.made_from,
            **{f"{name}_{code}": getattr(text, f"{name}_{code}")
               for name in SAID for code in ("da", "kl")},
        )  # fmt: skip
        copy.topics.set(text.topics.all())
        copy.save()
    log(instance=draft, action="wagtail.create", user=user)
    return draft


def rate(
    person: Person,
    levels: Mapping[UUID, str],
    *,
    at: datetime,
    said_at: datetime | None = None,
) -> list[Rating]:
    """Add what ``person`` says of themselves now; what is the same as before adds nothing.

    Args:
        levels: By competence, one of :class:`Level`.
        said_at: When it was said, if on a device that had been away. What was said elsewhere since
            then stays what holds; this one is kept among the earlier ones.

    Returns:
        The new ratings.

    Raises:
        ValidationError: For a step or competence that does not exist. Nothing is saved.
    """
    if unknown := set(levels.values()) - set(Level.values):
        raise ValidationError(_("Choose one of the four steps."), params={"unknown": unknown})
    said_at = min(said_at or at, at)
    try:
        return _rate(person, levels, at=at, said_at=said_at)
    except IntegrityError:  # two devices at once: the second now sees what the first one said
        return _rate(person, levels, at=at, said_at=said_at)


@transaction.atomic
def _rate(
    person: Person, levels: Mapping[UUID, str], *, at: datetime, said_at: datetime
) -> list[Rating]:
    own = Rating.objects.current().filter(person=person, competence__in=levels)
    said = {rating.competence_id: rating for rating in own.select_for_update(no_key=True)}
    changed = {
        key: level for key, level in levels.items() if key not in said or said[key].level != level
    }
    if Competence.objects.filter(pk__in=changed).count() != len(changed):
        raise ValidationError(_("Choose one of the four steps."))
    late = {key for key in changed if key in said and said[key].rated_at > said_at}
    own.filter(competence__in=set(changed) - late).update(is_current=False)
    return Rating.objects.bulk_create(
        Rating(
            person=person,
            competence_id=key,
            level=level,
            rated_at=said_at if key in late else at,
            is_current=key not in late,
        )
        for key, level in changed.items()
    )
