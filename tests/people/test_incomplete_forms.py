"""A form that came without its fields is the sender's fault; what the database says is ours."""

import pytest
from django.db import OperationalError
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDictKeyError

from people.middleware import IncompleteFormMiddleware
from tests.factories.courses import make_question, make_rule

middleware = IncompleteFormMiddleware(lambda request: HttpResponse())


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, TypeError()),
        ({"csrfmiddlewaretoken": "x"}, KeyError("title")),
        ({"title": "x"}, MultiValueDictKeyError("slug")),
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


@pytest.mark.django_db
def test_what_something_rests_on_is_kept_and_says_what_that_is(base):
    rule = make_rule()
    questions = [make_question(rule=rule, text_da=f"Spørgsmål {number}") for number in range(7)]

    with pytest.raises(ProtectedError) as refused:
        rule.delete()
    answer = middleware.process_exception(
        RequestFactory().post(f"/admin/snippets/rules/rule/delete/{rule.pk}/"), refused.value
    )

    assert answer is not None
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "7 × spørgsmål" in said
    assert [question.text_da in said for question in questions] == [True] * 5 + [False] * 2
    assert 'href="/admin/snippets/rules/rule/"' in said
