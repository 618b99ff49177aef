"""The vocabulary of access tables in each area's ``access.py``, which `tests.test_walk` and `tests.test_walk_posts` check.

People are those of `tests.factories.district`. A table names who may; everybody else is refused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from tests.factories.district import Side

CAST = "ana tom gil sol cora pia ada"
STRANGERS = "moe zed zoe zia zac"  # at Roosevelt: a former colleague, a lead, coordinator, principal and administrator
PEOPLE = f"{CAST} gus dan lea {STRANGERS}".split()
COLLEAGUES = f"{CAST} gus dan".split()  # who work at Lincoln

TEAM, LEADS = "ana tom cora", "ana cora"  # the coordinator counts as a lead of every team
READERS = "ana tom cora pia ada"  # may read the team's pages
OFFICE = "cora pia ada zoe zia zac"  # see and manage their own school
STAFF = f"{CAST} gus dan {STRANGERS}"
EVERYBODY = f"{STAFF} lea"

DOES, REFUSED = "does", "refused"  # it happens; it is refused with a sentence
KEY = uuid.UUID(int=7)

Value = Callable[[Side], Any]


def by(may: str, *, sees: str = "", refused: str = "", blind: str = "", rest: int = 404) -> dict[str, Any]:
    """What each person gets: done for ``may``, refused with a sentence for ``refused``; ``sees`` is 403, ``blind`` 404.

    Everybody else gets ``rest``. Lea, who works nowhere, gets 403 for everything but her own.
    """
    named = {403: f"{sees} lea", DOES: may, REFUSED: refused, 404: blind}
    found = {name: outcome for outcome, names in named.items() for name in names.split()}
    assert found.keys() <= set(PEOPLE), found.keys() - set(PEOPLE)
    return {name: found.get(name, rest) for name in PEOPLE}


def nothing(side: Side) -> None:
    """Leave the side unchanged."""


def no_arguments(side: Side) -> list[Any]:
    """A URL without arguments."""
    return []


def nothing_sent(side: Side) -> dict[str, Any]:
    """An empty form."""
    return {}


@dataclass(frozen=True)
class Page:
    """A URL that answers GET: its arguments from a side, and the outcome for each person (see `by`)."""

    name: str
    at: Value = no_arguments
    who: dict[str, Any] = field(default_factory=dict)
    given: Callable[[Side], None] = nothing
    query: Value = nothing_sent
    status: int = 200
    area: str = ""


@dataclass(frozen=True)
class Post:
    """A URL that accepts a POST of ``data``, after ``given`` was applied to both sides.

    If it is done, ``effect`` reads ``becomes`` from the database afterwards, and something else before.
    ``tolerates`` names data whose unknown ids are ignored instead of refused.
    """

    name: str
    at: Value = no_arguments
    who: dict[str, Any] = field(default_factory=dict)
    _: KW_ONLY
    effect: Value
    becomes: Any
    data: Value = nothing_sent
    given: Callable[[Side], None] = nothing
    query: Value = nothing_sent
    tolerates: str = ""
    area: str = ""


def now(name: str, *fields: str) -> Value:
    """Return a function that reads ``fields`` of the side's row ``name`` from the database; None if deleted."""

    def read(side: Side) -> Any:
        row = getattr(side, name)
        rows = type(row).objects.filter(pk=row.pk)
        return rows.values_list(*fields, flat=len(fields) == 1).first()

    return read


def one(*names: str) -> Value:
    """URL arguments: the public ids of these rows of a side."""
    return lambda side: [getattr(side, name).uuid for name in names]


def day(side: Side, days: int) -> str:
    """The date in ``days`` days at the school, as forms send it."""
    return (side.school.today() + dt.timedelta(days=days)).isoformat()


@dataclass(frozen=True)
class Elsewhere:
    """A URL that the walk skips, and why."""

    name: str
    why: str
    area: str = ""


def tables(kind: str) -> Iterator[Any]:
    """Entries of every area's table ``kind``, each with its area and namespaced URL name."""
    for path in sorted(Path(__file__).parent.glob("*/*/access.py")):
        app, area = path.parts[-3:-1]
        table = getattr(importlib.import_module(f"tests.{app}.{area}.access"), kind, ())
        for entry in table:
            yield dataclasses.replace(entry, name=f"{app}:{entry.name}", area=f"{app}.{area}")


def address_of(entry: Page | Post, side: Side, arguments: list[Any] | None = None) -> str:
    """The URL of ``entry`` for ``side``, or with other ``arguments``."""
    path = reverse(entry.name, args=entry.at(side) if arguments is None else arguments)
    query = urlencode(entry.query(side))
    return f"{path}?{query}" if query else path
