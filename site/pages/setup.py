"""The rows that an empty database needs before anybody can use the site. All may be repeated."""

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from pages.models import BasePage, HomePage, InformationPage, PrivacyPage
from people import groups
from people.models import Role

WORKFLOW = "Faglig gennemgang"
PAGES = Path(__file__).parent / "data" / "pages.toml"
KINDS: dict[str, type[BasePage]] = {"information": InformationPage, "privacy": PrivacyPage}


def create_locales() -> dict[str, Locale]:
    """The languages of the site, by code."""
    return {
        code: Locale.objects.get_or_create(language_code=code)[0]
        for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES
    }


def create_home_pages() -> HomePage:
    """A front page in each language, and the site record that begins at the Danish one.

    What Wagtail's own migration puts there, in whatever language, gives way.
    """
    locales = create_locales()
    root = Page.get_first_root_node() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=locales[settings.LANGUAGE_CODE])
    )
    home = HomePage.objects.filter(locale=locales[settings.LANGUAGE_CODE]).first()
    if home is None:
        home = HomePage(
            title="Sidemand",
            slug="forside",
            locale=locales[settings.LANGUAGE_CODE],
            live=False,
        )
        root.refresh_from_db()
        root.add_child(instance=home)
        home.save_revision().publish()
        home.refresh_from_db()
    _point_site_at(home)
    for page in root.get_children().exact_type(Page):
        page.delete()
    return HomePage.objects.get(pk=home.pk)


def _point_site_at(home: HomePage) -> None:
    site = Site.objects.filter(is_default_site=True).first() or Site(
        hostname="localhost", is_default_site=True
    )
    if site.root_page_id != home.pk or site.site_name != settings.WAGTAIL_SITE_NAME:
        site.root_page = home.page_ptr
        site.site_name = settings.WAGTAIL_SITE_NAME
        site.save()


def create_site_pages(home: HomePage) -> None:
    """The pages that the footer of every page leads to, with a text for editors to go on from.

    What stands at the address already, in whatever words, is left alone.
    """
    for row in tomllib.loads(PAGES.read_text(encoding="utf-8"))["pages"]:
        if home.get_children().filter(slug=row["slug"]).exists():
            continue
        page = KINDS[row["kind"]](
            title=row["title_da"],
            slug=row["slug"],
            introduction=row["intro_da"],
            body=[_block(block) for block in row["blocks"]],
            locale=home.locale,
            live=False,
        )
        home.add_child(instance=page)
        page.save_revision().publish()


def _block(row: dict[str, Any]) -> dict[str, Any]:
    """One block of the file as Wagtail keeps it."""
    values = {"heading": "text", "text": "html"}
    name = values.get(row["type"])
    return {"type": row["type"], "value": row[name] if name else {"items": row["items"]}}


def grant_permissions() -> None:
    """The groups of editors, translators and reviewers, and what each may do.

    The groups that Wagtail's own migrations make go: ours are written by roles alone, and two
    more that look alike would be filled by hand. So does their English review.
    """
    groups.ensure()
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()
    Group.objects.filter(name__in=["Moderators", "Editors"], user__isnull=True).delete()


def create_workflow(home: Page) -> Workflow:
    """Draft → subject review → published, for every page below ``home`` and in each language."""
    task, _created = GroupApprovalTask.objects.get_or_create(name=WORKFLOW)
    task.groups.add(groups.ensure()[Role.Key.REVIEWER])
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    for page in home.get_translations(inclusive=True):
        WorkflowPage.objects.get_or_create(page=page, defaults={"workflow": workflow})
    return workflow
