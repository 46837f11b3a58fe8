"""The address of records in the words of OpenAPI 3.1; each kind describes its own content."""

from collections.abc import Mapping
from typing import Any

from devices.records.kinds import Kind, kinds

#: Above this a record is refused unread.
MOST_BYTES = 32 * 1024

KEY: dict[str, Any] = {"type": "string", "format": "uuid"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}


def either(one: Mapping[str, Any]) -> dict[str, Any]:
    """The same, or nothing."""
    return {"anyOf": [one, {"type": "null"}]}


def shape(*required: str, **properties: Any) -> dict[str, Any]:
    """An object; of its properties those named must be there."""
    return {"type": "object", "required": list(required), "properties": properties}


def _answer(text: str, *schemas: str) -> dict[str, Any]:
    shapes = [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
    one = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return {"description": text, "content": {"application/json": {"schema": one}}}


def _letter(kind: Kind) -> dict[str, Any]:
    subject = KEY | {"description": kind.subject} if kind.subject else {"type": "null"}
    return shape(
        *("kind", "subject", "content", "made_at"),
        kind={"const": kind.name},
        subject=subject,
        content=kind.content,
        made_at=MOMENT | {"description": "The device's clock, kept beside the server's."},
        looked_again={
            "type": "boolean",
            "description": "The author stands by what was pointed out; no part of the hash.",
        },
    )


def _named(kind: Kind) -> str:
    return "".join(part.capitalize() for part in kind.name.split("-"))


def _outcome() -> dict[str, Any]:
    said = [dict(kind.outcome) for kind in kinds() if kind.outcome]
    return {
        "type": "object",
        "description": "What became of it, by kind.",
        "anyOf": [*said, shape()],
    }


def document() -> dict[str, Any]:
    """The whole description."""
    letters = {_named(kind): _letter(kind) for kind in kinds()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sidemand",
            "version": "1",
            "description": "What is read, answered, played, said and confirmed on a device that "
            "may be offline.",
        },
        "paths": {
            "/api/v1/records/{record}": {
                "put": {
                    "operationId": "sendRecord",
                    "summary": "Send a record; send it as often as it takes.",
                    "parameters": [
                        {
                            "name": "record",
                            "in": "path",
                            "required": True,
                            "schema": KEY,
                            "description": "Made by the device, once for ever.",
                        }
                    ],
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": {
                                    "oneOf": [
                                        {"$ref": f"#/components/schemas/{name}"} for name in letters
                                    ]
                                }
                            }
                        },
                    },
                    "responses": {
                        "200": _answer("It had arrived before: the same receipt.", "Receipt"),
                        "201": _answer("It has arrived and is on disk.", "Receipt"),
                        "400": _answer("malformed: this is no record.", "Refusal"),
                        "401": _answer("sign_in: nobody is signed in.", "Refusal"),
                        "403": _answer("forbidden: the token is missing.", "Refusal"),
                        "404": _answer("not_found: not there, or not yours.", "Refusal"),
                        "409": _answer(
                            "conflict: the id was used for something else, or somebody was "
                            "faster (kept says how it stands); changed: look first.",
                            "Refusal",
                        ),
                        "410": _answer("erased: what it is about was erased.", "Refusal"),
                        "413": _answer("too_large: more than 32 kB.", "Refusal"),
                        "422": _answer(
                            "What the domain says, in one word; cpr_like, invalid with messages "
                            "by field, look_again with places in the text.",
                            "Refusal",
                        ),
                    },
                }
            }
        },
        "components": {
            "schemas": letters
            | {
                "Receipt": shape(
                    *("code", "id", "version", "sha256", "received_at", "outcome"),
                    code={"type": "string", "pattern": "^[0-9A-Z]{4}-[0-9A-Z]{4}$"},
                    id=KEY,
                    version={"const": 1},
                    sha256={
                        "type": "string",
                        "pattern": "^[0-9a-f]{64}$",
                        "description": "Of kind, subject, content and made_at, as RFC 8785 "
                        "spells them.",
                    },
                    received_at=MOMENT,
                    outcome=_outcome(),
                ),
                "Refusal": shape("error", error={"type": "string"}),
            },
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
                "token": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
        },
        "security": [{"session": [], "token": []}],
    }
