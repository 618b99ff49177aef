"""Every URL with everybody: who may read it, and who is refused; `tests.test_walk_posts` sends every form.

The tables are in each area's ``access.py``; the first test below fails for a URL without an entry.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from datareview.privacy.models import Disclosure
from datareview.privacy.queries import name_of_page
from datareview.records.models import Student
from teams.access.permissions import ABILITIES
from tests.access import (
    COLLEAGUES,
    DOES,
    PEOPLE,
    REFUSED,
    STRANGERS,
    Elsewhere,
    Page,
    Post,
    address_of,
    tables,
)
from tests.needed_abilities import ALSO_NEEDED_FOR, ENOUGH_FOR, NEEDED_FOR, unlisted, watched_abilities
from tests.walking import PAGES, POSTS, SIGN_IN, each_page, prepared, undone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.factories.district import Side


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("refusals_without_a_page")]


ELSEWHERE: list[Elsewhere] = [*tables("ELSEWHERE")]
READ, TAKING = {page.name for page in PAGES}, {post.name for post in POSTS}
NAMED = ["Okafor", "Weber", "Duarte", "Stranger"]  # last names of the students
SIGN_IN_URLS = re.compile("allauth|sign_in_urls")


# The tables name every URL ---------------------------------------------------------------------------------


def addresses() -> dict[str, Callable]:
    """URL name → view, for all URLs but those of sign-in, most of which are allauth's."""

    def walk(patterns: list[Any], namespace: str) -> Iterator[tuple[str, Callable]]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern) and pattern.name:
                yield f"{namespace}{pattern.name}", pattern.callback
            elif isinstance(pattern, URLResolver) and not SIGN_IN_URLS.search(
                getattr(pattern.urlconf_name, "__name__", "")
            ):
                yield from walk(
                    pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace
                )

    return dict(walk(get_resolver().url_patterns, ""))


def methods(view: Callable) -> set[str]:
    """The methods a view answers, according to its source."""
    source = inspect.getsource(view)
    if "@require_POST" in source:
        return {"POST"}
    return {"GET", "POST"} if "request.method" in source or "request.POST" in source else {"GET"}


def test_every_address_is_in_the_tables_of_what_it_answers():
    elsewhere = {entry.name for entry in ELSEWHERE}
    views = {name: view for name, view in addresses().items() if name not in elsewhere}
    for method, table in {"GET": PAGES, "POST": POSTS}.items():
        answering = {name for name, view in views.items() if method in methods(view)}
        assert sorted({entry.name for entry in table}) == sorted(answering), method


def test_every_entry_is_in_the_table_of_the_area_that_answers():
    views = addresses()
    for entry in [*PAGES, *POSTS, *ELSEWHERE]:
        assert f"{views[entry.name].__module__}.".startswith(f"{entry.area}."), entry.name


# The tables of README, of the code and of the URLs agree -----------------------------------------------------


def test_every_ability_is_asked_for():
    assert {*NEEDED_FOR, *ENOUGH_FOR} == ABILITIES.keys()


@pytest.mark.parametrize("ability", sorted(NEEDED_FOR))
def test_nobody_does_what_their_role_may_not(district, ability):
    for entry in named(f"{NEEDED_FOR[ability]} {ALSO_NEEDED_FOR.get(ability, '')}"):
        doers = {person for person in COLLEAGUES if entry.who[person] == DOES}
        assert doers, entry.name
        assert doers <= able(district, ability), entry.name


@pytest.mark.parametrize("ability", sorted(ENOUGH_FOR))
def test_everybody_does_what_their_role_may(district, ability):
    for entry in named(ENOUGH_FOR[ability]):
        doers = {person for person in COLLEAGUES if entry.who[person] == DOES}
        assert able(district, ability) <= doers, entry.name


def named(names: str) -> list[Page | Post]:
    """The tables' entries with these URL names; each name has one."""
    entries = [entry for entry in [*PAGES, *POSTS] if entry.name in names.split()]
    assert {entry.name for entry in entries} == set(names.split())
    return entries


def able(district: Side, ability: str) -> set[str]:
    """Those of Lincoln's people whose role has ``ability``."""
    return {person for person in COLLEAGUES if getattr(district.staff, person).role in ABILITIES[ability]}


# Reading -----------------------------------------------------------------------------------------------------


@pytest.mark.text
@pytest.mark.sweep
@each_page
def test_nobody_reads_without_signing_in(district, page):
    for send_to in (district.nobody.get, district.nobody.post):
        answer = send_to(address_of(page, district))
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, SIGN_IN)


