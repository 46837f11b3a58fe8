"""Play a case: begin, choose, step back, begin again, try another way.

A press names the turn that it answers. One that comes twice (a double click, a reply that was
lost) counts once and is answered as the first time; one that answers a turn that has passed (a
second tab, the back button, the partner was quicker) is refused, and the page shows where the
play stands.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.actions.completing import complete, hold
from courses.actions.paths import progressed, touch
from courses.actions.progress import _take_part
from courses.actions.refusals import LearningRefused
from courses.cases import Ending, NotInStory, Run, replay
from courses.models import Case, CasePlay, CaseVersion
from people.companions import companions_of
from people.models import Person
from people.permissions import standing_of


@transaction.atomic
def begin_case(
    *, play_id: UUID, case: Case, person: Person, at: datetime, partner: Person | None = None
) -> CasePlay:
    """Begin ``case`` anew, alone or with ``partner``; the same id gives the same play.

    Args:
        play_id: Made where the form is drawn.
        partner: Whom the person may play with; the caller has asked that.

    Raises:
        LearningRefused: With code "closed" when the case is not offered, "conflict" when the id
            was used for something else. Nothing is saved.
    """
    if earlier := CasePlay.objects.filter(pk=play_id).first():
        return _same(earlier, case, person)
    version = case.versions.filter(is_current=True).first() if case.is_offered else None
    if version is None:
        raise LearningRefused(_("This case is not offered any more."), code="closed")
    return _insert(play_id, version=version, person=person, partner=partner, path=[], at=at)


@transaction.atomic
def try_another_way(
    *, play_id: UUID, play: CasePlay, person: Person, keep: int, at: datetime
) -> CasePlay:
    """Begin a new play that goes the same way as the ended ``play`` for ``keep`` choices.

    What has ended stays as it is. From the very beginning, the case is told as it is now. Whoever
    played along does so again while the two still work side by side; afterwards the new way is
    played alone.

    Raises:
        LearningRefused: With code "closed" when the case is not offered any more, "unknown" when
            there are not so many choices, "conflict" as in :func:`begin_case`.
    """
    if earlier := CasePlay.objects.filter(pk=play_id).first():
        return _same(earlier, play.case, person)
    if not 0 <= keep < len(play.path):
        raise LearningRefused(_("There is no such choice to go back to."), code="unknown")
    other = play.partner if play.person_id == person.pk else play.person
    other = _beside(person, other, at=at)
    if keep == 0 or not play.case.is_offered:
        return begin_case(play_id=play_id, case=play.case, person=person, partner=other, at=at)
    return _insert(
        play_id, version=play.version, person=person, partner=other, path=play.path[:keep], at=at
    )


@transaction.atomic
def keep_play(
    *,
    play_id: UUID,
    version: CaseVersion,
    person: Person,
    path: list[list[str]],
    at: datetime,
    law_as_of: datetime | None = None,
) -> CasePlay:
    """Keep a play that ``person`` played to its end on a device, alone.

    It is judged by the version that was played, whatever the case tells by now.

    Args:
        law_as_of: When that version was last known to be current.

    Raises:
        LearningRefused: With code "unknown" for a way that the version does not have or that has
            not come to an end, "conflict" as in :func:`begin_case`. Nothing is saved.
    """
    if earlier := CasePlay.objects.filter(pk=play_id).first():
        return _same(earlier, version.case, person)
    play = CasePlay(version=version)
    way = _possible(play, path)
    if not replay(version.story, way).is_ended:
        raise LearningRefused(_("The case has not come to its end."), code="unknown")
    hold(person)
    play = _insert(play_id, version=version, person=person, partner=None, path=way, at=at)
    _end(play)
    play.turn, play.law_as_of = len(way), law_as_of
    play.save(update_fields=["turn", "ended_at", "ending", "law_as_of"])
    _note_in_paths(play, at=at)
    return play


def choose(play: CasePlay, *, turn: int, step: str, choice: str, at: datetime) -> CasePlay:
    """Do ``choice`` in ``step``.

    Raises:
        LearningRefused: With code "moved_on" when ``turn`` has passed, "unknown" when the step
            does not offer the choice. Nothing is saved.
    """

    def press(current: CasePlay) -> None:
        current.path = _possible(current, [*current.path, [step, choice]])

    return _turn(play, turn, ["choose", step, choice], press, at)


def step_back(play: CasePlay, *, turn: int, at: datetime) -> CasePlay:
    """Undo the last choice of a play that has not ended.

    Raises:
        LearningRefused: With code "moved_on" when ``turn`` has passed, "ended" when it has ended.
    """

    def press(current: CasePlay) -> None:
        current.path = current.path[:-1]

    return _turn(play, turn, ["back"], press, at)


def begin_again(play: CasePlay, *, turn: int, at: datetime) -> CasePlay:
    """Undo every choice of a play that has not ended.

    Raises:
        LearningRefused: With code "moved_on" when ``turn`` has passed, "ended" when it has ended.
    """

    def press(current: CasePlay) -> None:
        current.path = []

    return _turn(play, turn, ["again"], press, at)


def tie(play: CasePlay, meeting: UUID | None) -> None:
    """Say in which logged session the two played ``play``, or that it was in none.

    Either of them may; the caller has asked whether that session is one of both.

    Raises:
        LearningRefused: With code "alone" where nobody else played.
    """
    if play.partner_id is None:
        raise LearningRefused(_("You played this case alone."), code="alone")
    CasePlay.objects.filter(pk=play.pk).update(meeting=meeting)


@transaction.atomic
def _turn(
    play: CasePlay, turn: int, said: list[str], press: Callable[[CasePlay], None], at: datetime
) -> CasePlay:
    hold(*_players(play))
    locked = CasePlay.objects.select_for_update(of=("self",), no_key=True).select_related("version")
    current = locked.get(pk=play.pk)
    if turn != current.turn:
        if turn == current.turn - 1 and current.last_press == said:
            return current
        raise LearningRefused(
            _("Nothing was changed: the case has gone on since that page was shown. It is here:"),
            code="moved_on",
        )
    if current.is_ended:
        raise LearningRefused(
            _("This case has ended. Try another way to play it again."), code="ended"
        )
    press(current)
    current.turn += 1
    current.last_press = said
    current.last_at = max(current.last_at, at)
    _end(current)
    current.save()
    _note_in_paths(current, at=at)
    return current


def _end(play: CasePlay) -> None:
    """Let the play have ended, if its path has come to an end."""
    run = play.run()
    if run.is_ended:
        play.ended_at = play.last_at
        play.ending = run.ending or Ending.FAIR


def _note_in_paths(play: CasePlay, *, at: datetime) -> None:
    """Who walks a path with this case is on the way; at an ending perhaps a step further.

    An ending that is not a bad one may complete the course.
    """
    module = play.case.module_id
    for person in _players(play):
        touch(person, module, at=at)
        if play.is_ended:
            progressed(person, module)
    if play.is_ended and play.ending != Ending.BAD:
        complete(play.case.course_id, *_players(play))


def _players(play: CasePlay) -> list[Person]:
    return [person for person in (play.person, play.partner) if person is not None]


def _beside(person: Person, other: Person | None, *, at: datetime) -> Person | None:
    """``other``, if ``person`` works side by side with them on that day."""
    if other is None or person.user is None:
        return None
    companions = companions_of(standing_of(person.user, at=at))
    return next((one.person for one in companions if one.person.pk == other.pk), None)


def _possible(play: CasePlay, path: list[list[str]]) -> list[list[str]]:
    try:
        run: Run = replay(play.version.story, path)
    except NotInStory as lost:
        raise LearningRefused(
            _("That cannot be chosen here. Choose one of the possibilities shown."), code="unknown"
        ) from lost
    return run.path


def _insert(
    play_id: UUID,
    *,
    version: CaseVersion,
    person: Person,
    partner: Person | None,
    path: list[list[str]],
    at: datetime,
) -> CasePlay:
    play = CasePlay(
        pk=play_id,
        case=version.case,
        version=version,
        person=person,
        partner=partner,
        path=path,
        started_at=at,
        last_at=at,
    )
    try:
        with transaction.atomic():
            play.save(force_insert=True)
    except IntegrityError:  # the same form was sent twice at once, and the other came first
        return _same(CasePlay.objects.get(pk=play_id), version.case, person)
    _take_part(version.case.course_id, person, at=at)
    return play


def _same(earlier: CasePlay, case: Case, person: Person) -> CasePlay:
    if (earlier.case_id, earlier.person_id) != (case.pk, person.pk):
        raise LearningRefused(_("This case is open already. Begin it again."), code="conflict")
    return earlier
