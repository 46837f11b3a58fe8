"""The API keeps to its description: requests are drawn from it, answers are held against it."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentoring.api.schema import SCHEMAS, document
from mentoring.models import Pairing, Session
from people.models import Person
from tests.factories.mentoring import caseworker_of, content_for, mentor_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SEND = "/api/v1/sessions/{session}"
EXAMPLES = 100


@pytest.fixture
def device(pairing: Pairing, browse: Callable[[Person], Client]) -> Client:
    return browse(mentor_of(pairing))


def shape_of(status: int) -> dict[str, Any]:
    """What the description says of an answer with this status."""
    described = document()["paths"][SEND]["put"]["responses"][str(status)]
    schema = described["content"]["application/json"]["schema"]
    return schema | {"components": {"schemas": SCHEMAS}}


def hold(answer: Any) -> None:
    """The answer has a status and a shape that the description knows."""
    assert answer.status_code < 500
    assert answer["Content-Type"] == "application/json"
    jsonschema_rs.validate(shape_of(answer.status_code), answer.json())


def test_the_description_is_there_for_everybody(client: Client) -> None:
    answer = client.get(reverse("api:schema"))

    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(document()))
    assert schemathesis.openapi.from_dict(document())[SEND]["PUT"].label == f"PUT {SEND}"


drawn = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def put(device: Client, body: Any) -> Any:
    address = reverse("api:session", args=[uuid.uuid4()])
    # Among what is drawn against the description are bytes, which are no JSON.
    raw = body if isinstance(body, bytes) else json.dumps(body, default=str)
    return device.put(address, raw, content_type="application/json")


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_whatever_is_drawn_from_the_description_is_answered_as_it_says(
    device: Client, mode: schemathesis.GenerationMode
) -> None:
    operation = schemathesis.openapi.from_dict(document())[SEND]["PUT"]

    @drawn
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        hold(put(device, case.body))

    ask()


@drawn
@given(data=st.data())
def test_a_letter_with_anything_anywhere_is_received_or_refused_in_words(
    device: Client, pairing: Pairing, data: st.DataObject
) -> None:
    content = content_for(caseworker_of(pairing), held_on="2026-01-05")
    body = {"pairing": str(pairing.pk), "version": str(uuid.uuid4()), "content": content}
    within = data.draw(st.sampled_from([body, content]))
    within[data.draw(st.sampled_from(sorted({*within, "parent", "device_at"})))] = data.draw(
        ANYTHING
    )

    hold(put(device, body))


def test_a_letter_as_described_is_received(device: Client, pairing: Pairing) -> None:
    content = content_for(caseworker_of(pairing), held_on="2026-01-05")
    body = {"pairing": str(pairing.pk), "version": str(uuid.uuid4()), "content": content}
    letter = {"$ref": "#/components/schemas/Letter", "components": {"schemas": SCHEMAS}}
    jsonschema_rs.validate(letter, body)

    answer = put(device, body)

    hold(answer)
    assert (answer.status_code, Session.objects.count()) == (201, 1)
