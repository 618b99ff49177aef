"""Who may do what: the words of the tables in ``access.py`` of each area, which `tests.test_walk` walks.

People are those of `tests.factories.district`; a table names who may, and everybody who is not named is refused.
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
STRANGERS = (
    "moe zed zoe zia zac"  # of Roosevelt: who moved there, a lead, coordinator, principal, administrator
)
PEOPLE = f"{CAST} gus dan lea {STRANGERS}".split()

TEAM, LEADS = "ana tom cora", "ana cora"  # the coordinator leads every team
READERS = "ana tom cora pia ada"  # of what is the team's
OFFICE = "cora pia ada zoe zia zac"  # who sees and keeps all of a school, each of their own
STAFF = f"{CAST} gus dan {STRANGERS}"
EVERYBODY = f"{STAFF} lea"

DOES, TOLD = "does", "told"  # it happens; it is refused in a sentence
KEY = uuid.UUID(int=7)

Value = Callable[[Side], Any]


def by(may: str, *, sees: str = "", told: str = "", blind: str = "", rest: int = 404) -> dict[str, Any]:
    """What each person gets: it happens for who ``may``; who only ``sees`` it gets 403, who is ``blind`` 404.

    Everybody else gets ``rest``; Lea, who works nowhere, gets 403 from everything that is not her own.
    """
    named = {403: f"{sees} lea", DOES: may, TOLD: told, 404: blind}
    found = {name: outcome for outcome, names in named.items() for name in names.split()}
    assert found.keys() <= set(PEOPLE), found.keys() - set(PEOPLE)
    return {name: found.get(name, rest) for name in PEOPLE}


def nothing(side: Side) -> None:
    """Leave the side as it is."""


def no_arguments(side: Side) -> list[Any]:
    """An address without arguments."""
    return []


def nothing_sent(side: Side) -> dict[str, Any]:
    """An empty form."""
    return {}


@dataclass(frozen=True)
class Page:
    """An address that answers a GET: its arguments from a side, and what each person gets (`by`)."""

    name: str
    at: Value = no_arguments
    who: dict[str, Any] = field(default_factory=dict)
    given: Callable[[Side], None] = nothing
    query: Value = nothing_sent
    status: int = 200
    area: str = ""


@dataclass(frozen=True)
class Post:
    """An address that takes a POST with ``data``, after ``given`` was done to both sides.

    Where it happens, what ``effect`` reads from the database is something else before, and ``becomes`` after.
    ``tolerates`` names data of which an unknown id is left out instead of refused.
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
    """Reads ``fields`` of the side's row ``name`` from the database; None where it is gone."""

    def read(side: Side) -> Any:
        row = getattr(side, name)
        rows = type(row).objects.filter(pk=row.pk)
        return rows.values_list(*fields, flat=len(fields) == 1).first()

    return read


def one(*names: str) -> Value:
    """Arguments of an address: the public ids of these rows of a side."""
    return lambda side: [getattr(side, name).uuid for name in names]


def day(side: Side, days: int) -> str:
    """The school's day in so many ``days``, as a form sends it."""
    return (side.school.today() + dt.timedelta(days=days)).isoformat()


@dataclass(frozen=True)
class Elsewhere:
    """An address that is not walked, and why."""

    name: str
    why: str
    area: str = ""


def tables(kind: str) -> Iterator[Any]:
    """The entries of every area's table ``kind``, each knowing its area, its name with its app's namespace."""
    for path in sorted(Path(__file__).parent.glob("*/*/access.py")):
        app, area = path.parts[-3:-1]
        table = getattr(importlib.import_module(f"tests.{app}.{area}.access"), kind, ())
        for entry in table:
            yield dataclasses.replace(entry, name=f"{app}:{entry.name}", area=f"{app}.{area}")


def address_of(entry: Page | Post, side: Side, arguments: list[Any] | None = None) -> str:
    """Where ``entry`` is for ``side``, or with other ``arguments``."""
    path = reverse(entry.name, args=entry.at(side) if arguments is None else arguments)
    query = urlencode(entry.query(side))
    return f"{path}?{query}" if query else path
