"""No URL answers with a server error, whatever its path, query or form contains."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction

from tests.access import DOES, PEOPLE, STRANGERS, Page, Post, address_of, no_arguments, tables
from tests.properties import given, settings, st

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse


pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

PAGES: list[Page] = [*tables("PAGES")]
POSTS: list[Post] = [post for post in tables("POSTS") if DOES in post.who.values()]

# Names of values in query strings, of all pages together.
NAMES = [
    "at",
    "candidate",
    "cycle_day",
    "day",
    "domain",
    "every",
    "format",
    "from",
    "grade",
    "key",
    "kind",
    "last",
    "measure",
    "minutes",
    "next",
    "of",
    "option",
    "order",
    "page",
    "people",
    "progress",
    "provider",
    "q",
    "region",
    "section",
    "severity",
    "show",
    "since",
    "sort",
    "state",
    "student",
    "team",
    "tier",
    "time",
    "title",
    "until",
    "view",
    "week",
    "weekday",
]
STRANGE = [
    "",
    "abc",
    "²",
    "٣",
    "--5",
    "-1",
    "0",
    "9" * 18,
    "9" * 5000,
    "nan",
    "inf",
    "1e400",
    "a\0b",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-11-30T25:61",
    "99:99",
    "http://[",
    "section:abc",
    "%00",
    "{}",
    "x" * 70_000,
    str(uuid.UUID(int=1)),
]
strange = st.sampled_from(STRANGE)
people = st.sampled_from([person for person in PEOPLE if person not in STRANGERS.split()])
few = settings(max_examples=2, derandomize=True, database=None)  # the first is the simplest


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@few
@given(
    person=people,
    query=st.dictionaries(st.sampled_from(NAMES), strange, max_size=9),
    path=st.none() | strange,
)
def test_a_page_takes_any_address(district, page, person, query, path):
    client = district.browsers[reader(page, person)]
    query = {name: text for name, text in query.items() if len(text) < 9000}
    address = misspelt(address_of(page, district), path)
    with undone():
        answer = client.get(f"{address}{'&' if '?' in address else '?'}{urlencode(query)}")
        assert not complaint(answer)


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.name)
@few
@given(person=people, path=st.none() | strange, draw=st.data())
def test_a_form_takes_any_values(district, post, person, path, draw):
    with undone():
        post.given(district)
        district.own, district.me = district, getattr(district, reader(post, person))
        sent = post.data(district)
        wrong = st.dictionaries(st.sampled_from([*sent, *NAMES[:9]]), strange, min_size=1, max_size=9)
        client = district.browsers[reader(post, person)]
        answer = client.post(misspelt(address_of(post, district), path), {**sent, **draw.draw(wrong)})
        assert not complaint(answer)


def of_rows(entries):
    """Those whose URL names a row."""
    return [entry for entry in entries if entry.at is not no_arguments]


@pytest.mark.text
@pytest.mark.parametrize(
    "entry", of_rows([*PAGES, *POSTS]), ids=lambda entry: f"{type(entry).__name__} {entry.name}"
)
@few
@given(person=people, values=st.dictionaries(st.sampled_from(NAMES), strange, max_size=9))
def test_ids_of_another_school_with_strange_values_are_not_found(district, entry, person, values):
    client = district.browsers[reader(entry, person)]
    values = {name: text for name, text in values.items() if len(text) < 9000}
    with undone():
        for side in (district, district.twin):
            entry.given(side)
        if entry.at(district) == entry.at(district.twin):
            return
        address = address_of(entry, district, entry.at(district.twin))
        if isinstance(entry, Page):
            answer = client.get(f"{address}{'&' if '?' in address else '?'}{urlencode(values)}")
        else:
            district.own, district.me = district, getattr(district, reader(entry, person))
            answer = client.post(address, {**entry.data(district), **values})
        assert answer.status_code in {400, 403, 404}


@contextmanager
def undone() -> Iterator[None]:
    """Roll back everything that happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def reader(entry: Page | Post, person: str) -> str:
    """``person`` if the entry is theirs, else the first whose it is."""
    readers = [one for one in PEOPLE if entry.who[one] in {DOES, 200}]  # 200: an answer that is not a page
    return person if person in readers else readers[0]


def misspelt(address: str, text: str | None) -> str:
    """The address with ``text`` instead of the last part of its path that is not a word of ours."""
    if text is None or len(text) > 9000:
        return address
    path, mark, query = address.partition("?")
    parts = path.rstrip("/").split("/")
    parts[-1 if len(parts) < 4 else len(text) % 3 - 3] = quote(text, safe="")
    return "/".join(parts) + "/" + mark + query


def complaint(answer: HttpResponse) -> str:
    """What is wrong with the answer, if it is a server error."""
    error: Any = getattr(answer, "exc_info", None)
    return f"{answer.status_code} {error and repr(error[1])[:300]}" if answer.status_code >= 500 else ""
