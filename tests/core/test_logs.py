import json
import logging

from core.logs import PlainFormatter, RequestLogMiddleware, WithoutArguments, request_id


def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("sidemand", logging.ERROR, __file__, 1, message, args, None)
    made.__dict__.update(extra)
    return made


def test_an_error_is_logged_by_type_and_place_and_never_by_its_message():
    first, second = ValueError("what a person wrote"), RuntimeError("written again")
    second.__cause__ = first
    failed = record("Readiness check failed")
    failed.exc_info = (RuntimeError, second, None)

    line = json.loads(PlainFormatter().format(failed))

    assert line["message"] == "Readiness check failed"
    assert line["level"] == "ERROR"
    assert line["exc_info"].startswith("RuntimeError\n")
    assert "ValueError" in line["exc_info"]
    assert "wrote" not in line["exc_info"]
    assert "written" not in line["exc_info"]


def test_djangos_messages_lose_the_address_that_was_asked_for():
    failed = record("Internal Server Error: %s", "/da/invitation/secret-token/")

    assert WithoutArguments().filter(failed)
    assert failed.getMessage() == "Internal Server Error"


def test_a_request_is_logged_by_the_pattern_of_its_address(client, caplog, base):
    with caplog.at_level(logging.INFO, logger="sidemand.request"):
        response = client.get("/healthz?q=something-typed")

    (line,) = [row for row in caplog.records if row.name == "sidemand.request"]
    assert line.route == "healthz"
    assert line.status == 200
    assert "something-typed" not in json.dumps(line.__dict__, default=str)
    assert response["X-Request-Id"]


def test_the_id_of_a_request_ends_with_it(rf):
    from django.http import HttpResponse

    seen = []
    middleware = RequestLogMiddleware(
        lambda request: seen.append(request_id.get()) or HttpResponse()
    )

    response = middleware(rf.get("/"))

    assert seen == [response["X-Request-Id"]]
    assert request_id.get() == ""
