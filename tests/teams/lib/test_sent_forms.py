"""The same form sent again has no second effect; another one, or one that failed, has."""

from __future__ import annotations

import datetime as dt
import threading
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import RequestFactory

from teams.lib import clock, sent_forms
from teams.lib.errors import DomainError
from teams.lib.models import SentForm
from teams.lib.sent_forms import run_once
from tests.servers import PATIENCE

pytestmark = pytest.mark.django_db


def request_of(*, user=1, path="/", **data):
    request = RequestFactory().post(path, data)
    request.user = SimpleNamespace(pk=user)
    return request


def count(done, request):
    """Send a form that adds one to ``done``; the page to open next and whether it had an effect."""
    sent = run_once(request, lambda: done.append(1) or len(done), lambda n: f"/made/{n}/")
    return sent.location, sent.is_first


def test_the_same_form_again_leads_to_what_the_first_made():
    done = []
    answers = [count(done, request_of(form_key="a", text="x")) for _time in range(3)]
    assert answers == [("/made/1/", True), ("/made/1/", False), ("/made/1/", False)]


def test_another_key_text_page_or_person_is_another_form():
    done = []
    for request in (
        request_of(form_key="a", text="x"),
        request_of(form_key="b", text="x"),
        request_of(form_key="a", text="y"),
        request_of(form_key="a", text="x", path="/there/"),
        request_of(form_key="a", text="x", user=2),
        request_of(text="x"),
        request_of(text="x"),
    ):
        count(done, request)
    assert len(done) == 7


def test_a_form_that_was_refused_can_be_sent_again():
    def refuse():
        raise DomainError("Not now.")

    with pytest.raises(DomainError):
        run_once(request_of(form_key="a"), refuse, str)
    assert count([], request_of(form_key="a")) == ("/made/1/", True)


def test_forms_are_forgotten_after_a_day(monkeypatch):
    count([], request_of(form_key="old"))
    SentForm.objects.update(at=clock.now() - dt.timedelta(hours=25))
    count([], request_of(form_key="new"))
    assert (sent_forms.forget_sent_forms(), SentForm.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_forms_sent_at_once_the_second_waits_for_the_first():
    done, answers, under_way = [], [], threading.Event()

    def work():
        under_way.set()
        assert entered.wait(PATIENCE)
        done.append(1)
        return len(done)

    def send(job):
        try:
            sent = run_once(request_of(form_key="a"), job, lambda n: f"/made/{n}/")
            answers.append((sent.location, sent.is_first))
        finally:
            connection.close()

    entered = threading.Event()
    first = threading.Thread(target=send, args=[work])
    first.start()
    assert under_way.wait(PATIENCE)
    second = threading.Thread(target=send, args=[lambda: done.append(2) or len(done)])
    second.start()
    entered.set()
    first.join()
    second.join()
    assert (sorted(answers), done) == ([("/made/1/", False), ("/made/1/", True)], [1])
