"""Checked files, and what a worker does with them."""

from __future__ import annotations

from django.core.files.base import ContentFile

from teams.checked_files.services import (
    apply_file,
    apply_later,
    check_file,
    check_later,
    stored_upload,
    undo_file,
    undo_later,
)


def upload(kind, cast, content, name, actor=None):
    """A file whose check has been started."""
    actor = actor or cast.ada
    with stored_upload(
        kind, cast.school, actor=actor, file=ContentFile(content, name=name), name=name
    ) as row:
        return check_later(kind, row, actor=actor)


def check(kind, cast, content, name, actor=None):
    """Upload a file, and let the worker check it."""
    return _worked(check_file, kind, upload(kind, cast, content, name, actor))


def apply(kind, cast, row):
    """Apply a checked file as the worker does."""
    return _worked(apply_file, kind, apply_later(kind, row, actor=cast.ada))


def undo(kind, cast, row):
    """Undo an applied file as the worker does."""
    return _worked(undo_file, kind, undo_later(kind, row, actor=cast.ada))


def _worked(step, kind, row):
    step(kind, row.job, None)
    row.refresh_from_db()
    return row
