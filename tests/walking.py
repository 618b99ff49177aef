"""What tests that open every URL share: the district of the walk, a browser for each person, and what a request changes."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from datareview.privacy.models import Disclosure
from tests.access import DOES, PEOPLE, REFUSED, Page, Post, tables
from tests.day import BEGIN, offset_to
from tests.factories.district import make_district

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

    from tests.factories.district import Side

PAGES: list[Page] = [*tables("PAGES")]
POSTS: list[Post] = [*tables("POSTS")]
DOABLE = [post for post in POSTS if DOES in post.who.values()]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_post = pytest.mark.parametrize("post", POSTS, ids=lambda post: post.name)
each_doable = pytest.mark.parametrize("post", DOABLE, ids=lambda post: post.name)

SIGN_IN, SCRIPT = "/accounts/login/", {"HX-Request": "true"}


@contextmanager
def district_with_browsers() -> Iterator[Side]:
    """A district that is rolled back at the end, with a browser for each person.

    ``strict`` browsers send no CSRF token to a server that requires one. In ``nobody``, nobody is signed in;
    the session of ``expired`` has ended.
    """
    with transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "CLOCK_OFFSET", offset_to(BEGIN - dt.timedelta(hours=1)))
            side = make_district()
        side.browsers = {name: browser(getattr(side, name)) for name in [*PEOPLE, "bea"]}
        side.strict = {name: browser(getattr(side, name), enforce_csrf_checks=True) for name in PEOPLE}
        side.nobody, side.expired = browser(), browser(side.cora)
        ended = Session.objects.filter(session_key=side.expired.session.session_key)
        ended.update(expire_date=timezone.now())
        yield side
        transaction.set_rollback(True)


def browser(user: Any = None, **options: Any) -> Client:
    """A browser in which ``user`` is signed in. Server errors are 500 responses, as for people."""
    client = Client(raise_request_exception=False, **options)
    if user:
        client.force_login(user, backend="teams.account.backends.ScopeBackend")
    return client


def refusal(status: int, request: HttpRequest, exception: Exception) -> HttpResponse:
    """An empty answer."""
    return HttpResponse(status=status)


def first_doer(post: Post) -> str:
    """The first person who may do it."""
    return next(person for person in PEOPLE if post.who[person] == DOES)


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
