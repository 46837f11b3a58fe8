"""A form that came without its fields is the sender's fault; what the database says is ours."""

import pytest
from django.db import OperationalError
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDictKeyError

from people.middleware import IncompleteFormMiddleware

middleware = IncompleteFormMiddleware(lambda request: HttpResponse())


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, TypeError()),
        ({"csrfmiddlewaretoken": "x"}, KeyError("title")),
        ({"title": "x"}, MultiValueDictKeyError("slug")),
        ({"title": "x"}, ProtectedError("still needed", set())),
    ],
)
def test_what_was_sent_incomplete_is_answered_as_such(sent, error):
    answer = middleware.process_exception(RequestFactory().post("/admin/pages/", sent), error)

    assert answer is not None
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("address", "sent", "error"),
    [
        ("/admin/pages/1/delete/", {}, OperationalError("the disk is full")),
        ("/admin/pages/", {"title": "x"}, TypeError()),
        ("/da/start/", {}, TypeError()),
    ],
)
def test_a_fault_stays_a_fault(address, sent, error):
    assert middleware.process_exception(RequestFactory().post(address, sent), error) is None
