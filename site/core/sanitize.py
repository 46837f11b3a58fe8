"""Editors' rich text, cleaned on its way in and on its way out; the only home of nh3 and bleach.

nh3 goes first: it parses as a browser does and throws script and style away with their content.
bleach then reads its result with the same list, as a second and independent judge. Why both, and
why bleach at all, is told in docs/decisions/bleach-and-nh3.md.
"""

import re
from collections.abc import Mapping
from typing import Literal

import bleach
import nh3
from bleach.linkifier import Linker

Profile = Literal["page", "database"]

DIGITS = re.compile(r"[0-9]{1,9}")
ATTRIBUTE_VALUES: Mapping[str, re.Pattern[str]] = {
    "colspan": re.compile(r"[1-9][0-9]?"),
    "href": re.compile(r".*", re.DOTALL),  # its scheme is judged by the two libraries
    "id": DIGITS,
    "lang": re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"),
    "linktype": re.compile("page|document"),
    "rowspan": re.compile(r"[1-9][0-9]?"),
    "scope": re.compile("col|row|colgroup|rowgroup"),
    "start": DIGITS,
    "title": re.compile(r".{0,200}", re.DOTALL),
}
TEXT = ["b", "br", "em", "h2", "h3", "h4", "hr", "i", "p", "span", "strong", "sub", "sup"]
GROUPS = ["blockquote", "caption", "li", "table", "tbody", "tfoot", "thead", "tr", "ul"]
PAGE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys([*TEXT, *GROUPS], frozenset({"lang"})),
    "a": frozenset({"href", "lang", "title"}),
    "ol": frozenset({"lang", "start"}),
    "td": frozenset({"colspan", "lang", "rowspan"}),
    "th": frozenset({"colspan", "lang", "rowspan", "scope"}),
}
# Wagtail keeps links to its own pages as <a linktype="page" id="3">.
DATABASE = {**PAGE, "a": PAGE["a"] | {"id", "linktype"}}
LISTS: Mapping[Profile, Mapping[str, frozenset[str]]] = {"page": PAGE, "database": DATABASE}
SCHEMES = {"http", "https", "mailto", "tel"}


def sanitize(html: str, profile: Profile = "page") -> str:
    """``html`` with nothing in it but text, its structure and links. Twice is the same as once.

    Args:
        profile: "database" for what Wagtail stores, with its links to pages and documents by id;
            "page" for what a reader gets, where written web and mail addresses become links.
    """
    allowed = LISTS[profile]
    clean = nh3.clean(
        html,
        tags=set(allowed),
        attributes={tag: set(names) for tag, names in allowed.items()},
        attribute_filter=_checked_value,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    clean = bleach.clean(
        clean,
        tags=set(allowed),
        attributes=lambda tag, name, value: (
            name in allowed[tag] and _checked_value(tag, name, value) is not None
        ),
        protocols=SCHEMES,
        strip=True,
    )
    return _LINKER.linkify(clean) if profile == "page" else clean


def _checked_value(_tag: str, name: str, value: str) -> str | None:
    pattern = ATTRIBUTE_VALUES.get(name)  # nh3 asks about every attribute, wanted or not
    return value if pattern is not None and pattern.fullmatch(value) else None


def _only_addresses(
    attributes: dict[str | tuple[None, str], str], new: bool = False
) -> dict[str | tuple[None, str], str] | None:
    """Link what is written as an address; "aftalt.nu" is a missing space, not a web site."""
    if not new:
        return attributes
    text, href = attributes["_text"], (None, "href")
    if text.lower().startswith("www."):
        attributes[href] = f"https://{text}"
    elif not text.lower().startswith(("http://", "https://")) and "@" not in text:
        return None
    return attributes


_LINKER = Linker(callbacks=[_only_addresses], parse_email=True)
