"""The demo's handovers: confirmed, sent, closed from the log; and what was followed up since."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from demo.content import demo_id
from mentoring.handover.actions import (
    TEAM,
    ask,
    close_from_log,
    confirm,
    send_handover,
    write_handover,
)
from mentoring.handover.dossier import dossier_of
from mentoring.handover.follow_ups import finish
from mentoring.models import FollowUp, Handover, Pairing, PairingMember
from notices.models import Notice
from people.models import Person


def load_handovers(
    pairing: Pairing, row: dict[str, Any], people: dict[str, Person], *, at: datetime
) -> None:
    """Hand over what ``row`` says, each at its time; then the follow-ups that were done."""
    for number, item in enumerate(row.get("handovers", [])):
        member = pairing.members.select_related("person", "pairing__place").get(
            person=people[item["mentor"]], side=PairingMember.Side.MENTOR
        )
        done_at = at
        if member.ends_on is not None:
            done_at = min(datetime.combine(member.ends_on, time(16), ZoneInfo("America/Nuuk")), at)
        if "reason" in item:
            close_from_log(
                pairing,
                receiver=people[item["receiver"]] if "receiver" in item else None,
                reason=item["reason"],
                by=people["koordinator1"],
                at=done_at,
                looked_again=True,
            )
            continue
        sent_at = done_at - timedelta(days=2)
        handover = write_handover(
            member,
            receiver=people[item["receiver"]],
            notes={
                **({TEAM: item["team"]} if "team" in item else {}),
                **{str(people[key].pk): text for key, text in item.get("people", {}).items()},
            },
            seen="",
            at=sent_at,
            looked_again=True,
        )
        send_handover(handover, at=sent_at)
        if "question" in item:
            ask(
                handover,
                by=people[item["receiver"]],
                key=demo_id("question", f"{row['key']}-{number}"),
                text=item["question"],
                at=sent_at + timedelta(hours=20),
                looked_again=True,
            )
        if item.get("confirmed"):
            handover = Handover.objects.select_related("member__pairing__place").get(pk=handover.pk)
            seen = dossier_of(handover).sha256
            confirm(handover, by=people[item["receiver"]], seen=seen, at=done_at)
    _follow_up(pairing, row, at=at)
    _have_read(pairing, at=at)


def _have_read(pairing: Pairing, *, at: datetime) -> None:
    """Whoever was told of what is settled has read it long ago."""
    settled = Handover.objects.settled().in_pairing(pairing)
    past = {str(pk) for pk in settled.values_list("pk", flat=True)}
    for notice in Notice.objects.unread().filter(kind__startswith="mentoring.handover_"):
        if not notice.url_args or past & set(notice.url_args):
            notice.read_at = at
            notice.save(update_fields=["read_at"])


def _follow_up(pairing: Pairing, row: dict[str, Any], *, at: datetime) -> None:
    for follow_up in FollowUp.objects.filter(handover__member__pairing=pairing).select_related(
        "owner", "handover__member"
    ):
        note = row.get("followed_up", {}).get(str(follow_up.months))
        day = datetime.combine(follow_up.due_on, time(14), ZoneInfo("America/Nuuk"))
        if note and follow_up.owner is not None and day < at:
            finish(follow_up, by=follow_up.owner, note=note, at=day, looked_again=True)
