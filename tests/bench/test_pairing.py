"""A target of the proposals that was not measured is not one that holds."""

from typing import Any

import pytest

from bench.pairing import show


def found(**measured: Any) -> dict[str, Any]:
    return {
        "ours_s": 0.1,
        "bare_s": 0.01,
        "ours": [500, 9],
        "best": [500, 9],
        "ours_mb": 20.0,
        "bare_mb": 4.0,
        **measured,
    }


@pytest.mark.parametrize(
    ("measured", "holds"),
    [
        ({"match_s": 5.0, "match_mb": 1.0, "match": [500, 9]}, True),
        ({"match_s": 4.9, "match_mb": 1.0, "match": [500, 9]}, False),
        ({"match_stopped_s": 900.0}, True),
        ({"match_stopped_s": 4.9}, False),
        ({"match_failed": "no such module"}, False),
        ({}, False),
    ],
)
def test_at_500_mentor_match_must_have_been_measured_where_it_was_asked(measured, holds):
    assert show(500, found(**measured), is_asked=True) is holds


@pytest.mark.parametrize("size", [200, 500])
def test_where_mentor_match_is_left_out_the_other_targets_decide(size):
    assert show(size, found(), is_asked=False)
    assert not show(size, found(best=[500, 10]), is_asked=False)


def test_only_the_line_at_500_is_a_target_of_mentor_match():
    assert show(200, found(match_failed="killed"), is_asked=True)
