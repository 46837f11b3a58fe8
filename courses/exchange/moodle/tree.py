"""A document as a small tree that knows its lines.

Read with the SAX parser that Django keeps for its own serializer: it refuses document types,
entities and references to other files, and it tells the line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import InputSource

from django.core.serializers.xml_serializer import DefusedExpatParser, DefusedXmlException
from django.utils.translation import gettext as _

from courses.exchange.draft import (
    FileRefused,
)

DEEPEST = 20
_DECLARED = re.compile(r"""<\?xml[^>]*encoding=["']([^"']+)["']""")


@dataclass
class Node:
    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node]" = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def all(self, tag: str) -> "Iterator[Node]":
        """The children with this tag."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> "Node":
        """The first of them, or an empty one."""
        return next(self.all(tag), Node(tag, self.line))

    @property
    def own(self) -> str:
        """The text that stands directly in it."""
        return "".join(self.pieces)

    @property
    def value(self) -> str:
        """The text in its ``<text>``, or its own."""
        texts = list(self.all("text"))
        return texts[0].own if texts else self.own


class _Tree(ContentHandler):
    """Builds the tree, one question at a time; deeper than any real file it stops."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[Node] = []
        self.root: Node | None = None
        self.locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802  its name in SAX
        self.locator = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  its name in SAX
        node = Node(name, self.locator.getLineNumber(), dict(attrs.items()))
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)
        if len(self.open) > DEEPEST:
            raise FileRefused(_("The file is nested too deep."), line=node.line)

    def endElement(self, name: str) -> None:  # noqa: N802  its name in SAX
        self.open.pop()

    def characters(self, content: str) -> None:
        self.open[-1].pieces.append(content)


def tree_of(text: str) -> Node:
    """The root of a document.

    Raises:
        FileRefused: When it is not well-formed, or declares what could reach outside.
    """
    declared = _DECLARED.match(text.lstrip())
    if declared and declared[1].upper().replace("-", "") not in {"UTF8", "UTF16"}:
        raise FileRefused(
            _("The file says that it is %(encoding)s. Save it again as UTF-8.")
            % {"encoding": declared[1][:20]},
            line=1,
        )
    source = InputSource()
    source.setByteStream(BytesIO(text.lstrip().encode("utf-8", "replace")))
    source.setEncoding("utf-8")
    handler = _Tree()
    parser = DefusedExpatParser()
    parser.setContentHandler(handler)
    try:
        parser.parse(source)
    except DefusedXmlException:
        raise FileRefused(
            _("The file declares a document type or entities. That is not allowed."),
            line=max(1, parser.getLineNumber() or 1),
        ) from None
    except SAXParseException as error:
        raise FileRefused(_("The XML is broken here."), line=error.getLineNumber()) from None
    if handler.root is None or handler.root.tag != "quiz":
        raise FileRefused(_("This is not Moodle XML: it must begin with <quiz>."), line=1)
    return handler.root
