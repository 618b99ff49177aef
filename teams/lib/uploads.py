"""Store uploaded files outside transactions."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files import File
    from django.db.models.fields.files import FieldFile


@contextmanager
def stored_file(field: FieldFile, file: File[bytes], name: str) -> Iterator[None]:
    """Store ``file`` in the field of an unsaved row; on exit, delete it again unless the row was saved meanwhile.

    Enter this before the transaction that saves the row: nobody waits for the bytes, and if it fails, no file is left.
    """
    field.save(name, file, save=False)
    try:
        yield
    finally:
        row = field.instance
        if not type(row)._default_manager.filter(pk=row.pk, **{field.field.name: field.name}).exists():  # noqa: SLF001
            field.delete(save=False)
