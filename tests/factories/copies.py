"""Rows that most tests begin with are made once in a process, and copied into the database for every further test."""

from __future__ import annotations

import io
import pickle
import uuid
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.db.models import UUIDField

from teams.kept.models import SettingsRevision

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model


class Freezer(pickle.Pickler):
    """Pickles all but public ids, which are others in every copy: the product caches by them."""

    def persistent_id(self, value: Any) -> int | None:
        """The public id as a number; None for anything else."""
        return value.int if isinstance(value, uuid.UUID) else None


class Thawer(pickle.Unpickler):
    """Restores objects with new public ids, in ``ids`` by the old ones."""

    def __init__(self, frozen: bytes, ids: defaultdict[int, uuid.UUID]) -> None:
        super().__init__(io.BytesIO(frozen))
        self.ids = ids

    def persistent_load(self, number: int) -> uuid.UUID:
        """The new public id in place of the old one."""
        return self.ids[number]


@dataclass(frozen=True)
class Rows:
    """The statement that inserts a table's rows, its parameters, and which of them are public ids."""

    statement: str
    parameters: list[Any]
    ids: dict[int, int]

    @classmethod
    def of(cls, model: type[Model]) -> Rows:
        """All rows of ``model``, without what the database computes."""
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        values = [
            (field, getattr(row, field.attname))
            for row in model._base_manager.order_by("pk")
            for field in fields
        ]
        quote, places = connection.ops.quote_name, f"({', '.join(['%s'] * len(fields))})"
        names = ", ".join(quote(field.column) for field in fields)
        all_places = ", ".join([places] * (len(values) // len(fields)))
        return cls(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {all_places}",  # noqa: S608 (our own names)
            [field.get_db_prep_save(value, connection) for field, value in values],
            {
                place: value.int
                for place, (_field, value) in enumerate(values)
                if isinstance(value, uuid.UUID)
            },
        )

    def insert(self, ids: defaultdict[int, uuid.UUID]) -> None:
        """Insert the rows, with new public ids."""
        parameters, field = list(self.parameters), UUIDField()
        for place, number in self.ids.items():
            parameters[place] = field.get_db_prep_value(ids[number], connection)
        with connection.cursor() as cursor:
            cursor.execute(self.statement, parameters)


@dataclass(frozen=True)
class Made:
    """What a function returned and the rows it made."""

    returned: bytes
    tables: list[Rows]

    def copy(self) -> Any:
        """Insert the rows again, with other public ids only. Returns what the function returned, as new objects."""
        ids: defaultdict[int, uuid.UUID] = defaultdict(uuid.uuid4)
        for rows in self.tables:
            rows.insert(ids)
        return Thawer(self.returned, ids).load()


def record(make: Callable[[], Any]) -> tuple[Any, Made]:
    """Call ``make``. Returns its result, and what it takes to have the same again."""
    before = counts()
    made = make()
    filled = [table for table, count in counts().items() if count != before[table]]
    assert not any(before[table] for table in filled), (
        "a copy would miss changes of rows that were there before"
    )
    frozen = io.BytesIO()
    Freezer(frozen).dump(made)
    return made, Made(frozen.getvalue(), [Rows.of(tables()[table]) for table in filled])


@cache
def tables() -> dict[str, type[Model]]:
    """All tables, and their models."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in models if not model._meta.proxy}


def counts() -> dict[str, int]:
    """Table → its number of rows; but of those that triggers write, with the copy as with what is copied."""
    found = tables().items()
    return {table: model._base_manager.count() for table, model in found if model is not SettingsRevision}
