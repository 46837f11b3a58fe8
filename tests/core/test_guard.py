"""At every door: what looks like a CPR number is refused, is stored nowhere and not repeated."""

import importlib
import io
import json
import logging
import sys

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views.generic import FormView

from core.guard import (
    GuardedFormMixin,
    GuardedReporter,
    GuardedReporterFilter,
    IdentityGuardMiddleware,
    RedactFilter,
    form_refuses_identity,
    refuses_by_itself,
)
from core.identity import has_cpr_like

GUARD = "core.guard.IdentityGuardMiddleware"
CPR = "-".join(["010290", "1234"])
SEEN: list[str] = []


class NoteForm(GuardedFormMixin, forms.Form):
    """A form of ours."""

    note = forms.CharField(widget=forms.Textarea)
    parts = forms.SplitDateTimeField(required=False)


class NoteView(FormView):
    """Shows the refusal in its form."""

    form_class = NoteForm
    template_name = "note"
    success_url = "/done"

    def render_to_response(self, context, **kwargs):
        return HttpResponse(str(context["form"].errors) + context["form"]["note"].value())


def plain_view(request: HttpRequest, rest: str = "") -> HttpResponse:
    SEEN.append(request.method or "")
    return HttpResponse("stored")


@form_refuses_identity
def marked_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("its own answer", status=422)


def answering_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("its own answer", status=422)


answering_view.answer_refuses_identity = True


@form_refuses_identity
def failing_view(request: HttpRequest) -> HttpResponse:
    raise ValueError(request.POST["key"])


urlpatterns = [
    path("failing/", failing_view),
    path("plain/<str:rest>/", plain_view),
    path("plain/", plain_view),
    path("named/", plain_view, name="named"),
    path("marked/", marked_view),
    path("answering/", answering_view),
    path("note/", NoteView.as_view()),
]


@pytest.fixture(autouse=True)
def _guarded_site(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware", GUARD]
    SEEN.clear()


@pytest.mark.parametrize(
    "address",
    [
        f"/plain/?q={CPR}",
        f"/plain/?{CPR}=1",
        f"/plain/?q={CPR.replace('-', '%20')}",
        f"/plain/?q={CPR.replace('-', '%2520')}",
        f"/plain/?q={CPR.replace('-', '%C2%A0')}",
        f"/plain/?q={CPR.replace('-', '+')}",
        f"/plain/?a=1&a={CPR}",
        f"/plain/{CPR}/",
        f"/nowhere/{CPR}/",
    ],
)
def test_an_address_with_a_number_is_not_opened(client, address):
    response = client.get(address)

    assert response.status_code == 400
    assert not has_cpr_like(response.content.decode())
    assert SEEN == []


@pytest.mark.parametrize(
    "address",
    [
        "/plain/?q=kvittering+12.03.2026+kl.+14.30",
        "/plain/bc811176-a3bf-433b-a317-412a71cfbfda/",
        f"/plain/?token={'0a' * 20}",
        "/plain/?tlf=%2B299+32+10+12",
        "/plain/2026-03-12/",
    ],
)
def test_a_harmless_address_is_opened(client, address):
    assert client.get(address).content == b"stored"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "body",
    [
        {"data": json.dumps({"a": [{"b": CPR}]}), "content_type": "application/json"},
        {"data": json.dumps({"a": "\u00a0".join(CPR.split("-"))}), "content_type": "text/json"},
        {"data": json.dumps([CPR]), "content_type": "application/vnd.api+json"},
        {"data": f"{{broken {CPR}", "content_type": "application/json"},
        {"data": f"note=a+{CPR}", "content_type": "application/x-www-form-urlencoded"},
        {"data": f"{CPR}=a", "content_type": "application/x-www-form-urlencoded"},
        {"data": f"a;{CPR}", "content_type": "text/csv"},
    ],
)
def test_nothing_with_a_number_reaches_a_view(client, method, body):
    response = getattr(client, method)("/plain/", **body)

    assert response.status_code == 422
    assert not has_cpr_like(response.content.decode())
    assert SEEN == []


