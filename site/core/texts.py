"""How a text of several lines is kept, whatever browser it came from."""

import unicodedata


def as_kept(text: str) -> str:
    """``text`` with one kind of line end, in one Unicode form, without space where lines end.

    So that the same words are the same text, and a line end counts as one character.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip("\n")
