import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core.addresses import PlainAddressMiddleware


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("q=a%00b&page=2", {"q": "ab", "page": "2"}),
        ("q=%0%0000", {"q": "0"}),
        ("%00=%00", {"": ""}),
        ("q=a%2500b", {"q": "a%00b"}),
        ("q=%F0%9F%99%82%0A", {"q": "🙂\n"}),
        ("", {}),
    ],
)
def test_a_nul_character_is_left_out_of_an_address_and_nothing_else(query, left):
    request = RequestFactory().get("/", QUERY_STRING=query)
    read = []
    view = PlainAddressMiddleware(lambda asked: read.append(asked.GET.dict()) or HttpResponse())

    view(request)

    assert read == [left]
