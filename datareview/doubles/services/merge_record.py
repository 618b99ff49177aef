"""What a merge of two students does, kept so that it can be undone."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from uuid import UUID

    from datareview.records.models import Student


class MergeRecord:
    """What a merge does, as stored in `StudentMerge.record`."""

    def __init__(self, gone: Student) -> None:
        self.student = dump_rows([gone])
        self.removed: list[dict[str, Any]] = []
        self.moved: list[list[Any]] = []
        self.changed: list[list[Any]] = []
        self.flags: list[list[Any]] = []
        self.added: list[list[Any]] = []

    def add(self, row: models.Model) -> None:
        """Store a new row."""
        row.save()
        self.added.append([row._meta.label, row.pk])  # noqa: SLF001 (Django's API)

    def remove(self, row: models.Model) -> None:
        """Delete a row, and keep its content."""
        self.removed += dump_rows([row])
        row.delete()

    def move(self, rows: Any, field: str, to: int, *, before: int | None = None) -> None:
        """Point rows at another row, and keep their ids; ``before`` is the row at which they all point, if it is known."""
        ids = list(rows.values_list("pk", flat=True))
        if ids:
            label = rows.model._meta.label  # noqa: SLF001 (Django's API)
            if before is None:
                before = rows.values_list(f"{field}_id", flat=True).first()
            rows.update(**{field: to})
            self.moved.append([label, field, before, to, ids])

    def change(self, row: models.Model, **values: Any) -> None:
        """Change fields of a row, and keep their content before."""
        before = dump_rows([row])[0]["fields"]
        label = row._meta.label  # noqa: SLF001 (Django's API)
        for name, value in values.items():
            self.changed.append([label, row.pk, name, before[name]])
            setattr(row, name, value)
        row.save(update_fields=list(values))

    def stored(self) -> dict[str, Any]:
        """The record as JSON."""
        return vars(self)


def replace_uuid(old: UUID, new: UUID, only: list[list[Any]] | None = None) -> list[list[Any]]:
    """Replace a public id in the parameters of charts. Returns [label, field, id] of each row; ``only`` those if given."""
    done = []
    for model in apps.get_models():
        fields = [one.name for one in model._meta.concrete_fields if isinstance(one, models.JSONField)]  # noqa: SLF001
        for name in fields if "parameters" in fields else []:
            rows = model._default_manager.annotate(as_text=Cast(name, models.TextField()))  # noqa: SLF001
            for row in rows.filter(as_text__contains=str(old)):
                place = [model._meta.label, name, row.pk]  # noqa: SLF001
                if only is None or place in only:
                    text = json.dumps(getattr(row, name)).replace(str(old), str(new))
                    model._default_manager.filter(pk=row.pk).update(**{name: json.loads(text)})  # noqa: SLF001
                    done.append(place)
    return done


class _Exact(DjangoJSONEncoder):
    """Keeps the microseconds of a time, which Django's encoder cuts."""

    def default(self, o: Any) -> Any:
        """Return a time as ISO 8601."""
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


def dump_rows(rows: list[Any]) -> list[dict[str, Any]]:
    """Rows as JSON, as they are stored."""
    found: list[dict[str, Any]] = json.loads(serializers.serialize("json", rows, cls=_Exact))
    return found


def load_rows(rows: list[dict[str, Any]]) -> None:
    """Restore rows from their JSON."""
    for row in serializers.deserialize("json", json.dumps(rows)):
        row.save()
