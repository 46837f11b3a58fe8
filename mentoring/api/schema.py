"""The API in the words of OpenAPI 3.1, for whoever writes a device.

Written by hand, beside the code it describes: one address does not carry the weight of a
framework. Tests draw requests from it and hold every answer against it.
"""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mentoring.content import SCHEMA, Interpreter, Language, TextLanguage
from mentoring.models import MOST_CHARACTERS, MOST_MINUTES, TEXTS, Mode, Observed

#: Above this a letter is refused unread; a session with full texts has about 4 kB.
MOST_BYTES = 16 * 1024
#: Agreements that one letter marks as done.
MOST_DONE = 100

_UUID = {"type": "string", "format": "uuid"}
_MOMENT = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string", "maxLength": MOST_CHARACTERS}


def _either(one: dict[str, Any]) -> dict[str, Any]:
    """The same, or nothing."""
    return {"anyOf": [one, {"type": "null"}]}


def _list_of(one: dict[str, Any], **limits: Any) -> dict[str, Any]:
    return {"type": "array", "items": one, **limits}


def _record(*required: str, **properties: Any) -> dict[str, Any]:
    """An object; of its properties those named must be there."""
    return {"type": "object", "required": list(required), "properties": properties}


def _answer(text: str, *schemas: str) -> dict[str, Any]:
    """An answer in JSON of one of these shapes."""
    shapes = [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
    shape = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return {"description": text, "content": {"application/json": {"schema": shape}}}


_CONTENT = _record(
    "held_on",
    "minutes",
    "place",
    "participants",
    "topics",
    "mode",
    schema={"const": SCHEMA},
    held_on={"type": "string", "format": "date", "description": "Not later than today."},
    minutes={"type": "integer", "minimum": 1, "maximum": MOST_MINUTES},
    place={"type": "string", "description": "Key of a town in the pairing's municipality."},
    participants=_list_of(
        _UUID, description="Members of the pairing on that day; the author is added."
    ),
    topics=_list_of({"type": "string"}, minItems=1, description="Keys of steps of casework."),
    mode={"enum": Mode.values},
    languages=_list_of({"enum": Language.values}),
    interpreter={"enum": ["", *Interpreter.values]},
    competences=_list_of(
        _record("competence", "observed", competence=_UUID, observed={"enum": Observed.values}),
        description="What was practised, each once, and how completely it was seen.",
    ),
    text_languages={
        "type": "object",
        "properties": {key: {"enum": ["", *TextLanguage.values]} for key in TEXTS},
        "additionalProperties": False,
    },
    next_owner=_UUID
    | {"description": "Who does the next step: a member of the pairing. Makes an agreement."},
    next_by={"type": "string", "format": "date", "description": "By when; not before held_on."},
    **dict.fromkeys(TEXTS, _TEXT),
)
_LETTER = _record(
    "pairing",
    "version",
    "content",
    pairing=_UUID,
    version=_UUID | {"description": "Made by the device, once per text."},
    parent=_either(_UUID) | {"description": "The version that this one was made from."},
    joins=_either(_UUID) | {"description": "The version beside it that this one settles."},
    device_at=_either(_MOMENT) | {"description": "The device's clock, kept beside the server's."},
    done=_list_of(_UUID, description="Agreements to mark as done with it; unknown ones are left.")
    | {"maxItems": MOST_DONE},
    looked_again={"type": "boolean", "description": "The author stands by what was pointed out."},
    content=_CONTENT,
)
_VERSION = _record(
    "version",
    "number",
    "author",
    "sha256",
    "content",
    version=_UUID,
    number={"type": "integer"},
    author=_UUID,
    sha256={"type": "string"},
    content={"type": "object"},
)
SCHEMAS = {
    "Letter": _LETTER,
    "Receipt": _record(
        "code",
        "session",
        "version",
        "number",
        "sha256",
        "received_at",
        code={"type": "string", "pattern": "^[0-9A-Z]{4}-[0-9A-Z]{4}$"},
        session=_UUID,
        version=_UUID,
        number={"type": "integer", "minimum": 1},
        sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        received_at=_MOMENT,
        sent_as=_UUID
        | {"description": "The version that this answers; another one may have said the same."},
    ),
    "Refusal": _record("error", error={"type": "string"}),
    "Conflict": _record(
        "error",
        "kept",
        "receipt",
        error={"const": "conflict"},
        receipt={"$ref": "#/components/schemas/Receipt"},
        current={"$ref": "#/components/schemas/Version"},
        kept={"$ref": "#/components/schemas/Version"},
    ),
    "Invalid": _record(
        "error",
        "fields",
        error={"const": "invalid"},
        fields={"type": "object", "additionalProperties": _list_of({"type": "string"})},
    ),
    "LookAgain": _record(
        "error",
        "warnings",
        error={"const": "look_again"},
        warnings={
            "type": "object",
            "additionalProperties": _list_of(
                _list_of({"type": ["string", "integer"]}, minItems=3, maxItems=3),
                description="Kind, first character and the one after the last.",
            ),
        },
    ),
    "Version": _VERSION,
}
_SEND = {
    "operationId": "sendSession",
    "summary": "Send what somebody says of a session; send it as often as it takes.",
    "parameters": [
        {
            "name": "X-Sidemand-Owner",
            "in": "header",
            "schema": _UUID,
            "description": "Whose record it is: nothing is taken from anybody else's session.",
        },
        {
            "name": "session",
            "in": "path",
            "required": True,
            "schema": _UUID,
            "description": "Made by the device, once for ever.",
        },
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Letter"}}},
    },
    "responses": {
        "200": _answer("It had arrived before: the same receipt.", "Receipt"),
        "201": _answer("It has arrived and is on disk.", "Receipt"),
        "400": _answer("malformed: this is no letter.", "Refusal"),
        "401": _answer("sign_in: nobody is signed in.", "Refusal"),
        "403": _answer(
            "forbidden: the token against forged requests is missing. other_owner: whoever is "
            "signed in is not whom X-Sidemand-Owner names.",
            "Refusal",
        ),
        "404": _answer("not_found: no such pairing or session of yours.", "Refusal"),
        "409": _answer(
            "conflict: another version came first, both are kept. Nothing was kept for locked, "
            "parent_unknown (send the parent first) and taken (the version's id is in use).",
            "Conflict",
            "Refusal",
        ),
        "410": _answer("erased: the text of the session was erased.", "Refusal"),
        "413": _answer("too_large: more than 16 kB.", "Refusal"),
        "422": _answer(
            "invalid with messages by field, look_again with places in the text, not_member, "
            "stay_ended or moved.",
            "Invalid",
            "LookAgain",
            "Refusal",
        ),
    },
}


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sidemand",
            "version": "1",
            "description": "Sessions of side-by-side training, from a device that may be offline.",
        },
        "paths": {"/api/v1/sessions/{session}": {"put": _SEND}},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
                "token": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
        },
        "security": [{"session": [], "token": []}],
    }


@require_safe
@cache_control(public=True, max_age=3600)
def schema(_request: HttpRequest) -> JsonResponse:
    """The description, for everybody: it says nothing about anybody."""
    return JsonResponse(document(), content_type="application/vnd.oai.openapi+json")
