"""The doors of the identity guard: forms, requests, logs and error reports.

The rule itself is ``core.identity``; docs/identity-guard.md says what happens at which door.
"""

import codecs
import json
import logging
import re
from collections.abc import Callable, ItemsView, Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, unquote

from django import forms
from django.conf import settings
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from core.identity import has_cpr_like, redact, refuse_cpr_like

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}
FORM_KINDS = {"multipart/form-data", "application/x-www-form-urlencoded"}
TEXT_FILES = (
    ".txt", ".csv", ".vtt", ".srt", ".po", ".json", ".xml", ".html", ".md", ".tsv", ".gift",
    ".toml",
)  # fmt: skip
LONGEST_TEXT_FILE = 10 * 1024 * 1024  # more than any form of ours takes
MOST_LINES_NAMED = 20
SECRETS = {"csrfmiddlewaretoken", "credential"}  # the token, the answer of a security key

View = TypeVar("View", bound=Callable[..., Any])
Sent = Iterable[tuple[str, object]]  # names and what was sent under them


def _is_secret(name: str) -> bool:
    return name in SECRETS or "password" in name


def _with_json(value: object) -> object:
    """``value``, and beside it what it holds as JSON: editors send JSON inside a form."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return [value, json.loads(value)]
        except (ValueError, RecursionError):
            return value
    return value


def _refusals(sent: Sent) -> Iterator[tuple[str, ValidationError]]:
    """The names under which something like a CPR number was sent, with what to say about it."""
    for name, value in sent:
        if _is_secret(name):
            continue
        values = value if isinstance(value, list) else [value]
        try:
            refuse_cpr_like([name, *map(_with_json, values)])
        except ValidationError as refusal:
            yield name, refusal


def _lists(data: Any) -> Sent:
    return data.lists() if hasattr(data, "lists") else data.items()


def _in_files(files: Any) -> Sent:
    """What files are called, and what stands in those that are text: an import is a text, too."""
    for name, sent in _lists(files):
        many = sent if isinstance(sent, list) else [sent]
        yield name, [text for file in many for text in _texts_of(file)]


def _texts_of(file: Any) -> Iterator[str]:
    name = str(getattr(file, "name", ""))
    yield name
    if name.lower().endswith(TEXT_FILES) and hasattr(file, "read"):
        file.seek(0)
        content = file.read(LONGEST_TEXT_FILE)
        file.seek(0)
        utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        yield content.decode("utf-16" if utf_16 else "utf-8", errors="replace")


# --- Forms --------------------------------------------------------------------------------------

# What a mixin of forms may rely on. Only for the types: it does not make a form of what it is not.
if TYPE_CHECKING:
    _Form = forms.BaseForm
else:
    _Form = object


class GuardedFormMixin(_Form):
    """Refuses what looks like a CPR number in everything a form is sent, at its field.

    Put it first among the bases. A form without a prefix also answers for what was sent beside
    its own fields, so that a page with formsets needs it once. Passwords are not looked at.
    """

    _has_looked = False

    def full_clean(self) -> None:
        """Clean as ever, and look also where Django does not: into a form that has not changed."""
        self._has_looked = False
        super().full_clean()
        if not self._has_looked:
            self._look()

    def _clean_form(self) -> None:
        """Look before a model form writes into its record, which the page may show elsewhere."""
        super()._clean_form()  # type: ignore[misc]  # a form has it; the stubs do not know
        self._look()

    def _look(self) -> None:
        """Add an error for each text that is refused."""
        self._has_looked = True
        if not self.is_bound:
            return
        refused: dict[str | None, dict[str, ValidationError]] = {}
        for name, refusal in _refusals([*_lists(self.data), *_in_files(self.files)]):
            if self.prefix is None or name.startswith(f"{self.prefix}-"):  # not of another form
                refused.setdefault(self._field_of(name), {})[name] = refusal
        for field, refusals in refused.items():
            if field is not None:
                self.errors.pop(field, None)  # what else is wrong may repeat the text
            if not self.has_error(field or NON_FIELD_ERRORS, "cpr_like"):
                self.add_error(field, self.refusal_at(field, refusals))

    def refusal_at(
        self, field: str | None, refusals: dict[str, ValidationError]
    ) -> ValidationError:
        """The error to show at ``field``, from those by the names under which texts were sent."""
        return next(iter(refusals.values()))

    def _field_of(self, sent_name: str) -> str | None:
        """The field a name belongs to, also as one of its parts ("body-2-value")."""
        names = {self.add_prefix(name): name for name in self.fields}
        while sent_name and sent_name not in names:
            sent_name = re.sub(r"(?:^|[-_])[^-_]*$", "", sent_name)
        return names.get(sent_name)


class GuardedFileFormMixin(GuardedFormMixin):
    """The same for a form with a text in the field ``file``: it says in which lines to look."""

    def refusal_at(
        self, field: str | None, refusals: dict[str, ValidationError]
    ) -> ValidationError:
        """Names the lines; what stands there is not repeated."""
        sent = self.files.get("file") if field == "file" else None
        _name, *texts = _texts_of(sent) if sent is not None else [""]
        lines = [
            str(number)
            for text in texts
            for number, line in enumerate(text.splitlines(), start=1)
            if has_cpr_like(line)
        ]
        if not lines:  # it stands in the file's name
            return super().refusal_at(field, refusals)
        return ValidationError(
            _("Digits that look like a CPR number stand in line %(lines)s. Nothing was taken."),
            code="cpr_like",
            params={"lines": ", ".join(lines[:MOST_LINES_NAMED])},
        )


def form_refuses_identity(view: View) -> View:
    """Mark a view whose own form says what was refused, in place of the middleware.

    Only for a view that stores nothing unless a ``GuardedFormMixin`` has seen all of it. A
    class-based view with a guarded ``form_class`` needs no mark. What does not come as a form
    never reaches the form, and is the middleware's as ever.
    """
    view.form_refuses_identity = True  # type: ignore[attr-defined]  # the mark itself
    return view


def refuses_by_itself(view: Callable[..., Any], name: str) -> bool:
    """Whether the view called ``name`` shows the refusal in its own form."""
    if name in getattr(settings, "IDENTITY_GUARDED_VIEWS", ()):
        return True
    form_class = getattr(getattr(view, "view_class", None), "form_class", None)
    return _is_marked(view) or (
        isinstance(form_class, type) and issubclass(form_class, GuardedFormMixin)
    )


def _is_marked(view: Callable[..., Any], mark: str = "form_refuses_identity") -> bool:
    view_class = getattr(view, "view_class", None)
    return bool(getattr(view, mark, False) or getattr(view_class, mark, False))


# --- Requests -----------------------------------------------------------------------------------


class IdentityGuardMiddleware:
    """Refuses what looks like a CPR number in any address and in anything sent, before any view.

    Stands behind LocaleMiddleware, so that it speaks the reader's language, and before whatever
    reads what was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _address_is_refused(request):
            return _refusal_page(request, 400, [])
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Look through what was sent, unless the view's own form does.

        A view with the attribute ``answer_refuses_identity`` takes no form: it looks through the
        whole body itself, because its answer has to say more than the middleware knows.
        """
        match = request.resolver_match
        if request.method in READING or _is_marked(view, "answer_refuses_identity"):
            return None
        reaches_a_form = request.method == "POST" and request.content_type in FORM_KINDS
        if reaches_a_form and match and refuses_by_itself(view, match.view_name):
            return None
        return self._refusal(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Say it in the place of a view that failed before its form could.

        Wagtail's editor does so when a key that its script fills in is no key.
        """
        answered = Http404 | PermissionDenied | SuspiciousOperation
        if request.method in READING or isinstance(exception, answered):
            return None
        return self._refusal(request)

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponseBase | None:
        names = [name for name, _refusal in _refusals(_sent_in(request))]
        return _refusal_page(request, 422, names) if names else None