def reading(district: Side, page: Page, person: str) -> Any:
    """The outcome of ``person`` opening ``page``: `DOES` if correct, else the status or what is wrong with the page.

    Wrong is a form without a key, an id given twice, a name that leaks, a view that the log has no name for, and a form
    that ``person`` may not send.
    """
    answer = district.browsers[person].get(address_of(page, district))
    if answer.status_code != page.status or answer.streaming:
        return answer.status_code
    text = answer.content.decode()
    if keyless := re.findall(
        r'name="csrfmiddlewaretoken"[^>]*>(?!<input type="hidden" name="form_key")', text
    ):
        return f"has {len(keyless)} forms without a key"
    if twice := ids_given_twice(text):
        return f"gets two elements with the id {' '.join(twice)}"
    if vain := [name for name in offered_on(text) if not may_send(person, name)]:
        return f"is offered {' '.join(vain)}"
    if unlogged := [name for name in NAMED if name in text and not is_logged(district, person, name)]:
        return f"names {' '.join(unlogged)} without a disclosure"
    if unnamed := {row.what for row in Disclosure.objects.all() if not name_of_page(row.what)}:
        return f"is logged without a name: {' '.join(unnamed)}"
    leaks = [name for name in hidden_from(person) if name in text]
    return f"reads {' '.join(leaks)}" if leaks else DOES


def is_logged(district: Side, person: str, name: str) -> bool:
    """Whether the log says that ``person`` has seen the student with this last name."""
    ids = Student.objects.filter(last_name=name).values_list("pk", flat=True)
    rows = Disclosure.objects.filter(reader=getattr(district, person))
    return any(rows.of_student(pk).exists() for pk in ids)


def offered_on(page: str) -> set[str]:
    """The URL names of the forms of a page."""
    forms = [tag for tag in re.findall(r"<form\b[^>]*>", page) if 'method="post"' in tag]
    paths = {path for tag in forms for path in re.findall(r'action="([^"]*)"', tag)}
    paths |= set(re.findall(r'(?:formaction|hx-post)="([^"]*)"', page))
    return {resolve(path.partition("?")[0]).view_name for path in paths if path.startswith("/")}


def may_send(person: str, name: str) -> bool:
    """Whether ``person`` may send a form with that URL name, in a state of what it is about; the tables are Lincoln’s."""
    outcomes = {post.who[person] for post in POSTS if post.name == name}
    return not outcomes or person in STRANGERS.split() or bool(outcomes & {DOES, REFUSED})


def ids_given_twice(page: str) -> list[str]:
    """Return identifiers that more than one element has; a label would name the first of them."""
    many = Counter(re.findall(r'<[^>]*\sid="([^"]*)"', page))
    return [name for name, times in many.items() if times > 1]


def hidden_from(person: str) -> list[str]:
    """Last names of students that ``person`` may not see."""
    if person in STRANGERS.split():
        return ["Okafor", "Weber", "Duarte"]
    own = {
        "sol": ["Okafor"],
        "gus": ["Okafor"],
        "gil": [],
        "dan": [],
        "lea": [],
    }  # Gus sees Maya's name as a guest
    return [name for name in ("Okafor", "Weber", "Duarte") if name not in own.get(person, [name])] + [
        "Stranger"
    ]


@pytest.mark.sweep
@each_page
def test_a_page_is_read_by_who_may(district, page):
    asked: dict[str, set[str]] = {}
    with prepared(district, page):
        found = {}
        for person in PEOPLE:
            with watched_abilities() as asked[person]:
                found[person] = reading(district, page, person)
    assert found == page.who
    assert unlisted(page, asked) == set()


@pytest.mark.text
@pytest.mark.sweep
@pytest.mark.parametrize("page", [one for one in PAGES if one.name not in TAKING], ids=lambda page: page.name)
def test_a_page_that_takes_no_form_changes_nothing_when_posted_to(district, page):
    with prepared(district, page), undone() as watch:
        for reader in [person for person in PEOPLE if page.who[person] == DOES][:1]:
            assert district.browsers[reader].post(address_of(page, district)).status_code == page.status
        watch.compare()
    assert watch.changed == []


@pytest.mark.text
@pytest.mark.sweep
@pytest.mark.parametrize("post", [one for one in POSTS if one.name not in READ], ids=lambda post: post.name)
def test_an_action_refuses_a_get(district, post):
    with prepared(district, post):
        assert district.browsers["ana"].get(address_of(post, district)).status_code == 405