@pytest.mark.parametrize(
    "data",
    [
        {"title": f"Om {CPR}"},
        {"title": ["fint", CPR]},
        {"body-0-value": json.dumps({"blocks": [{"text": "\u2009".join(CPR.split("-"))}]})},
        {"file": SimpleUploadedFile(f"{CPR}.pdf", b"x")},
    ],
)
def test_forms_and_file_names_are_looked_through(client, data):
    response = client.post("/plain/", data)

    assert response.status_code == 422
    assert f"<li>{next(iter(data))}</li>" in response.content.decode()
    assert SEEN == []


def test_multipart_is_read_for_every_method(client):
    body = RequestFactory().post("/", {"note": CPR})

    response = client.put("/plain/", body.body, content_type=body.headers["Content-Type"])

    assert response.status_code == 422


def test_the_answer_is_json_for_who_asks_for_it(client):
    response = client.post("/plain/", {"title": CPR}, headers={"accept": "application/json"})

    assert response.status_code == 422
    assert response.json()["error"] == "cpr_like"
    assert response.json()["fields"] == ["title"]


@pytest.mark.parametrize("name", ["password", "new_password2", "csrfmiddlewaretoken", "credential"])
def test_secrets_are_not_looked_at(client, name):
    assert client.post("/plain/", {name: CPR}).content == b"stored"


@pytest.mark.parametrize(
    "data", [{"note": "Aftalt 12.03.2026 kl. 14.30", "n": "[1, 2"}, {"note": "[" * 100_000}]
)
def test_what_is_harmless_reaches_the_view(client, data):
    assert client.post("/plain/", data).content == b"stored"


def test_a_marked_view_answers_itself(client):
    assert client.post("/marked/", {"note": CPR}).content == b"its own answer"


def test_a_marked_view_is_sent_nothing_that_its_form_would_not_see(client):
    response = client.post("/marked/", json.dumps({"note": CPR}), content_type="application/json")

    assert response.status_code == 422
    assert response.json()["error"] == "cpr_like"


def test_a_view_that_takes_no_form_may_answer_for_its_whole_body(client):
    body = json.dumps({"note": CPR})

    for send in (client.post, client.put):
        answer = send("/answering/", body, content_type="application/json")
        assert answer.content == b"its own answer"


def test_a_view_named_in_the_settings_answers_itself(client, settings):
    assert client.post("/named/", {"note": CPR}).status_code == 422

    settings.IDENTITY_GUARDED_VIEWS = {"named"}

    assert client.post("/named/", {"note": CPR}).content == b"stored"


def test_a_guarded_form_shows_the_error_and_keeps_the_text(client):
    response = client.post("/note/", {"note": f"Om {CPR}"})

    assert response.status_code == 200
    assert f"Om {CPR}" in response.content.decode()
    assert client.post("/note/", {"note": "Om intet"}).status_code == 302


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"note": CPR}, "note"),
        ({"note": "x", "parts_1": CPR}, "parts"),
        ({"note": "x", "other": CPR}, "__all__"),
        ({"note": "x", "rows-0-note": CPR}, "__all__"),
    ],
)
def test_a_guarded_form_puts_the_error_where_the_text_stands(data, field):
    form = NoteForm(data)

    assert [*form.errors] == [field]
    assert form.errors.as_data()[field][-1].code == "cpr_like"
    assert not has_cpr_like(str(form.errors))


def test_a_form_with_a_prefix_answers_for_its_own_fields_only():
    assert NoteForm({"a-note": "x", "b-note": CPR}, prefix="a").errors == {}
    assert [*NoteForm({"a-note": CPR}, prefix="a").errors] == ["note"]


def test_an_unbound_form_has_no_errors():
    assert NoteForm().errors == {}


