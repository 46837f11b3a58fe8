"""The demo's pages: catalogue, courses, modules and lessons, and the pages about the site."""

import re
import tomllib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from competences.models import Competence
from core.periods import local_day
from courses.actions import freeze_question
from courses.models import Choice, Question
from demo.cases import case_pages
from demo.content import FOLDER, demo_id, modules, read
from demo.shared import chosen_in
from pages.models import (
    CataloguePage,
    CoursePage,
    HomePage,
    InformationPage,
    LessonPage,
    ModulePage,
)
from rules.models import Rule

#: Which modules make up which course, by their numbers.
COURSES = [
    (
        "underretninger",
        "Underretninger: fra bekymring til beslutning",
        "Lær, hvad en underretning er, hvem der skal underrette, og hvad kommunen gør først.",
        [1, 2, 3, 4, 5],
    ),
    (
        "sagsbehandling",
        "Sagsbehandling: fra undersøgelse til afgørelse",
        "Lær at undersøge, høre barnet, lægge en plan og skrive en afgørelse.",
        [6, 7, 8, 9, 10, 16],
    ),
    (
        "hverdagen",
        "Hverdagen: lov, sprog og makkerskab",
        "Lær det, der bærer arbejdet: tavshedspligt, tolkning, den første uge og overdragelsen.",
        [11, 12, 13, 14, 15],
    ),
]


def load_questions(*, at: datetime) -> dict[str, Question]:
    """Enter the questions of every module; all of them by their key."""
    rules = {rule.key: rule for rule in Rule.objects.all()}
    questions = {}
    for row in (row for module in modules() for row in _asked_in(module)):
        question, is_new = Question.objects.get_or_create(
            pk=demo_id("question", row["key"]),
            defaults={
                "key": row["key"],
                "kind": row["kind"],
                "situation_da": row.get("situation_da", ""),
                "text_da": row["text_da"],
                "unit_da": row.get("unit_da", ""),
                "feedback_da": row.get("feedback_da", ""),
                "rule": rules.get(row.get("rule", "")),
            },
        )
        questions[row["key"]] = question
        if is_new:
            for position, choice in enumerate(row["choices"]):
                Choice.objects.create(
                    id=demo_id("choice", f"{row['key']}-{choice['key']}"),
                    question=question,
                    sort_order=position,
                    text_da=choice.get("text_da", ""),
                    match_da=choice.get("match_da", ""),
                    gap=choice.get("gap"),
                    tolerance=choice.get("tolerance"),
                    is_correct=choice.get("correct", False),
                    feedback_da=choice.get("feedback_da", ""),
                    rule=rules.get(choice.get("rule", "")),
                )
            freeze_question(question, at=at)
    return questions


def _asked_in(module: dict[str, Any], quiz: str = "") -> list[dict[str, Any]]:
    """The questions of a module's ``quiz``: "quiz" at its end, "practice_quiz" on the way."""
    names = [quiz] if quiz else ["quiz", "practice_quiz"]
    return [row for name in names for row in module.get(name, [])]


def load_pages(questions: dict[str, Question], say: Callable[[str], None]) -> None:
    """Put every page of the demo where it is missing; what an editor changed since is kept."""
    home = HomePage.objects.get(locale__language_code="da")
    _load_site_pages(home)
    _load_differences(home)
    catalogue = _put(
        home,
        CataloguePage(title="Kurser", introduction="Korte lektioner, du kan tage på telefonen."),
        "catalogue",
        "kurser",
    )
    written = {module["number"]: module for module in modules()}
    for slug, title, introduction, numbers in COURSES:
        course = _put(
            catalogue,
            CoursePage(title=title, introduction=introduction),
            f"course-{slug}",
            slug,
        )
        for number in numbers:
            _load_module(course, written[number], questions)
        say(f"  {title}")


