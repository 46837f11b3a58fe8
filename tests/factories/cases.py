"""A small invented case: a call on a Friday, one limit of 24 hours, three endings."""

import uuid
from typing import Any

from courses.actions import sync_case
from courses.models import Case, Module
from people.models import Person
from rules.models import Rule
from tests.factories.courses import AT, make_course, make_module, make_rule


def span(amount: int, unit: str = "minutes") -> dict[str, Any]:
    """A length of time as it is kept."""
    return {"amount": amount, "unit": unit}


def choice(key: str, to: str, **fields: Any) -> dict[str, Any]:
    """One choice as one page tells it."""
    return {
        "id": key,
        "text": f"Vælg {key}",
        "consequence": f"Følgen af {key}",
        "verdict": "good",
        "rule": None,
        "takes": span(10),
        "meets": "",
        "to": to,
    } | fields


def step(key: str, *choices: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """One step as one page tells it."""
    return {
        "id": f"step-{key}",
        "key": key,
        "heading": f"Trin {key}",
        "text": f"<p>Det sker i {key}.</p>",
        "ending": "",
        "closing": "",
        "choices": list(choices),
    } | fields


def ending(key: str, kind: str = "good") -> dict[str, Any]:
    """An ending as one page tells it."""
    return step(key, ending=kind, closing=f"Husk {key}.")


def deadline(rule: Rule | None, **fields: Any) -> dict[str, Any]:
    """A limit of 24 hours that begins with the call."""
    return {
        "id": "limit-beslut",
        "key": "beslut",
        "name": "Beslutning",
        "rule": str(rule.pk) if rule else None,
        "stated": span(24, "hours"),
        "length": span(24, "hours"),
        "begins_at": "opkald",
    } | fields


def told(rule: Rule | None = None, **fields: Any) -> dict[str, Any]:
    """A whole case without a problem, in Danish; ``fields`` replace parts of it."""
    cited = str(rule.pk) if rule else None
    return {
        "begins": {"weekday": 4, "minute": 15 * 60 + 40},
        "deadlines": [deadline(rule)] if rule else [],
        "steps": [
            step(
                "opkald",
                choice("spoerg", "notat"),
                choice("vent", "weekend", verdict="poor", takes=span(2, "days")),
            ),
            step(
                "notat",
                choice("beslut", "godt", meets="beslut" if rule else "", rule=cited),
                choice("gaa-hjem", "midt", verdict="acceptable"),
            ),
            step("weekend", choice("beslut-sent", "skidt", meets="beslut" if rule else "")),
            ending("godt", "good"),
            ending("midt", "fair"),
            ending("skidt", "bad"),
        ],
    } | fields


def make_case(
    module: Module | None = None, *, told_da: dict[str, Any] | None = None, **fields: Any
) -> Case:
    """A case that is live in Danish and can be played."""
    module = module or make_module(make_course())
    key = fields.pop("key", None) or uuid.uuid4()
    defaults: dict[str, Any] = {
        "position": 9,
        "minutes": 12,
        "language": "da",
        "title": "Fredag kl. 15.40",
        "path": f"{module.path}sag-{key}/",
        "is_live": True,
        "told": told_da or told(make_rule()),
        "at": AT,
    }
    return sync_case(key, module_key=module.pk, **(defaults | fields))


def make_mentor_and_colleague() -> tuple[Person, Person]:
    """Two who work side by side in one pairing today."""
    from django.utils import timezone

    from mentoring.models import Pairing, PairingMember
    from tests.factories.people import SINCE, make_person, make_role, make_town

    town = make_town()
    mentor = make_person(make_role("mentor", town))
    colleague = make_person(make_role("caseworker", town))
    pairing = Pairing.objects.create(
        place=town, kind="on_site", state="active", starts_on=SINCE, created_at=timezone.now()
    )
    for person, side in ((mentor, "mentor"), (colleague, "caseworker")):
        PairingMember.objects.create(pairing=pairing, person=person, side=side, starts_on=SINCE)
    return mentor, colleague


# --- The same case as a page ---------------------------------------------------------------------


def blocks_of(parts: dict[str, Any]) -> dict[str, Any]:
    """What a case tells (see ``told``), as the blocks of its page."""

    def choice_block(part: dict[str, Any]) -> dict[str, Any]:
        value = {name: part[name] for name in part if name != "id"}
        return {"type": "item", "id": part["id"], "value": value}

    steps = [
        {
            "type": "step",
            "id": part["id"],
            "value": {
                **{name: part[name] for name in ("key", "heading", "text", "ending", "closing")},
                "choices": [choice_block(one) for one in part["choices"]],
            },
        }
        for part in parts["steps"]
    ]
    deadlines = [
        {
            "type": "deadline",
            "id": part["id"],
            "value": {
                **{name: part[name] for name in ("key", "name", "rule", "begins_at")},
                "length": part["stated"],
            },
        }
        for part in parts["deadlines"]
    ]
    return {"steps": steps, "deadlines": deadlines}


def make_case_page(
    module: Any = None, *, live: bool = True, told_da: dict[str, Any] | None = None, **fields: Any
) -> Any:
    """A case of ``module``, or of a new one, as an editor puts it there."""
    from pages.models import CasePage
    from tests.factories.pages import make_module_page, put

    parts = told_da or told(make_rule())
    page = CasePage(**({"title": "Fredag kl. 15.40"} | blocks_of(parts) | fields))
    return put(module or make_module_page(), page, live=live)
