"""The demo's documents: small PDFs drawn from HTML, each of which says that it is invented."""

from datetime import date

from django.utils.html import escape

from core import paper
from core.paper.markup import Reader, under_each_other

INVENTED = "<p><strong>Opdigtet.</strong> Aftalen hører til prøven af Sidemand og gælder ingen.</p>"


def drawn(title: str, html: str, *, on: date) -> bytes:
    """The PDF of a document; above its words stands that it is invented."""
    reader = Reader("da")
    return paper.draw(
        {
            "language": "da",
            "title": title,
            "issuer": "Sidemand · opdigtet eksempel",
            "day": [on.year, on.month, on.day],
            "nodes": [
                *reader.read(f"<h1>{escape(title)}</h1>"),
                *under_each_other(reader.read(INVENTED + html), below=1),
            ],
            "pictures": [],
        }
    )