def _address_is_refused(request: HttpRequest) -> bool:
    if settings.STATIC_URL and request.path.startswith(settings.STATIC_URL):
        return False  # built by us, named by their hash
    parts = [request.path, request.META.get("QUERY_STRING", "")]
    parts += [text for pair in parse_qsl(parts[1], keep_blank_values=True) for text in pair if text]
    return any(has_cpr_like(text) or has_cpr_like(unquote(unquote(text))) for text in parts)


def _sent_in(request: HttpRequest) -> Sent:
    kind = request.content_type or ""
    if kind == "multipart/form-data" and request.method != "POST":
        data, files = request.parse_file_upload(request.META, BytesIO(request.body))
        return [*_lists(data), *_in_files(files)]
    if kind in FORM_KINDS:
        if request.method == "POST":
            return [*_lists(request.POST), *_in_files(request.FILES)]
        return parse_qsl(_body_text(request), keep_blank_values=True)
    if kind == "application/json" or kind.endswith("+json"):
        try:
            sent = json.loads(request.body)
        except (ValueError, RecursionError):
            return [("", _body_text(request))]
        return sent.items() if isinstance(sent, dict) else [("", sent)]
    return [("", _body_text(request))] if kind.startswith("text/") or not kind else []


def _body_text(request: HttpRequest) -> str:
    return request.body.decode("utf-8", errors="replace")


