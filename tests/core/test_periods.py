from datetime import date

import pytest

from core.periods import day_after
from people.models import Role

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 6)


def test_a_period_ends_on_the_day_after_its_last():
    role = Role(starts_on=FIRST, ends_on=day_after(LAST))

    assert role.known_end == date(2026, 3, 7)
    assert role.last_day == LAST


def test_an_open_period_has_no_end_to_count_with():
    role = Role(starts_on=FIRST, ends_on=day_after(None))

    assert role.last_day is None
    with pytest.raises(ValueError, match="open-ended"):
        _ = role.known_end
