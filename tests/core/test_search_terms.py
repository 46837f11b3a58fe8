"""No query, however hostile, breaks a search; every search of the admin passes one point."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import URLPattern, URLResolver, get_resolver
from modelsearch.query import And, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from core.search_terms import LONGEST_QUERY, clean_query

HOSTILE = [
    *[
        '"',
        '""',
        '"a',
        'a"b',
        "`",
        "a`b",
        "'",
        "''",
        "a'b",
        "\\",
        "%",
        "%s",
        "_",
        "*",
        "a*",
        "(",
        ")",
    ],
    *[
        "()",
        "[",
        "{",
        "^",
        "~",
        "-",
        "--",
        "-a",
        "a-",
        "a--b",
        "+",
        ":",
        "a:b",
        ";",
        "/*",
        "  ",
        "",
    ],
    *["AND", "OR", "NOT", "a AND", "NEAR(a b)", "title:a", "{title} : (a)", "a|b&c!d<->e:*"],
    *[
        "\0",
        "a\0b",
        "\ud800",
        "\u202e",
        "🙂",
        "😀" * 200,
        "é",
        "ĸaĸortoĸ",
        "24-timers",
        "§ 19, stk. 1",
    ],
    *["a " * 5000, "a" * 10_000, '"' * 5000, "(" * 5000, "'; DROP TABLE person; --", "<script>"],
]


@pytest.mark.parametrize(
    ("query", "cleaned"),
    [
        ("underretning", "underretning"),
        ("  to   ord ", "to ord"),
        ('24-timers "beslutning`', "24-timers beslutning"),
        ("§ 19, stk. 1", "19 stk 1"),
        ("ærlig ĸaĸ 日本", "ærlig ĸaĸ 日本"),
        ("a--b -c-", "a b c"),
        ('"`*()', ""),
        ("\ud800", ""),
        (None, ""),
        ("", ""),
    ],
)
def test_only_words_are_left(query, cleaned):
    assert clean_query(query) == cleaned


@pytest.mark.parametrize("query", HOSTILE)
def test_a_clean_query_is_short_and_stays_as_it_is(query):
    cleaned = clean_query(query)

    assert len(cleaned) <= LONGEST_QUERY
    assert clean_query(cleaned) == cleaned


@pytest.mark.parametrize("query", HOSTILE)
def test_every_door_to_the_backend_takes_it(base, query):
    backend = get_search_backend()

    for results in (
        backend.search(query, Page),
        backend.autocomplete(query, Page),
        backend.search(PlainText(query, operator="or"), Page),
        backend.search(Phrase(query), Page),
        Page.objects.search(query),
        Page.objects.live().autocomplete(query, fields=["title"]),
    ):
        assert results.count() == len(list(results[:5]))


def test_words_are_still_found(base):
    page = (
        Page.objects.filter(depth=1)
        .get()
        .add_child(title="Kvittering på 24-timers frist", slug="k")
    )
    get_search_backend().add(page)

    for query in ("kvittering", '"kvittering"', "kvittering (frist)", And([PlainText("frist")])):
        assert [*Page.objects.search(query)] == [page], query
    assert [*Page.objects.autocomplete("kvit`")] == [page]


def _listings(patterns, prefix=""):
    """The address of every admin view that needs no argument."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix(
            "\\Z"
        )
        if isinstance(pattern, URLResolver):
            yield from _listings(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and not set("<(") & set(route):
            yield f"/{route}"


def _admin_listings():
    listings = [
        url
        for url in _listings(get_resolver("config.urls").url_patterns)
        if url.startswith("/admin/")
    ]
    return sorted(set(listings) - {"/admin/login/", "/admin/logout/", "/admin/error_test/"})


# One of each way to break a search on stock Wagtail; the list above passes the backend itself.
CRASHING = ['"', "a`b", "'; --", "{title} : (a)", "\0", "\ud800", "a " * 5000, "(" * 500]


def test_every_listing_of_the_admin_takes_hostile_queries(base, client):
    root = get_user_model().objects.create_superuser("root@example.org", "en rolig dag i juni")
    client.force_login(root)
    searchable = []

    for url in _admin_listings():
        response = client.get(url)
        assert response.status_code < 500, url
        if response.status_code != 200 or b'name="q"' not in response.getvalue():
            continue
        searchable.append(url)
        for query in CRASHING:
            for more in (
                {},
                {"collection_id": "1", "locale": "da", "tag": "x", "ordering": "title"},
            ):
                asked = {"q": query.encode("utf-8", "surrogatepass"), **more}
                assert client.get(url, asked).status_code < 500, (url, query, more)

    assert {"/admin/pages/search/", "/admin/images/", "/admin/documents/"} <= set(searchable)
