"""What people type into a search box, made fit for every database; the one point all searches pass.

SQLite's full-text search takes quotes and backticks for its own grammar and fails on them, and a
very long query ends in a RecursionError. Wagtail asks ``WAGTAILSEARCH_BACKENDS`` for its backend,
in every listing, chooser and bulk action of the admin, so the cleaning stands there:
``{"BACKEND": "core.search_terms"}``.
"""

import re
from typing import Any

from modelsearch.backends import database
from modelsearch.backends.base import BaseSearchBackend, BaseSearchResults, EmptySearchResults
from modelsearch.query import Fuzzy, Phrase, PlainText

LONGEST_QUERY = 100
WORDS = re.compile(r"\w+(?:-\w+)*")


def clean_query(query: object) -> str:
    """The words of ``query``, at most 100 characters; empty if there is nothing to search for.

    >>> clean_query('24-timers "beslutning`')
    '24-timers beslutning'
    """
    found = " ".join(WORDS.findall(str(query or "")))
    return found[:LONGEST_QUERY].rstrip(" -")


def _clean(query: Any) -> Any:
    if isinstance(query, str):
        return clean_query(query)
    if isinstance(query, PlainText | Phrase | Fuzzy):
        query.query_string = clean_query(query.query_string)
        return query if query.query_string else None
    return query


class _CleansQueries(BaseSearchBackend):
    """Cleans the words of every query on its way to the backend this is mixed into."""

    def _search(
        self, compiler: type, query: Any, model_or_queryset: Any, **options: Any
    ) -> BaseSearchResults:
        query = _clean(query)
        if query in ("", None):
            return EmptySearchResults()
        return super()._search(compiler, query, model_or_queryset, **options)


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802  Wagtail's name for it
    """The search backend of the database in use, behind ``clean_query``."""
    backend = type(database.SearchBackend(dict(params)))
    return type("CleanSearchBackend", (_CleansQueries, backend), {})(dict(params))
