"""Who writes frameworks in the admin, and what a published one still takes."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from competences.imports import import_framework
from competences.models import Competence, CompetenceText, Framework, FrameworkVersion
from pages.models import Wording
from people import groups
from tests.competences.test_frameworks import AT, SECOND, TOML
from tests.factories.admin import seen_version
from tests.factories.mentoring import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

IMPORT = "/admin/kompetencer/hent/"


@pytest.fixture(autouse=True)
def _topics(settings):
    settings.SIDEMAND_SECOND_FACTOR = False
    call_command("load_topics", verbosity=0)


@pytest.fixture
def as_role(client):
    def sign_in(key):
        person = make_person(key, scope="country")
        person.user.groups.add(groups.ensure()[key])
        client.force_login(person.user)
        return client

    return sign_in


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def address(view, *args, model="frameworkversion"):
    return reverse(f"wagtailsnippets_competences_{model}:{view}", args=args)


def version_data(version, **changed):
    """What the form of ``version`` sends, as it was drawn."""
    texts = list(version.texts.order_by("sort_order"))
    data = {
        "seen_version": seen_version(version),
        "framework": str(version.framework_id),
        "number": str(version.number),
        "in_force_from": version.in_force_from.isoformat(),
        "texts-TOTAL_FORMS": str(len(texts)),
        "texts-INITIAL_FORMS": str(len(texts)),
        "texts-MIN_NUM_FORMS": "0",
        "texts-MAX_NUM_FORMS": "200",
    }
    for index, text in enumerate(texts):
        data |= {f"texts-{index}-id": str(text.pk), f"texts-{index}-ORDER": str(index + 1),
                 f"texts-{index}-DELETE": "", f"texts-{index}-key": text.key,
                 f"texts-{index}-topics": [str(one.pk) for one in text.topics.all()]}  # fmt: skip
        for name in ("title", "description", "not_yet", "with_help", "alone", "can_teach"):
            for code in ("da", "kl"):
                data[f"texts-{index}-{name}_{code}"] = getattr(text, f"{name}_{code}")
    return data | changed


@pytest.fixture
def draft():
    return import_framework("f.toml", TOML.encode(), at=AT).version


@pytest.fixture
def published():
    return import_framework("f.toml", TOML.encode(), at=AT, publish=True).version


@pytest.mark.parametrize(
    ("role", "add", "take_in"), [("editor", 200, 200), ("translator", 302, 302),
                                 ("reviewer", 200, 200)]
)  # fmt: skip
def test_editors_and_reviewers_write_frameworks(as_role, role, add, take_in):
    client = as_role(role)

    assert client.get(address("list")).status_code == 200
    assert client.get(address("add")).status_code == add
    assert client.get(IMPORT).status_code == take_in


def test_an_editor_takes_in_a_second_profession_and_publishes_it(as_role):
    client = as_role("editor")
    file = SimpleUploadedFile(SECOND.name, SECOND.read_bytes())

    answer = client.post(IMPORT, {"file": file})
    version = FrameworkVersion.objects.get()
    assert answer.status_code == 200
    assert "Rammen er ny" in page(answer).get_text()
    assert not version.is_frozen
    client.post(address("edit", version.pk), version_data(version, publish="on"))

    version.refresh_from_db()
    assert version.is_frozen
    assert CompetenceText.objects.in_force(on=dt.date(2027, 1, 1)).count() == 7
    assert Framework.objects.get().first_for == "family_therapist"
    assert Competence.objects.get(key="meet").title_da == "Møde familien med ro"


def test_who_brings_kalaallisut_is_told_that_somebody_else_releases_it(as_role):
    client = as_role("editor")
    content = TOML.replace("alone_da", 'title_kl = "[kl] titel"\nalone_da')

    answer = client.post(IMPORT, {"file": SimpleUploadedFile("f.toml", content.encode())})
    version = FrameworkVersion.objects.get()
    client.post(address("edit", version.pk), version_data(version, publish="on"))

    told = page(answer)
    assert "når en anden har frigivet" in told.get_text()
    assert told.find("dt").find_next("dd").get_text() == "Besøge familien"
    text, proposed = version.texts.get(), Wording.objects.get()
    assert (text.title_kl, proposed.texts) == ("", [["title", "[kl] titel"]])
    version.refresh_from_db()
    assert list(proposed.written_by.all()) == [version.brought_by]


def test_a_refused_file_says_where_and_saves_nothing(as_role):
    client = as_role("editor")
    broken = SimpleUploadedFile("f.toml", TOML.replace("early", "flying").encode())

    answer = client.post(IMPORT, {"file": broken})

    assert answer.status_code == 422
    rows = [row.get_text(" ", strip=True) for row in page(answer).select("tbody tr")]
    assert rows == ["kompetence 1 (visit) Der er intet emne i sagsarbejdet med nøglen »flying«."]
    assert not Framework.objects.exists()


def test_a_number_of_a_citizen_in_a_file_is_refused_at_the_field(as_role):
    client = as_role("editor")
    number = "0101" + "011234"
    file = SimpleUploadedFile("f.toml", TOML.replace("Du besøger", f"Du {number}").encode())

    answer = client.post(IMPORT, {"file": file})

    assert answer.status_code == 422
    assert number not in answer.content.decode()
    assert not Framework.objects.exists()


def test_a_competence_is_added_in_the_form_without_code(as_role, draft):
    client = as_role("editor")
    data = version_data(draft)
    row = {name.replace("texts-0-", "texts-1-"): value for name, value in data.items()
           if name.startswith("texts-0-")}  # fmt: skip
    row |= {"texts-1-id": "", "texts-1-key": "weigh", "texts-1-title_da": "Veje barnet",
            "texts-1-ORDER": "2"}  # fmt: skip

    answer = client.post(address("edit", draft.pk), data | row | {"texts-TOTAL_FORMS": "2"})

    assert answer.status_code == 302
    assert [text.key for text in draft.texts.order_by("sort_order")] == ["visit", "weigh"]
    assert set(Competence.objects.values_list("key", flat=True)) == {"visit", "weigh"}


@pytest.mark.parametrize("code", ["da", "kl"])
def test_a_published_version_stays_as_it_is(as_role, published, code):
    client = as_role("editor")

    answer = client.post(
        address("edit", published.pk), version_data(published, **{f"texts-0-title_{code}": "Andet"})
    )

    text = published.texts.get()
    assert (text.title_da, text.title_kl) == ("Besøge familien", "")
    if code == "da":
        assert "Denne version er udgivet" in page(answer).get_text()


def test_a_translator_leaves_a_draft_alone(as_role, draft):
    client = as_role("translator")

    client.post(
        address("edit", draft.pk),
        version_data(draft, publish="on", **{"texts-0-alone_da": "Andet"}),
    )

    draft.refresh_from_db()
    assert not draft.is_frozen
    assert draft.texts.get().alone_da == "Alene."


def test_the_next_version_begins_from_a_button_of_the_list(as_role, published):
    client = as_role("editor")
    link = page(client.get(address("list"))).find(
        "a", href=reverse("competences_next_version", args=[published.pk])
    )
    assert link is not None

    assert "version 1" in page(client.get(link["href"])).get_text()
    answer = client.post(link["href"])

    draft = FrameworkVersion.objects.get(number=2)
    assert answer.url == address("edit", draft.pk)
    assert draft.texts.get().title_da == "Besøge familien"


def test_nobody_deletes_a_framework_or_a_version(as_role, published):
    client = as_role("reviewer")

    for model, record in (("frameworkversion", published), ("framework", published.framework)):
        client.post(address("delete", record.pk, model=model))

    assert Framework.objects.exists()
    assert FrameworkVersion.objects.exists()