def _load_module(course: Page, row: dict[str, Any], questions: dict[str, Question]) -> None:
    outcomes = {"title": "Det lærer du", "items": row["outcomes_da"]}
    module = _put(
        course,
        ModulePage(
            title=row["title_da"],
            introduction=row["summary_da"],
            body=[{"type": "checklist", "value": outcomes}],
            is_optional=row.get("optional", False),
        ),
        f"module-{row['number']}",
        row["slug"],
    )
    competences = list(
        Competence.objects.filter(framework__key="caseworker", key__in=row["competences"])
    )
    asked = {
        quiz: [question["key"] for question in _asked_in(row, quiz)]
        for quiz in ("quiz", "practice_quiz")
    }
    for lesson in row["lessons"]:
        _put(
            module,
            LessonPage(
                title=lesson["title_da"],
                introduction=lesson.get("intro_da", ""),
                minutes=lesson.get("minutes", 5),
                competences=competences,
                body=[_block(block, questions, asked) for block in lesson["blocks"]],
            ),
            f"lesson-{row['number']}-{lesson['slug']}",
            lesson["slug"],
        )
    for page, key, slug in case_pages(row["number"]):
        _put(module, page, key, slug)


def _load_site_pages(home: HomePage) -> None:
    for row in read("pages.toml", today=local_day(timezone.now()))["pages"]:
        body = [_block(block, {}, {}) for block in row.get("blocks", [])]
        if row["kind"] == "home":
            if not home.body:
                home.introduction, home.body = row["intro_da"], body
                home.save_revision().publish()
            continue
        page = InformationPage(
            title=row["title_da"], introduction=row.get("intro_da", ""), body=body
        )
        _put(home, page, f"page-{row['key']}", row["slug"])


def _load_differences(home: HomePage) -> None:
    """The page for mentors from Denmark: one topic after the other, here and there."""
    told = tomllib.loads((FOLDER / "differences.toml").read_text(encoding="utf-8"))
    page = InformationPage(
        title=told["title_da"],
        introduction=told["intro_da"],
        body=[_block({"type": "difference", **pair}, {}, {}) for pair in told["pairs"]],
    )
    _put(home, page, "page-differences", told["slug"])


def _put(parent: Page, page: Any, key: str, slug: str) -> Any:
    """The page with this key in Danish: the one that is there, or ``page`` put below ``parent``."""
    key_id = demo_id("page", key)
    kept = type(page).objects.filter(translation_key=key_id, locale=parent.locale).first()
    if kept is not None:
        return kept
    page.translation_key, page.slug, page.locale = key_id, slugify(slug), parent.locale
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    parent.refresh_from_db()
    return page


def _block(
    row: dict[str, Any], questions: dict[str, Question], asked: dict[str, list[str]]
) -> dict[str, Any]:
    """One block of the demo's files as Wagtail keeps it."""
    kind = row["type"]
    value: Any
    match kind:
        case "heading":
            value = row["text"]
        case "text":
            value = re.sub(r'href="side:([\w-]+)"', _link, row["html"])
        case "fact_box" | "practice":
            value = {"title": row["title"], "text": row["html"]}
        case "press_box":
            value = {
                "title": row["title"],
                "text": row["html"],
                "source": row["source"],
                "source_url": row.get("source_url", ""),
            }
        case "checklist":
            value = {"title": row["title"], "items": row["items"]}
        case "rule":
            value = str(Rule.objects.values_list("pk", flat=True).get(key=row["rule"]))
        case "difference":
            rule = Rule.objects.filter(key=row.get("rule", "")).first()
            value = {name: text for name, text in row.items() if name != "type"}
            value["rule"] = str(rule.pk) if rule else None
        case "sources":
            items = [{"title": item["title"], "url": item.get("url", "")} for item in row["items"]]
            value = {"items": items}
        case "helpline":
            value = None
        case "quiz":
            keys = asked[row.get("asks", "quiz")]
            value = {"questions": [str(questions[key].pk) for key in keys]}
        case _:
            value = chosen_in(row)
    return {"type": kind, "value": value}


def _link(found: "re.Match[str]") -> str:
    """A link to a page of the site, by its slug, as Wagtail keeps it."""
    page = Page.objects.get(slug=found[1], locale__language_code=settings.LANGUAGE_CODE)
    return f'linktype="page" id="{page.pk}"'
