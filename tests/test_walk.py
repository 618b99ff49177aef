"""Every URL with everybody: who may read or do it, who is refused, and that a refusal changes nothing.

The tables are in each area's ``access.py``; the first test below fails for a URL without an entry.
"""

from __future__ import annotations

import html
import inspect
import re
import sys
from collections import Counter
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.core.files.base import File
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from datareview.privacy.models import Disclosure
from datareview.records.models import Student
from teams.access import permissions
from teams.access.permissions import ABILITIES
from teams.directory.models import User
from tests.access import CAST, DOES, PEOPLE, REFUSED, STRANGERS, Elsewhere, Page, Post, address_of, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from django.test import Client

    from tests.factories.district import Side


pytestmark = pytest.mark.django_db


PAGES: list[Page] = [*tables("PAGES")]
POSTS: list[Post] = [*tables("POSTS")]
ELSEWHERE: list[Elsewhere] = [*tables("ELSEWHERE")]
READ, TAKING = {page.name for page in PAGES}, {post.name for post in POSTS}
NAMED = ["Okafor", "Weber", "Duarte", "Stranger"]  # last names of the students
COLLEAGUES = [*CAST.split(), "gus", "dan"]  # who work at Lincoln
SIGN_IN_URLS = re.compile("allauth|sign_in_urls")
SIGN_IN, SCRIPT = "/accounts/login/", {"HX-Request": "true"}

DOABLE = [post for post in POSTS if DOES in post.who.values()]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_post = pytest.mark.parametrize("post", POSTS, ids=lambda post: post.name)
each_doable = pytest.mark.parametrize("post", DOABLE, ids=lambda post: post.name)


@pytest.fixture(scope="module", autouse=True)
def _refusals_without_a_page() -> Iterator[None]:
    """No test here reads the page of a refusal; drawing it thousands of times is a quarter of the work."""
    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            view = partial(refusal, status)
            patch.setattr(get_resolver().urlconf_module, f"handler{status}", view, raising=False)
        yield


def refusal(status: int, request: HttpRequest, exception: Exception) -> HttpResponse:
    """An empty answer."""
    return HttpResponse(status=status)


# The tables name every URL ---------------------------------------------------------------------------------


def addresses() -> dict[str, Callable]:
    """URL name → view, for all URLs but those of sign-in, most of which are allauth's."""

    def walk(patterns: list[Any], namespace: str) -> Iterator[tuple[str, Callable]]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern) and pattern.name:
                yield f"{namespace}{pattern.name}", pattern.callback
            elif isinstance(pattern, URLResolver) and not SIGN_IN_URLS.search(str(pattern.urlconf_name)):
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

