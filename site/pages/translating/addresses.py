"""Where a page is read in both languages at once."""

from courses.models.outline import Record


def beside(path: str) -> str:
    """Where the page at ``path`` is read in both languages.

    >>> beside("/da/kurser/a/b/")
    '/da/begge/kurser/a/b/'
    """
    language, rest = path[1:].split("/", 1)
    return f"/{language}/begge/{rest}"


def both_url(record: Record) -> str:
    """Where the page of ``record`` is read in both languages; empty where it has but one.

    A title of its own in another language says that it is translated, and asks no query.
    """
    is_translated = len(set(record.titles.values())) > 1
    return beside(record.path) if is_translated and record.path else ""