def _views(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _views(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback


def test_every_view_that_answers_itself_has_a_guarded_form():
    unguarded = [
        name
        for name, view in _views(get_resolver("config.urls").url_patterns)
        if refuses_by_itself(view, name)
        and (form := getattr(getattr(view, "view_class", None), "form_class", None)) is not None
        and not issubclass(form, GuardedFormMixin)
    ]

    assert unguarded == []


# --- Logs and reports ---------------------------------------------------------------------------


def _fail(text: str) -> None:
    secret = text
    raise ValueError(secret)


def test_a_log_line_holds_neither_number_nor_query():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactFilter())
    logger = logging.getLogger("tests.guard")
    logger.addHandler(handler)

    try:
        _fail(CPR)
    except ValueError:
        logger.exception("Not Found: %s for %s", "/da/?q=barn", CPR)

    assert "ValueError" in stream.getvalue()
    assert "barn" not in stream.getvalue()
    assert not has_cpr_like(stream.getvalue())


@override_settings(
    DEFAULT_EXCEPTION_REPORTER_FILTER="core.guard.GuardedReporterFilter", DEBUG=False
)
def test_an_error_report_holds_only_types_and_lines_of_code():
    request = RequestFactory().post(f"/plain/{CPR}/?q={CPR}", {"note": CPR})
    request.exception_reporter_filter = GuardedReporterFilter()
    request.COOKIES["draft"] = CPR
    try:
        try:
            _fail(CPR)
        except ValueError as error:
            raise RuntimeError(CPR) from error
    except RuntimeError:
        reporter = GuardedReporter(request, *sys.exc_info(), is_email=True)
        reports = reporter.get_traceback_text() + reporter.get_traceback_html()

    assert "RuntimeError" in reports
    assert "_fail" in reports
    assert not has_cpr_like(reports)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_never_reaches_a_form_is_refused_before_its_view(client, method):
    response = getattr(client, method)(
        "/note/", json.dumps({"note": CPR}), content_type="application/json"
    )

    assert response.status_code == 422
    assert response.json()["fields"] == ["note"]


def test_a_view_that_fails_before_its_form_gives_way_to_the_refusal(client):
    client.raise_request_exception = False

    response = client.post("/failing/", {"key": CPR})

    assert response.status_code == 422
    assert "key" in response.content.decode()
    assert not has_cpr_like(response.content.decode())
    assert client.post("/failing/", {"key": "a"}).status_code == 500
    request = RequestFactory().post("/failing/", {"key": CPR})
    assert IdentityGuardMiddleware(failing_view).process_exception(request, Http404()) is None


@pytest.mark.parametrize("module", ["production", "local"])
def test_every_handler_of_the_logs_takes_numbers_out(module, monkeypatch):
    for name, value in {
        "SIDEMAND_SECRET_KEY": "x" * 50,
        "SIDEMAND_HOSTS": "example.org",
        "EMAIL_URL": "smtp://localhost",
    }.items():
        monkeypatch.setenv(name, value)
    logs = importlib.import_module(f"config.settings.{module}").LOGGING

    assert {
        name: "redact" in handler.get("filters", ()) for name, handler in logs["handlers"].items()
    } == dict.fromkeys(logs["handlers"], True)
    assert logs["filters"]["redact"] == {"()": "core.guard.RedactFilter"}


def test_what_a_record_holds_beside_its_message_is_rewritten_too():
    record = logging.makeLogRecord({"msg": "%d", "args": ("no number",), "route": f"/?{CPR}"})
    record.asked = f"søgte {CPR}"

    assert RedactFilter().filter(record)
    assert record.getMessage() == "%d"
    assert record.route == "/"
    assert record.asked == "søgte […]"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["note.txt", "liste.CSV", "da.po"])
def test_what_stands_in_a_text_file_is_looked_through(client, name, encoding):
    def file(text):
        return SimpleUploadedFile(name, text.encode(encoding))

    assert client.post("/plain/", {"file": file(f"æ;ø\n{CPR};å")}).status_code == 422
    assert SEEN == []
    assert client.post("/plain/", {"file": file("æ;ø\n12.03.2026;å")}).content == b"stored"


def test_an_error_that_repeats_the_text_gives_way_to_the_refusal():
    class Choice(GuardedFormMixin, forms.Form):
        one = forms.ChoiceField(choices=[("a", "A")])

    form = Choice({"one": CPR})

    assert [error.code for error in form.errors.as_data()["one"]] == ["cpr_like"]
    assert not has_cpr_like(str(form.errors))