def _refusal_page(request: HttpRequest, status: int, names: list[str]) -> HttpResponse:
    """The answer to a refused request; it names fields and repeats nothing else."""
    fields = [name for name in names if name and not has_cpr_like(name)]
    if "json" in f"{request.headers.get('Accept', '')} {request.content_type}":
        message = _("This holds digits that look like a CPR number. Nothing was saved.")
        # What Wagtail's editor shows of an answer to what it saves by itself.
        failure = {"success": False, "error_code": "validation_error", "error_message": message}
        answer = {"error": "cpr_like", "message": message, "fields": fields}
        return JsonResponse({**failure, **answer}, status=status)
    page = render_to_string(
        "identity_refused.html", {"fields": fields, "in_address": status == 400}
    )
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


# --- Logs and error reports ---------------------------------------------------------------------


PLAIN_RECORD = frozenset(vars(logging.makeLogRecord({})))


class RedactFilter(logging.Filter):
    """Takes query strings and what looks like a CPR number out of a record before it is written."""

    QUERY = re.compile(r"\?[^\s\"'>]*")

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, rewritten where needed."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit their message
            message = str(record.msg)
        record.msg, record.args = redact(self.QUERY.sub("", message)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        for name, value in [*vars(record).items()]:
            if name not in PLAIN_RECORD and isinstance(value, str):
                setattr(record, name, redact(self.QUERY.sub("", value)))
        return True


class GuardedReporterFilter(SafeExceptionReporterFilter):
    """Keeps what people sent and what the code held out of error reports."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Nothing of what was sent."""
        return {}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> ItemsView[str, Any]:
        """No variables of the code."""
        return {}.items()

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Only what tells with which method and browser it failed."""
        meta = super().get_safe_request_meta(request)
        return {name: meta[name] for name in ("REQUEST_METHOD", "HTTP_USER_AGENT") if name in meta}

    def get_safe_cookies(self, request: HttpRequest | None) -> dict[str, Any]:
        """No cookies."""
        return {}


class GuardedReporter(ExceptionReporter):
    """An error report without addresses, messages and values: types and lines of code only."""

    def get_traceback_data(self) -> dict[str, Any]:
        """The report's data with what may hold text of people left out."""
        data = super().get_traceback_data()
        for name in ("request_GET_items", "request_COOKIES_items", "request_FILES_items"):
            data[name] = []
        data["request_insecure_uri"] = data["user_str"] = None
        data["exception_value"] = data["exception_notes"] = ""
        data["unicode_hint"] = ""
        for frame in data["frames"]:
            frame["exc_cause"] = None  # its text is that of an error; the frames stay
        data["request"] = None
        return data