# Ability → what nobody does without it, also by POST; every entry here is also done by somebody with it.
NEEDED_FOR = {
    "see_all_students": """datareview:group-list datareview:leaver-list datareview:section-list
        datareview:unplaced-list""",
    "see_disclosures": "datareview:disclosure-list",
    "triage": """datareview:candidate-decide datareview:candidates-decide datareview:candidate-options
        datareview:candidate-reopen datareview:candidates-reopen datareview:desk-decide datareview:desk-undo""",
    "start_plan": """datareview:plan-start datareview:plan-group-start datareview:plan-group-join
        datareview:plan-group-change""",
    "deliver_plan": "datareview:session-log datareview:score-enter",
    "review_plan": "datareview:plan-review",
    "run_trends": "datareview:run-start datareview:run-list datareview:run-detail datareview:rule-list",
    "edit_measures": """datareview:measure-new datareview:measure-adopt datareview:measure-edit datareview:measure-retire
        datareview:benchmark-edit datareview:benchmark-download datareview:window-edit datareview:window-fit""",
    "edit_rules": """datareview:rule-edit datareview:rule-adopt datareview:rule-undo
        datareview:rule-new""",
    "join_teams": "collab:observation-new collab:poll-new",
    "import_data": """datareview:import-list datareview:import-template datareview:import-detail
        datareview:import-problems datareview:import-check datareview:import-apply datareview:import-undo
        datareview:import-discard datareview:class-list-load datareview:class-list-template
        datareview:recipe-list datareview:recipe-edit datareview:recipe-forget datareview:inbox-show datareview:inbox-watch
        datareview:token-make datareview:token-revoke""",
    "edit_students": """datareview:merge-list datareview:student-merge datareview:merge-undo
        datareview:student-add datareview:student-edit datareview:student-leave
        datareview:student-stay datareview:student-return datareview:guardian-add datareview:guardian-edit
        datareview:membership-add datareview:membership-end datareview:group-add datareview:group-edit datareview:section-add
        datareview:section-edit datareview:section-end datareview:section-roll datareview:section-enroll
        datareview:teacher-add datareview:teacher-end datareview:enrollment-end
        datareview:different-mark datareview:different-undo""",
    "edit_calendar": """teams:year-add teams:year-suggest teams:year-change teams:term-add teams:term-remove
        teams:holiday-add
        teams:holiday-remove teams:cycle-set teams:period-add teams:period-change teams:day-copy teams:duty-set
        teams:timetable-load teams:timetable-file teams:timetable-apply teams:timetable-undo
        teams:timetable-template teams:term-change""",
    "schedule_teams": "collab:schedule-list collab:schedule-detail",
    "see_school": """collab:overview-show collab:decision-teams datareview:gap-show datareview:gap-download
        datareview:gap-release""",
    "answer_questions": "collab:question-answer",
    "edit_school": "collab:setup-show collab:usual-adopt teams:school-edit",
    "edit_sign_in": "teams:sign-in-edit",
    "edit_people": """teams:person-list teams:person-export teams:people-paste teams:role-list teams:person-detail
        teams:role-change teams:person-return teams:person-invite teams:invitation-withdraw teams:people-change
        teams:work-handover teams:staff-file-load teams:staff-file-template teams:staff-file teams:staff-file-apply
        teams:staff-file-undo teams:role-plan teams:role-plan-cancel
        teams:invitation-links teams:person-add teams:person-edit teams:person-leave teams:substitute-name
        teams:substitution-end""",
    "record_incidents": "datareview:incident-add",
    "edit_strategies": """datareview:strategy-add datareview:strategy-edit datareview:strategy-copy
        datareview:strategy-retire datareview:strategies-adopt""",
    "edit_skills": "datareview:skill-list datareview:skill-edit datareview:skill-retire",
    "edit_standards": """datareview:standard-add datareview:standard-edit datareview:standard-retire
        datareview:framework-list datareview:framework-apply datareview:framework-discard datareview:framework-undo""",
    "edit_teams": """collab:team-add collab:teams-paste collab:teams-copy collab:team-rules collab:team-archive
        collab:team-restore""",
    "see_jobs": """teams:job-list teams:job-detail teams:mail-list teams:mail-retry
        teams:mail-test teams:server-show""",
}
# Ability → what nobody does without it, and not with it alone.
ALSO_NEEDED_FOR = {
    "run_trends": """datareview:benchmark-edit datareview:benchmark-download
        datareview:measure-adopt datareview:measure-edit datareview:measure-list
        datareview:rule-adopt datareview:rule-edit datareview:rule-new datareview:rule-undo datareview:window-edit
        datareview:window-fit datareview:window-list""",
    "schedule_teams": "collab:schedule-accept",
    "edit_strategies": "collab:usual-adopt",
    "edit_people": "datareview:class-list-load",
    "edit_teams": "datareview:class-list-load",
}
# Ability → what everybody with it may do, whatever else they are.
ENOUGH_FOR = {
    **{
        ability: NEEDED_FOR[ability]
        for ability in (
            *("triage", "start_plan", "run_trends", "edit_measures", "edit_rules", "import_data"),
            "edit_students",
        )
    },
    **{
        ability: NEEDED_FOR[ability]
        for ability in (
            "see_disclosures",
            "edit_calendar",
            "schedule_teams",
            "answer_questions",
            "edit_school",
            "edit_sign_in",
            "edit_people",
            "edit_strategies",
            "edit_standards",
            "edit_skills",
            "edit_teams",
            "see_jobs",
        )
    },
    "see_all_students": """datareview:leaver-list datareview:student-matters datareview:group-list
        datareview:section-list datareview:section-detail datareview:unplaced-list
        datareview:student-detail datareview:plan-detail datareview:candidate-detail""",
    "see_school": "collab:overview-show collab:team-detail collab:ledger-show collab:series-detail",
    "edit_incidents": "datareview:incident-edit",
    "lead_all_teams": "collab:meeting-plan collab:meeting-move collab:meeting-start collab:minutes-approve collab:norms-set",
}


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


@pytest.mark.sweep
def test_what_asks_everybody_for_an_ability_is_in_the_table(district, monkeypatch):
    """So that a new address is compared too: `require_ability` is watched while everybody does everything they may."""
    asked: set[str] = set()
    can = permissions.can

    def watched(user: User, ability: str, school: Any) -> bool:
        if sys._getframe(1).f_code.co_name == "require_ability":
            asked.add(ability)
        return can(user, ability, school)

    monkeypatch.setattr(permissions, "can", watched)
    tables = (NEEDED_FOR, ALSO_NEEDED_FOR)
    listed = {(ability, name) for table in tables for ability in table for name in table[ability].split()}
    found = set()
    for entry in [*PAGES, *POSTS]:
        needed: set[str] | None = None
        for person in COLLEAGUES:
            if entry.who[person] == DOES and needed != set():
                asked.clear()
                do(district, entry, person)
                needed = asked if needed is None else needed & asked
                needed = set(needed)
        found |= {(ability, entry.name) for ability in needed or ()}
    assert sorted(found - listed) == []


def do(district: Side, entry: Page | Post, person: str) -> None:
    """Open the page or send the form as ``person``, and roll it back."""
    district.browser = district.browsers[person]
    if isinstance(entry, Page):
        district.browser.get(address_of(entry, district))
        return
    with prepared(district, entry):
        district.me, district.own = User.objects.get(pk=getattr(district, person).pk), district
        send(district.browser, address_of(entry, district), entry.data(district))


