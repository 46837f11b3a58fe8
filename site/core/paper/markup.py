"""A drawn body as plain data: headings, paragraphs, lists, boxes, pictures, and their languages.

The PDF is made from the same HTML that readers see, so that whatever an editor can put on a page is
in the file too, in the same words, with what is not translated marked in the same places.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PageElement

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
#: What begins a line of its own.
BLOCKS = HEADINGS | {
    "p", "ul", "ol", "li", "section", "div", "figure", "figcaption", "details", "blockquote",
    "article", "table", "tr", "dl", "dt", "dd", "aside", "fieldset", "form",
}  # fmt: skip
#: What paper has no use for.
LEFT_OUT = {"svg", "script", "style", "template", "video", "audio", "input", "select", "textarea"}
SPACE = re.compile(r"\s+")

Node = dict[str, Any]
Run = dict[str, Any]


@dataclass(frozen=True)
class Style:
    """How the words at some place are said."""

    lang: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass
class Reader:
    """Turns HTML into nodes, from one heading level on.

    Args:
        language: Of the words whose HTML does not say another.
        shift: How many levels its headings stand below where they stand on their own page.
        address: Makes an address whole; empty for one that paper has no use for.
        picture: The place of a picture among the file's pictures; none where it cannot be read.
    """

    language: str
    shift: int = 0
    address: Callable[[str], str] = str
    picture: Callable[[str], int | None] = lambda _src: None

    def read(self, html: str) -> list[Node]:
        """The nodes of ``html``."""
        soup = BeautifulSoup(html, "html.parser")
        return list(self._blocks(soup, Style(self.language)))

    def _blocks(self, parent: Tag, style: Style) -> Iterator[Node]:
        runs: list[Run] = []
        for child in parent.children:
            if isinstance(child, Tag) and (_is_left_out(child)):
                continue
            if isinstance(child, Tag) and _holds_blocks(child):
                yield from _paragraph(runs)
                runs = []
                yield from self._block(child, _inside(child, style))
            else:
                runs += self._runs(child, style)
        yield from _paragraph(runs)

    def _block(self, tag: Tag, style: Style) -> Iterator[Node]:
        if tag.name in HEADINGS:
            runs = _tidy(self._children(tag, style))
            if runs:
                yield {"k": "h", "level": int(tag.name[1]) + self.shift, "runs": runs}
        elif tag.name in {"ul", "ol"}:
            items = [
                list(self._blocks(item, _inside(item, style)))
                for item in tag.find_all("li", recursive=False)
            ]
            if any(items):
                yield {"k": "list", "ordered": tag.name == "ol", "items": [i for i in items if i]}
        elif tag.name in {"img", "picture"} or tag.name == "figure":
            yield from self._figure(tag, style)
        elif _classes(tag) & {"box", "alert"}:
            nodes = list(self._blocks(tag, style))
            if nodes:
                warns = bool(_classes(tag) & {"alert-warm", "alert-bad"})
                if "alert" in _classes(tag):
                    nodes = _announced(nodes)
                yield {"k": "box", "warns": warns, "nodes": nodes}
        else:
            yield from self._blocks(tag, style)

    def _figure(self, tag: Tag, style: Style) -> Iterator[Node]:
        image = tag if tag.name == "img" else tag.find("img")
        if isinstance(image, Tag):
            place = self.picture(_largest(image))
            alt = str(image.get("alt", ""))
            if place is not None:
                yield {"k": "image", "place": place, "alt": alt, "lang": style.lang}
            elif alt:
                yield {"k": "p", "runs": [_run(alt, replace(style, italic=True))]}
        for part in tag.find_all(["figcaption", "details"], recursive=False):
            yield from self._blocks(part, _inside(part, style))

    def _children(self, tag: Tag, style: Style) -> list[Run]:
        return [run for child in tag.children for run in self._runs(child, style)]

    def _runs(self, child: PageElement, style: Style) -> list[Run]:
        if isinstance(child, NavigableString):
            if isinstance(child, Comment) or not child:
                return []
            return [_run(SPACE.sub(" ", str(child)), style)]
        if not isinstance(child, Tag) or _is_left_out(child):
            return []
        if child.name == "br":
            return [_run("\n", style)]
        style = _inside(child, style)
        if child.name in {"b", "strong"}:
            style = replace(style, bold=True)
        elif child.name in {"i", "em"}:
            style = replace(style, italic=True)
        elif child.name == "a" and child.get("href"):
            style = replace(style, href=self.address(str(child["href"])))
        return self._children(child, style)


def under_each_other(nodes: list[Node], *, below: int) -> list[Node]:
    """``nodes`` with headings that skip no level: a reader by ear finds each under another.

    Args:
        below: The level of the heading that stands above them.
    """
    last = below

    def level(node: Node) -> Node:
        nonlocal last
        if node["k"] == "box":
            return node | {"nodes": [level(one) for one in node["nodes"]]}
        if node["k"] == "list":
            return node | {"items": [[_plain(one) for one in item] for item in node["items"]]}
        if node["k"] != "h":
            return node
        last = max(below + 1, min(node["level"], last + 1))
        return node | {"level": last}

    return [level(node) for node in nodes]


def _plain(node: Node) -> Node:
    """A heading in the point of a list heads nothing: it is a paragraph in bold."""
    if node["k"] == "h":
        return {"k": "p", "runs": [run | {"b": True} for run in node["runs"]]}
    if node["k"] == "box":
        return node | {"nodes": [_plain(one) for one in node["nodes"]]}
    return node


def _announced(nodes: list[Node]) -> list[Node]:
    """What an alert says for those who listen ("Note:") before its words, on one line."""
    if len(nodes) < 2 or nodes[0]["k"] != "p" or nodes[1]["k"] != "p":
        return nodes
    first = [run | {"b": True} for run in nodes[0]["runs"]]
    first[-1] = first[-1] | {"t": first[-1]["t"] + " "}
    return [{"k": "p", "runs": [*first, *nodes[1]["runs"]]}, *nodes[2:]]


def _largest(image: Tag) -> str:
    """The address of the widest drawing of a picture: paper is finer than a screen."""
    offered = [one.split() for one in str(image.get("srcset", "")).split(",") if one.strip()]
    return offered[-1][0] if offered else str(image.get("src", ""))


def _run(text: str, style: Style) -> Run:
    return {
        "t": text,
        "lang": style.lang,
        "b": style.bold,
        "i": style.italic,
        "href": style.href,
    }


def _inside(tag: Tag, style: Style) -> Style:
    lang = tag.get("lang")
    return replace(style, lang=str(lang)) if lang else style


def _paragraph(runs: list[Run]) -> Iterator[Node]:
    tidy = _tidy(runs)
    if tidy:
        yield {"k": "p", "runs": tidy}


def _tidy(runs: list[Run]) -> list[Run]:
    """``runs`` as a browser shows them: one space where there are several, none at the ends."""
    kept: list[Run] = []
    ends_in_space = True
    for run in runs:
        text = run["t"]
        if ends_in_space:
            text = text.lstrip(" ")
        if not text:
            continue
        ends_in_space = text[-1] in " \n"
        last = kept[-1] if kept else None
        if last and all(last[name] == run[name] for name in ("lang", "b", "i", "href")):
            last["t"] += text
        else:
            kept.append(run | {"t": text})
    while kept and not kept[-1]["t"].rstrip():
        kept.pop()
    if kept:
        kept[-1]["t"] = kept[-1]["t"].rstrip()
    return kept


def _classes(tag: Tag) -> set[str]:
    found = tag.get("class")
    return set(found) if isinstance(found, list) else set()


def _is_left_out(tag: Tag) -> bool:
    return (
        tag.name in LEFT_OUT
        or tag.has_attr("hidden")
        or tag.has_attr("popover")
        or tag.get("aria-hidden") == "true"
        or "no-print" in _classes(tag)
        or (tag.name == "summary" and tag.parent is not None and "more" in _classes(tag.parent))
    )


def _holds_blocks(tag: Tag) -> bool:
    """Whether it begins a line of its own, or something in it does."""
    return tag.name in BLOCKS | {"img", "picture"} or tag.find(list(BLOCKS)) is not None
