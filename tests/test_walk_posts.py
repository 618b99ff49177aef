"""Every form sent by everybody: it takes effect for those who may, and changes nothing for the others.

The tables are in each area's ``access.py``; `tests.test_walk` fails for a URL without an entry.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import File

from teams.directory.models import User
from tests.access import DOES, PEOPLE, REFUSED, STRANGERS, Post, address_of
from tests.needed_abilities import unlisted, watched_abilities
from tests.walking import (
    SCRIPT,
    SIGN_IN,
    each_doable,
    each_post,
    first_doer,
    outcome,
    prepared,
    send,
    undone,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.factories.district import Side


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("refusals_without_a_page")]


def outcome_for(district: Side, post: Post, person: str, **headers: str) -> Any:
    """The outcome of ``person`` sending ``post``, and what is wrong with its effect."""
    district.browser = district.browsers[person]
    district.me = User.objects.get(pk=getattr(district, person).pk)
    district.own = district.twin if person in STRANGERS.split() else district
    wanted = post.becomes(district) if callable(post.becomes) else post.becomes
    with undone() as watch:
        assert post.effect(district) != wanted, f"{post.name}: nothing could be seen to happen"
        found = send(district.browser, address_of(post, district), post.data(district), **headers)
        if found == DOES:
            effect = post.effect(district)
            return found if effect == wanted else f"{found}, but {effect!r} is not {wanted!r}"
        watch.compare()
    return f"{found}, changes {' '.join(watch.changed)}" if watch.changed else found


@pytest.mark.sweep
@each_post
def test_a_post_is_done_or_changes_nothing(district, post):
    asked: dict[str, set[str]] = {}
    with prepared(district, post):
        found = {}
        for person in PEOPLE:
            with watched_abilities() as asked[person]:
                found[person] = outcome_for(district, post, person)
    assert found == post.who
    assert unlisted(post, asked) == set()


@pytest.mark.text
@pytest.mark.sweep
@each_doable
def test_a_post_does_the_same_for_a_script(district, post):
    with prepared(district, post):
        assert outcome_for(district, post, first_doer(post), **SCRIPT) == DOES


# Forms that are one button or one choice: they keep nothing in the browser that could be lost.
WITHOUT_WORDS = {
    "collab:value-share",
    "collab:feed-make",
    "collab:feed-revoke",
    "datareview:projector-switch",
    "datareview:run-start",
    "teams:school-switch",
}


@pytest.mark.sweep
@each_doable
def test_a_form_sent_twice_has_one_effect(district, post):
    """By a double click, or once more over a slow network; the second answer leads to the same page."""
    with prepared(district, post):
        doer = first_doer(post)
        district.own, district.me = district, getattr(district, doer)
        data = {**post.data(district), "form_key": "k"}
        client, address = district.browsers[doer], address_of(post, district)
        answers = [client.post(address, data)]
        for value in data.values():
            if isinstance(value, File):
                value.seek(0)
        with undone() as watch:
            answers.append(client.post(address, data))
            watch.compare()
        assert watch.changed == []
        first, second = (answer.headers.get("Location") for answer in answers)
        assert first == second
        # the browser learns that it is saved, and forgets what it has kept of the form
        left = [] if post.name in WITHOUT_WORDS else [one for one in answers if one.status_code == 302]
        assert [answer.cookies["saved_form"].value for answer in left] == ["k"] * len(left)


@pytest.mark.sweep
@each_doable
def test_what_belongs_to_another_school_is_refused(district, post):
    """In otherwise valid data, also from somebody who works at both schools."""
    doer = first_doer(post)
    people = [doer, "bea"] if post.who["cora"] == DOES and doer not in STRANGERS.split() else [doer]
    refused = {403, 404, REFUSED}
    with prepared(district, post):
        for what, arguments, data in foreign(post, district, district.twin):
            for person in people:
                with undone() as watch:
                    found = send(district.browsers[person], address_of(post, district, arguments), data)
                    watch.compare()
                wanted = {*refused, DOES} if what in post.tolerates.split() else refused
                assert found in wanted, f"{person} sends another school's {what}: {found}"
                assert watch.changed == [], f"{person} sends another school's {what}"


TOO_LONG = " and more" * 700


def words(data: dict[str, Any]) -> list[str]:
    """The fields of ``data`` with words that somebody typed."""
    return [name for name, value in data.items() if isinstance(value, str) and " " in value]


@pytest.mark.sweep
@each_doable
def test_without_scripts_no_refusal_loses_what_was_typed(district, post):
    """Too many words are refused by most forms: the page has them, to be shortened and sent again."""
    person = first_doer(post)
    with prepared(district, post):
        district.me = getattr(district, person)
        district.own = district.twin if person in STRANGERS.split() else district
        data = post.data(district)
        typed = {name: data[name] + TOO_LONG for name in words(data)}
        if not typed:
            return
        with undone():
            client = district.browsers[person]
            client.cookies.pop("messages", None)
            answer = client.post(address_of(post, district), {**data, **typed})
            if outcome(answer) == REFUSED:
                shown = html.unescape(answer.content.decode())
                assert [name for name, value in typed.items() if value not in shown] == []


def foreign(post: Post, side: Side, twin: Side) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Requests with one value of ``twin``: its name, the URL's arguments, and the data."""
    side.own, twin.own = side, twin
    own, theirs = post.at(side), post.at(twin)
    places = [place for place in range(len(own)) if own[place] != theirs[place]]
    data, their_data = post.data(side), post.data(twin)
    if len(places) > 1:  # a single one makes another URL, where strangers are refused
        for place in places:
            yield f"argument-{place}", [*own[:place], theirs[place], *own[place + 1 :]], data
    if data.keys() != their_data.keys():
        yield "keys", own, their_data
        return
    for key, value in data.items():
        if value != their_data[key] and not isinstance(value, File):
            yield key, own, {**data, key: their_data[key]}


@pytest.mark.text
@pytest.mark.sweep
@each_doable
def test_nothing_is_done_without_a_session_or_a_token(district, post):
    with prepared(district, post), undone() as watch:
        address, data = address_of(post, district), post.data(district)
        for client in (district.nobody, district.expired):
            answer = client.post(address, data)
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, SIGN_IN)
            answer = client.post(address, data, headers=SCRIPT)
            assert answer["HX-Redirect"].partition("?")[0] == SIGN_IN
        strict = district.strict[first_doer(post)]
        assert [strict.post(address, data, headers=script).status_code for script in ({}, SCRIPT)] == [
            403
        ] * 2
        watch.compare()
    assert watch.changed == []