def named(names: str) -> list[Page | Post]:
    """The tables' entries with these URL names; each name has one."""
    entries = [entry for entry in [*PAGES, *POSTS] if entry.name in names.split()]
    assert {entry.name for entry in entries} == set(names.split())
    return entries


def able(district: Side, ability: str) -> set[str]:
    """Those of Lincoln's people whose role has ``ability``."""
    return {person for person in COLLEAGUES if getattr(district.staff, person).role in ABILITIES[ability]}


# Prepared --------------------------------------------------------------------------------------------------


class Watch:
    """What happens inside `undone`. After `compare`, ``changed`` lists the tables it changed, once it is undone."""

    def __init__(self) -> None:
        self.changed: list[str] = []
        self.has_written = False
        self._after: dict[str, int] | None = None

    def compare(self) -> None:
        """Ask for ``changed``. Tables are read only if a statement was sent that may have changed one."""
        if self.has_written:
            self._after = snapshot()

    def finish(self) -> None:
        """Fill ``changed``; called when everything is undone."""
        if self._after is not None:
            before = snapshot()
            self.changed = [table for table in before if before[table] != self._after[table]]

    def __call__(self, execute: Callable, sql: str, *arguments: Any) -> Any:
        """Run a statement (see ``connection.execute_wrapper``)."""
        self.has_written |= not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK"))
        return execute(sql, *arguments)


@contextmanager
def undone() -> Iterator[Watch]:
    """Roll back everything that happens inside."""
    watch = Watch()
    with transaction.atomic():
        with connection.execute_wrapper(watch):
            yield watch
        transaction.set_rollback(True)
    watch.finish()


@contextmanager
def prepared(district: Side, post: Post | Page) -> Iterator[None]:
    """Prepare both sides for a page or a form. Rolled back at the end."""
    with undone():
        for side in (district, district.twin):
            post.given(side)
        yield


def snapshot() -> dict[str, int]:
    """Table → hash of its rows, for all our tables except disclosures."""
    found = {}
    with connection.cursor() as cursor:
        for app in ("teams", "datareview", "collab"):
            for model in apps.get_app_config(app).get_models(include_auto_created=True):
                if model is not Disclosure:
                    table = model._meta.db_table
                    cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 (our own name)
                    found[table] = hash(repr(cursor.fetchall()))
    return found


def outcome(answer: HttpResponse) -> Any:
    """`DOES`, `REFUSED` if an error message is shown, or else the status."""
    if answer.status_code >= 400:
        return REFUSED if answer.status_code == 422 else answer.status_code
    is_told = any(one.level_tag == "error" for one in get_messages(answer.wsgi_request))
    return REFUSED if is_told else DOES


def send(client: Client, address: str, data: dict[str, Any], **headers: str) -> Any:
    """The `outcome` of a POST by somebody without unread messages."""
    client.cookies.pop("messages", None)
    return outcome(client.post(address, data, headers=headers))


# Posting ---------------------------------------------------------------------------------------------------


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
    with prepared(district, post):
        assert {person: outcome_for(district, post, person) for person in PEOPLE} == post.who


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
        answers, after = [], []
        for _time in range(2):
            for value in data.values():
                if isinstance(value, File):
                    value.seek(0)
            answers.append(district.browsers[doer].post(address_of(post, district), data))
            after.append(snapshot())
        first, second = (answer.headers.get("Location") for answer in answers)
        assert first == second
        assert after[0] == after[1]
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


def first_doer(post: Post) -> str:
    """The first person who may do it."""
    return next(person for person in PEOPLE if post.who[person] == DOES)


# Not signed in ---------------------------------------------------------------------------------------------


@pytest.mark.sweep
@each_page
def test_nobody_reads_without_signing_in(district, page):
    for send_to in (district.nobody.get, district.nobody.post):
        answer = send_to(address_of(page, district))
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, SIGN_IN)


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


# Reading ---------------------------------------------------------------------------------------------------


def reading(district: Side, page: Page, person: str) -> Any:
    """The outcome of ``person`` opening ``page``: `DOES` if correct, else the status or what is wrong with the page.

    Wrong is a form without a key, an id given twice, a name that leaks, and a form that ``person`` may not send.
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
    with undone():
        for side in (district, district.twin):
            page.given(side)
        assert {person: reading(district, page, person) for person in PEOPLE} == page.who


@pytest.mark.sweep
@pytest.mark.parametrize("page", [one for one in PAGES if one.name not in TAKING], ids=lambda page: page.name)
def test_a_page_that_takes_no_form_changes_nothing_when_posted_to(district, page):
    with prepared(district, page), undone() as watch:
        for reader in [person for person in PEOPLE if page.who[person] == DOES][:1]:
            assert district.browsers[reader].post(address_of(page, district)).status_code == page.status
        watch.compare()
    assert watch.changed == []


@pytest.mark.sweep
@pytest.mark.parametrize("post", [one for one in POSTS if one.name not in READ], ids=lambda post: post.name)
def test_an_action_refuses_a_get(district, post):
    with prepared(district, post):
        assert district.browsers["ana"].get(address_of(post, district)).status_code == 405
