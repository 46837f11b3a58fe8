"""Each list as a file: what the address asks for, whole, and harmless in a spreadsheet."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core.models import AccessLog
from mentoring.models import Need
from people.models import Person
from tests.factories.mentoring import caseworker_of, send_many
from tests.mentoring.oversight.world import LISTS, Browse, World
from tests.mentoring.reading.sending import TEXT

pytestmark = pytest.mark.django_db


def table(client: Client, key: str, **query: str) -> list[dict[str, str]]:
    response = client.get(reverse("mentoring:list-csv", args=[key]), query)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def sheet(client: Client, key: str, **query: str) -> list[tuple[Any, ...]]:
    response = client.get(reverse("mentoring:list-xlsx", args=[key]), query)
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.worksheets[0].iter_rows(values_only=True))


@pytest.mark.parametrize(("name", "key"), LISTS.items())
def test_a_file_holds_what_the_list_shows_and_no_text(
    world: World, browse: Browse, name: str, key: str
) -> None:
    client = browse(world.country)
    shown = client.get(reverse(f"mentoring:{name}")).context["page"].paginator.count

    lines = table(client, key)

    assert len(lines) == shown
    assert len(sheet(client, key)) == shown + 1
    assert list(lines[0]) == list(sheet(client, key)[0])
    assert not any(TEXT in str(cell) for line in lines for cell in line.values())
    noted = AccessLog.objects.filter(actor=world.country.user, action="export")
    assert noted.count() == 3 * shown


def test_a_file_is_narrowed_and_sorted_as_its_address_says(world: World, browse: Browse) -> None:
    client = browse(world.country)

    assert [line["By"] for line in table(client, "sessioner", by="sisimiut")] == ["Sisimiut"]
    towns = [line["Forløb"] for line in table(client, "forloeb", sorter="by")]
    assert towns == [str(world.there), str(world.here)]
    assert table(browse(world.coordinator), "sessioner", by="sisimiut") == table(
        browse(world.coordinator), "sessioner"
    )


def test_a_file_says_all_of_a_session_but_its_text(world: World, browse: Browse) -> None:
    (line,) = table(browse(world.coordinator), "sessioner")
    day = world.sessions[0].held_on
    assert line == {
        "Dag": f"{day:%d-%m-%Y}",
        "Minutter": "90",
        "By": "Upernavik",
        "Mentorer": "Mentor Demo 1",
        "Sagsbehandlere": "Sagsbehandler Demo 1",
        "Arbejdede med": "decision_24h; receipt",
        "Hvordan": "Gå ved siden af",
        "Tilstand": "Bekræftet af 0 af 1",
    }


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t="])
def test_no_cell_is_a_formula(world: World, browse: Browse, begin: str) -> None:
    formula = f'{begin}HYPERLINK("http://x";"y")'
    Person.objects.filter(pk=caseworker_of(world.here).pk).update(name=formula)
    Need.objects.filter(pk=world.needs[0].pk).update(owner=caseworker_of(world.here))
    world.needs[0].items.update(owner=caseworker_of(world.here))
    client = browse(world.coordinator)

    for key in ("forloeb", "sessioner", "personer", "behov", "klar"):
        cells = [cell for line in table(client, key) for cell in line.values()]
        assert f"'{formula}" in cells, key
        assert formula not in cells, key
        assert formula not in [cell for row in sheet(client, key) for cell in row], key


def test_a_long_file_is_whole(world: World, browse: Browse) -> None:
    send_many(world.here, 1200)
    lines = table(browse(world.coordinator), "sessioner")
    assert len(lines) == 1201
