"""Running a service from a view: the response after success, an error, and a stale edit."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from teams.lib.errors import DomainError, StaleEdit
from teams.lib.hidden_names import hidden_by
from teams.lib.http import run_service, save_form


class Text(forms.Form):
    text = forms.CharField()
    also = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    version = forms.IntegerField(required=False)


def request_of(*, htmx=False, **data):
    request = RequestFactory().post("/", data, headers={"HX-Request": "true"} if htmx else {})
    request._messages = CookieStorage(request)
    request.htmx = HtmxDetails(request)
    return request


def messages_of(request):
    return [(message.level_tag, message.message) for message in get_messages(request)]


def refuse():
    raise DomainError("It is <closed>.")


def region():
    return HttpResponse("the region")


def test_success_redirects_back_with_a_message():
    request = request_of()
    answer = run_service(request, lambda: 3, back="/here/", done=lambda n: f"{n} done.")
    assert (answer.status_code, answer["Location"], messages_of(request)) == (
        302,
        "/here/",
        [("success", "3 done.")],
    )


@pytest.mark.django_db
def test_a_form_that_was_sent_before_is_answered_with_a_message():
    answers = []
    for _time in range(2):
        request = request_of(form_key="a")
        request.user = SimpleNamespace(pk=1)
        answer = run_service(request, lambda: 3, back="/here/", done="Done.")
        answers.append((answer["Location"], messages_of(request)))
    assert answers == [
        ("/here/", [("success", "Done.")]),
        ("/here/", [("info", "This was already saved.")]),
    ]


@pytest.mark.django_db
def test_htmx_gets_the_region_and_a_message_for_a_form_that_was_sent_before():
    answers = []
    for _time in range(2):
        request = request_of(htmx=True, form_key="a")
        request.user = SimpleNamespace(pk=1)
        answer = run_service(request, lambda: 3, back="/here/", region=region)
        answers.append((answer.content, json.loads(answer.headers.get("HX-Trigger", "{}"))))
        assert messages_of(request) == []
    said = {"collab:say": {"text": "This was already saved.", "level": "info"}}
    assert answers == [(b"the region", {}), (b"the region", said)]


def test_success_can_redirect_to_the_new_object():
    answer = run_service(request_of(), lambda: 3, back="/here/", then=lambda n: f"/there/{n}/")
    assert answer["Location"] == "/there/3/"


def test_htmx_gets_the_region_and_no_message_is_left_for_the_next_page():
    request = request_of(htmx=True)
    answer = run_service(request, lambda: 3, back="/here/", done="Done.", region=region)
    assert (answer.content, messages_of(request)) == (b"the region", [])


def test_an_error_is_shown_on_the_page_the_user_came_from():
    request = request_of()
    answer = run_service(request, refuse, back="/here/", then="/there/", done="Done.", region=region)
    assert (answer["Location"], messages_of(request)) == ("/here/", [("error", "It is <closed>.")])


def test_htmx_gets_the_error_and_swaps_nothing():
    request = request_of(htmx=True)
    answer = run_service(request, refuse, back="/here/", region=region)
    assert (answer.status_code, answer["HX-Reswap"], answer.content) == (
        422,
        "none",
        b"It is &lt;closed&gt;.",
    )
    assert json.loads(answer["HX-Trigger"]) == {"collab:say": {"text": "It is <closed>.", "level": "error"}}
    assert messages_of(request) == []


def test_htmx_gets_the_error_of_a_button_and_the_region_as_stored():
    request = request_of(htmx=True)
    answer = run_service(request, refuse, back="/here/", region=region, typed=False)
    assert (answer.status_code, answer.content) == (200, b"the region")
    assert json.loads(answer["HX-Trigger"]) == {"collab:say": {"text": "It is <closed>.", "level": "error"}}


def test_a_button_that_is_refused_leads_back_without_a_page_of_its_form():
    request = request_of(text="x")
    answer = run_service(request, refuse, back="/here/", form=Text(request.POST), typed=False)
    assert (answer["Location"], messages_of(request)) == ("/here/", [("error", "It is <closed>.")])


def test_an_error_names_no_student_while_names_are_hidden():
    def name_one():
        raise DomainError("Maya has a plan already.")

    hider = SimpleNamespace(alias_of=str, hide=lambda text: text.replace("Maya", "Student 1"))
    with hidden_by(hider):
        answer = run_service(request_of(htmx=True), name_one, back="/here/", region=region)
    assert answer.content == b"Student 1 has a plan already."
    assert ("Maya" in answer["HX-Trigger"], "Student 1" in answer["HX-Trigger"]) == (False, True)


@pytest.mark.parametrize(
    ("invalid", "sentence"),
    [
        ("", "Text: This field is required. Version: Enter a whole number."),
        ("Write something.", "Write something."),
    ],
)
def test_work_does_not_run_with_a_form_that_is_not_valid(invalid, sentence):
    request, ran = request_of(htmx=True, version="x"), []
    form = Text(request.POST)
    answer = run_service(request, lambda: ran.append(1), back="/", form=form, invalid=invalid, region=region)
    assert (ran, answer.status_code, answer.content.decode()) == ([], 422, sentence)


@pytest.mark.parametrize(
    ("text", "invalid", "errors"),
    [
        ("Words", "", {"__all__": ["It is <closed>."]}),
        ("", "", {"text": ["This field is required."]}),
        ("", "Write something.", {"text": ["This field is required."], "__all__": ["Write something."]}),
    ],
    ids=["refused", "not valid", "not valid, with a sentence"],
)
def test_without_scripts_the_form_comes_back_as_it_was_typed(monkeypatch, text, invalid, errors):
    request, shown = request_of(text=text, also=["b"]), {}

    def render(request, template, context, *, status):
        shown.update(template=template, form=context["form"], back=context["back"])
        return HttpResponse(status=status)

    monkeypatch.setattr("teams.lib.http.render", render)
    form = Text(request.POST)
    answer = run_service(request, refuse, back="/here/", form=form, invalid=invalid, region=region)
    assert (answer.status_code, shown["template"], shown["back"]) == (422, "refused_form.html", "/here/")
    assert (dict(shown["form"].errors), messages_of(request)) == (errors, [])
    assert (shown["form"]["text"].value(), shown["form"]["also"].value()) == (text, ["b"])


def test_only_domain_errors_become_messages():
    with pytest.raises(ZeroDivisionError):
        run_service(request_of(), lambda: 1 // 0, back="/here/")


def saved(request, form, work, **more):
    """The response, and the number of times the page was rendered for it."""
    pages = []

    def page():
        pages.append(1)
        return HttpResponse(status=422 if form.errors else 200)

    return save_form(request, form, work, page=page, then="/there/", **more), len(pages)


def test_a_form_without_data_is_shown():
    answer, pages = saved(request_of(), Text(), refuse)
    assert (answer.status_code, pages) == (200, 1)


def test_a_form_is_saved_and_redirects():
    request = request_of(text="Words")
    answer, pages = saved(request, Text(request.POST), lambda: 1, done="Saved.")
    assert (answer["Location"], pages, messages_of(request)) == ("/there/", 0, [("success", "Saved.")])


@pytest.mark.parametrize(("field", "key"), [(None, "__all__"), ("text", "text")])
def test_a_refused_form_comes_back_as_it_was_typed(field, key):
    request = request_of(text="Words")
    form = Text(request.POST)
    answer, pages = saved(request, form, refuse, field=field)
    assert (answer.status_code, pages, form["text"].value()) == (422, 1, "Words")
    assert (dict(form.errors), messages_of(request)) == ({key: ["It is <closed>."]}, [])


def test_an_invalid_form_comes_back_and_nothing_ran():
    request, ran = request_of(text=" "), []
    answer, pages = saved(request, Text(request.POST), lambda: ran.append(1))
    assert (answer.status_code, pages, ran) == (422, 1, [])


def test_htmx_gets_the_errors_of_a_form():
    request = request_of(text=" ", htmx=True)
    answer, pages = saved(request, Text(request.POST), refuse, region=region)
    assert (answer.status_code, pages, answer.content) == (422, 0, b"Text: This field is required.")


def test_after_a_stale_save_the_form_has_the_newest_version_and_all_that_was_typed():
    def stale():
        raise StaleEdit("Somebody was faster.", current="Theirs")

    request = request_of(text="Mine", also=["a", "b"], version="1")
    form = Text(request.POST)
    answer, _pages = saved(request, form, stale, field="text", newest=lambda: {"version": 2})
    assert answer.status_code == 422
    assert form.errors["text"] == ["Somebody was faster. It says now: “Theirs”. Saving again replaces it."]
    assert form.data == QueryDict("text=Mine&also=a&also=b&version=2")
    assert form["version"].value() == "2"
