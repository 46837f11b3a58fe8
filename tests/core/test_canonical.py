"""One spelling for one content."""

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.canonical import canonical_json, content_hash

# Nothing here is a measure of time: the machine may be busy.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100
)
patient = settings.get_profile("patient")
texts = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(codec="ascii"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=20,
)


def nfc(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [nfc(item) for item in value]
    if isinstance(value, dict):
        return {key: nfc(item) for key, item in value.items()}
    return value


@patient
@given(values)
def test_spelling_says_the_same(value: object) -> None:
    assert json.loads(canonical_json(value)) == nfc(value)


@patient
@given(values)
def test_spelling_is_its_own_spelling(value: object) -> None:
    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once


@patient
@given(st.dictionaries(keys, texts))
def test_order_of_keys_does_not_matter(value: dict[str, str]) -> None:
    turned = dict(reversed(value.items()))
    assert content_hash(value) == content_hash(turned)


@patient
@given(texts)
def test_composed_and_decomposed_text_are_the_same(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert content_hash([composed]) == content_hash([decomposed])


def test_spelling_is_that_of_the_rfc() -> None:
    value = {"b": [1, None, True], "a": 'ø"\\\n\x01\x7f€', "aa": {}}
    assert canonical_json(value) == (
        '{"a":"ø\\"\\\\\\n\\u0001\x7f€","aa":{},"b":[1,null,true]}'.encode()
    )


@pytest.mark.parametrize("value", [1.5, {"ø": 1}, "\ud800", float("nan")])
def test_what_has_no_agreed_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_json(value)
