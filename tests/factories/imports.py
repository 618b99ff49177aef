"""Upload, check and load files."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import ContentFile

from datareview.checking.services.checking import check_job
from datareview.imports.services import files
from datareview.imports.services.reading import read_job
from datareview.loading.services.applying import apply_job
from teams.jobs.models import Job


class Quiet:
    """A progress object that reports to nobody."""

    def step(self, done: int, total: int, note: str = "") -> None:
        """Do nothing."""


def upload(cast, content, name="scores.csv"):
    """Upload a file and let the worker read its header."""
    data = content.encode() if isinstance(content, str) else content
    row = files.upload_file(cast.school, actor=cast.ada, file=ContentFile(data, name=name), name=name)
    read_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def check(cast, row, mapping=None, kind=None):
    files.start_check(row, actor=cast.ada, kind=kind or row.kind, mapping=mapping or row.mapping)
    check_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def load(cast, content, name="scores.csv", mapping=None, kind=None, confirm=False):
    """The file, applied if any of its rows can be saved."""
    row = check(cast, upload(cast, content, name), mapping, kind)
    if row.saves_nothing:
        return row
    files.start_apply(row, actor=cast.ada, confirm=confirm)
    apply_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def today(cast):
    return cast.school.today().isoformat()


def weekday(cast):
    """Today, or the Friday before a weekend: marks of days without school are refused."""
    day = cast.school.today()
    return (day - dt.timedelta(days=max(day.weekday() - 4, 0))).isoformat()


def scores(cast, *lines):
    return "\n".join(["student_id,date,score,measure", *(line.format(day=today(cast)) for line in lines)])
