"""What an open session repeats of the version that holds: facts, people, what was promised."""

from datetime import datetime
from uuid import UUID

from mentoring.actions.agreeing import keep_agreement
from mentoring.actions.judging import Judged
from mentoring.actions.linking import forget_links
from mentoring.models import Session, SessionCompetence, SessionParticipant, SessionVersion


def let_hold(session: Session, version: SessionVersion, judged: Judged, *, at: datetime) -> None:
    """Let an open session say what ``version``, which is stored already, says.

    Part of storing the version, in its transaction, with the session's row locked. What a locked
    session says is amended (:func:`mentoring.actions.amending.take_effect`).
    """
    current = session.current
    if judged.content["held_on"] != current.content["held_on"]:
        forget_links(session)
    session.current = version
    for name, value in judged.facts().items():
        setattr(session, name, value)
    session.save()
    session.participants.all().delete()
    if "competences" in current.content:
        session.competences.all().delete()
    take_part(session.pk, judged)
    keep_agreement(version, session.pairing, is_first=False, at=at)


def take_part(session_id: UUID, judged: Judged) -> None:
    """Write down who took part and what was practised, where nothing is written down yet."""
    SessionParticipant.objects.bulk_create(
        SessionParticipant(session_id=session_id, person_id=person, side=side)
        for person, side in judged.sides.items()
    )
    if practised := judged.content.get("competences"):
        SessionCompetence.objects.bulk_create(
            SessionCompetence(
                session_id=session_id,
                competence_id=UUID(row["competence"]),
                observed=row["observed"],
            )
            for row in practised
        )
