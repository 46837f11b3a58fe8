"""The demo's cooperation: initiatives, groups that meet and decide, examples, partners."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from cooperation.agreements.actions import save_pact
from cooperation.bodies.actions import add_member, save_body
from cooperation.decisions.actions import decide, give_action
from cooperation.initiatives.actions import measure, save_goal, save_initiative, write_status
from cooperation.meetings import actions as meetings
from cooperation.meetings.minutes import hash_of
from cooperation.models import Action, Body, Decision, Initiative, Meeting, Pact, Practice
from cooperation.papers.actions import put_paper
from cooperation.partners.actions import save_partner
from cooperation.permissions import kept_pacts
from cooperation.practice import actions as practice
from core.periods import day_after, local_day
from demo.content import demo_id, read
from demo.documents import drawn
from mentoring.models import Round
from people.models import Organisation, Person, Place
from people.permissions import standing_of


def load_cooperation(people: dict[str, Person], *, at: datetime) -> None:
    """Enter what is missing; what is there is left as it is."""
    data = read("cooperation.toml", today=local_day(at))
    loader = _Loader(people, at)
    for row in data["programme"]:
        loader.programme(row)
    for row in data["initiatives"]:
        loader.initiative(row)
    for row in data["bodies"]:
        loader.body(row)
    for row in data["meetings"]:
        loader.meeting(row)
    for row in data["actions"]:
        loader.action(row)
    for row in data["practices"]:
        loader.practice(row)
    for row in data["partners"]:
        loader.partner(row)
    for row in data["pacts"]:
        loader.pact(row)


class _Loader:
    """Enters one row of each kind by the actions that a page would call."""

    def __init__(self, people: dict[str, Person], at: datetime) -> None:
        self.people, self.at, self.today = people, at, local_day(at)
        self.organisations = {one.key: one for one in Organisation.objects.all()}
        self.places = {one.key: one for one in Place.objects.select_related("municipality")}

    def _some(self, known: dict[str, Any], keys: list[str]) -> list[Any]:
        return [known[key] for key in keys]

    def _numbered(self, numbers: list[int]) -> Any:
        return Initiative.objects.filter(number__in=numbers)

    def _said(self, initiative: Initiative, row: dict[str, Any]) -> None:
        for update in row.get("updates", []):
            by = self.people[update["by"]]
            write_status(
                initiative,
                state=update["state"],
                words=update["words"],
                said_on=min(update["said_on"], self.today),
                publish=True,
                by=by,
                at=self.at,
            )

    def programme(self, row: dict[str, Any]) -> None:
        """Who owns one of the programme's initiatives, and how it comes along."""
        initiative = Initiative.objects.get(number=row["number"])
        if initiative.updates.exists():
            return
        initiative.owner = self.organisations[row["owner"]]
        initiative.save(update_fields=["owner"])
        initiative.organisations.set(self._some(self.organisations, row["organisations"]))
        keys = [demo_id("round", key) for key in row["rounds"]]
        initiative.rounds.set(Round.objects.filter(pk__in=keys))
        self._said(initiative, row)

    def initiative(self, row: dict[str, Any]) -> None:
        """One of the cooperation's own, with goals and what was measured."""
        key = demo_id("initiative", row["key"])
        if Initiative.objects.filter(pk=key).exists():
            return
        by = self.people["koordinator1"]
        initiative = save_initiative(
            key,
            seen=None,
            title_da=row["title_da"],
            summary_da=row["summary_da"],
            owner=self.organisations[row["owner"]],
            starts_on=row["starts_on"],
            ends_on=day_after(row["ends_on"]),
            organisations=self._some(self.organisations, row["organisations"]),
            places=self._some(self.places, row["places"]),
            rounds=Round.objects.filter(pk__in=[demo_id("round", one) for one in row["rounds"]]),
            courses=[],
            recommendations=row["recommendations"],
            by=by,
            at=self.at,
        )
        for number, facts in enumerate(row["goals"]):
            values = facts.pop("values", [])
            goal = save_goal(
                initiative,
                demo_id("goal", f"{row['key']}:{number}"),
                seen=None,
                by=by,
                at=self.at,
                **facts,
            )
            for day, value in values:
                on = min(day, self.today)
                measure(goal, value=value, measured_on=on, by=by, at=self.at)
        self._said(initiative, row)

    def body(self, row: dict[str, Any]) -> None:
        """A group and who sits in it."""
        key = demo_id("body", row["key"])
        if Body.objects.filter(pk=key).exists():
            return
        body = save_body(
            key,
            seen=None,
            kind=row["kind"],
            name_da=row["name_da"],
            purpose_da=row["purpose_da"],
            keeper=self.organisations[row["keeper"]],
            sectors=row["sectors"],
            starts_on=row["starts_on"],
            places=self._some(self.places, row["places"]),
            initiatives=self._numbered(row["numbers"]),
            by=self.people["koordinator1"],
            at=self.at,
        )
        for member in row["members"]:
            add_member(
                body,
                key=demo_id("seat", f"{row['key']}:{member['person']}"),
                person=self.people[member["person"]],
                organisation=self.organisations[member["organisation"]],
                role=member["role"],
                title=member["title"],
                starts_on=row["starts_on"],
                ends_on=None,
                by=self.people["koordinator1"],
                at=self.at,
            )

    def meeting(self, row: dict[str, Any]) -> None:
        """A meeting as far as it has come."""
        key = demo_id("meeting", row["key"])
        if Meeting.objects.filter(pk=key).exists():
            return
        body = Body.objects.get(pk=demo_id("body", row["body"]))
        by, at = self.people["koordinator1"], self.at + timedelta(days=row["days"])
        at -= timedelta(days=at.weekday() - 1)  # people meet on Tuesdays
        meeting = meetings.save_meeting(
            body,
            key=key,
            starts_at=at.replace(hour=13, minute=0, second=0, microsecond=0),
            duration_minutes=120,
            place=self.places[row["place"]],
            room=row["room"],
            note="",
            seen=None,
            by=by,
            at=at - timedelta(days=30),
        )
        items = [
            meetings.save_item(
                meeting,
                key=demo_id("item", f"{row['key']}:{number}"),
                title=item["title"],
                text=item["text"],
                seen=None,
                by=by,
                at=at - timedelta(days=20),
            )
            for number, item in enumerate(row["items"])
        ]
        if row["days"] < 0:
            self._hold(meeting, row, items, by=by)
        else:
            meetings.call(meeting, by=by, at=self.at)

    def _hold(self, meeting: Meeting, row: dict[str, Any], items: list[Any], *, by: Person) -> None:
        at = meeting.starts_at
        meetings.begin(meeting, by=by, at=at)
        seats = {seat.person_id: seat for seat in meeting.body.members.all()}
        presence = dict.fromkeys(row["present"], "present") | dict.fromkeys(
            row["excused"], "excused"
        )
        meetings.note_attendance(
            meeting, {seats[self.people[key].pk]: said for key, said in presence.items()}
        )
        for item, facts in zip(items, row["items"], strict=True):
            seen = meetings.item_seen(item)
            meetings.write_item(
                item,
                minutes=facts["minutes"],
                outcome=facts["outcome"],
                seen=seen,
                by=by,
                at=at,
            )
            for decision in facts.get("decisions", []):
                decide(
                    meeting.body,
                    key=demo_id("decision", decision["key"]),
                    title_da=decision["title_da"],
                    text_da=decision["text_da"],
                    decided_on=local_day(at),
                    item=item,
                    initiatives=self._numbered(decision["numbers"]),
                    by=by,
                    at=self.at,
                )
        if row["approved"]:
            meeting = meetings.send_minutes(meeting, by=by, at=at + timedelta(days=3))
            seen = hash_of(meeting)
            meetings.approve(meeting, seen=seen, by=by, at=at + timedelta(days=14))

    def action(self, row: dict[str, Any]) -> None:
        """Who does what by when."""
        key = demo_id("action", row["key"])
        if Action.objects.filter(pk=key).exists():
            return
        decision = None
        if "decision" in row:
            decision = Decision.objects.get(pk=demo_id("decision", row["decision"]))
        give_action(
            Body.objects.get(pk=demo_id("body", row["body"])),
            key=key,
            text=row["text"],
            owner=self.people[row["owner"]],
            organisation=self.organisations[row["organisation"]],
            due_on=self.today + timedelta(days=row["due"]),
            decision=decision,
            by=self.people[row["owner"]],  # whoever promises it knows
            at=self.at,
        )

    def practice(self, row: dict[str, Any]) -> None:
        """An example, approved or waiting to be looked through."""
        key = demo_id("practice", row["key"])
        if Practice.objects.filter(pk=key).exists():
            return
        words = ("title_da", "problem_da", "done_da", "effect_da", "ask", "source")
        example = practice.save_practice(
            key,
            seen=None,
            kind=row["kind"],
            organisation=self.organisations[row["organisation"]],
            place=self.places[row["place"]],
            sectors=row["sectors"],
            initiatives=self._numbered(row["numbers"]),
            by=self.people[row["author"]],
            at=self.at,
            **{name: row[name] for name in words},
        )
        example = practice.send_for_review(example, by=self.people[row["author"]], at=self.at)
        if "approved_by" in row:
            seen = practice.practice_seen(example)
            by = self.people[row["approved_by"]]
            practice.approve(example, seen=seen, by=by, at=self.at)

    def partner(self, row: dict[str, Any]) -> None:
        """An office, with its card."""
        place = self.places[row["place"]]
        key = demo_id("partner", f"{row['place']}:{row['name_da']}")
        if place.partners.filter(pk=key).exists():
            return
        words = ("sector", "name_da", "works_on_da", "email", "hours_da")
        save_partner(
            key,
            keeper=place.municipality,
            seen=None,
            place=place,
            checked_on=self.today - timedelta(days=20),
            groups=Body.objects.filter(pk__in=[demo_id("body", one) for one in row["groups"]]),
            at=self.at,
            **{name: row[name] for name in words},
        )

    def pact(self, row: dict[str, Any]) -> None:
        """A co-operation agreement that ends soon, with its document."""
        key = demo_id("pact", row["key"])
        pact = Pact.objects.filter(pk=key).first() or self._new_pact(key, row)
        if not pact.papers.filter(pk=demo_id("paper", row["key"])).exists():
            self._put_document(pact, row)

    def _put_document(self, pact: Pact, row: dict[str, Any]) -> None:
        by = self.people["koordinator1"]
        kept = kept_pacts(standing_of(by.user or AnonymousUser(), at=self.at))
        file = drawn(row["document"], row["document_html"], on=pact.starts_on)
        put_paper(
            demo_id("paper", row["key"]),
            kept.get(pk=pact.pk),
            title=row["document"],
            file=ContentFile(file, "aftale.pdf"),
            by=by,
            at=self.at,
        )

    def _new_pact(self, key: UUID, row: dict[str, Any]) -> Pact:
        return save_pact(
            key,
            seen=None,
            keeper=self.organisations[row["keeper"]],
            parties=self._some(self.organisations, row["parties"]),
            places=self._some(self.places, row["places"]),
            starts_on=self._in_days(row["starts"]),
            ends_on=self._in_days(row["ends"]),
            by=self.people["koordinator1"],
            at=self.at,
            **{name: row[name] for name in ("title_da", "scope_da", "other_parties")},
        )

    def _in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)
