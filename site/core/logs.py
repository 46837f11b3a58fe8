"""Logs as lines of JSON, without personal text.

A request is logged by the pattern of its address, never by the address itself: that may hold a
secret link. An error is logged by its type and the lines of code it passed, never by its message:
that may repeat what a person wrote.
"""

import logging
import time
import traceback
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from pythonjsonlogger.json import JsonFormatter

logger = logging.getLogger("sidemand.request")
request_id: ContextVar[str] = ContextVar("request_id", default="")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainFormatter(JsonFormatter):
    """JSON with the request's id; errors as type and place, without their message."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            **options,
        )

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Add the request's id beside what the library adds."""
        super().add_fields(log_data, record, message_dict)
        for private in ("request", "status_code", "taskName"):
            log_data.pop(private, None)
        if request_id.get():
            log_data["request_id"] = request_id.get()

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  the name is logging's
        """Type and code lines of the whole chain of errors; no message, no values."""
        lines = []
        error: BaseException | None = ei[1]
        while error is not None:
            lines.append(type(error).__name__)
            lines += [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


class WithoutArguments(logging.Filter):
    """Drop the arguments of Django's messages: they are addresses that people asked for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with its message cut before the first argument."""
        if record.args:
            record.msg = str(record.msg).split("%", 1)[0].rstrip(" :(")
            record.args = None
        return True


class RequestLogMiddleware:
    """One line per request: method, pattern, status, milliseconds; the id goes to the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = request_id.set(uuid.uuid4().hex)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            match = request.resolver_match
            response["X-Request-Id"] = request_id.get()
            logger.info(
                "request",
                extra={
                    "method": request.method,
                    "route": match.route if match else "",
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )
            return response
        finally:
            request_id.reset(token)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "core.logs.PlainFormatter"}},
    "filters": {
        "without_arguments": {"()": "core.logs.WithoutArguments"},
        "redact": {"()": "core.guard.RedactFilter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["redact"],
        },
        "stderr_django": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["without_arguments", "redact"],
        },
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr_django"], "level": "WARNING", "propagate": False},
        # What was asked for in vain is no event; what failed is.
        "django.request": {"handlers": ["stderr_django"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": ["stderr_django"], "level": "ERROR", "propagate": False},
        "sidemand.request": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
