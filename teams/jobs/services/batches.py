"""What beat asks for, over all schools: each part is its own transaction, and one that fails stops no other.

A failure is kept as a failed job of its school, one row a part however often it fails, and becomes done when
the part succeeds again. It names the kind of the error, never its words: those may hold what people typed.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from django.db import models, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from teams.directory.models import School, Team
from teams.jobs.models import Job
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

M = TypeVar("M", bound=models.Model)
logger = logging.getLogger(__name__)


def run_each(
    task: str, rows: Iterable[M], work: Callable[[M], int], *, about: Callable[[M], School | Team]
) -> int:
    """Do ``work`` with every row and add up what it returns; ``about`` says whose row it is."""
    failing = set(Job.objects.filter(kind=task, state=Job.State.FAILED).values_list("dedupe_key", flat=True))
    count = 0
    for row in rows:
        key = f"{task}:{type(row).__name__.lower()}:{row.pk}"
        try:
            with transaction.atomic():
                count += int(work(row))
        except Exception as error:  # whatever is wrong with this one, the next one is another
            logger.exception("%s did not finish.", key)
            _note(task, key, error, about(row))
        else:
            if key in failing:
                _heal(key)
    return count


def run_steps(task: str, *steps: Callable[[], object]) -> None:
    """Do one step after the other, each whatever became of those before it."""
    for step in steps:
        key = f"{task}:{step.__name__}"
        try:
            step()
        except Exception as error:  # the steps after it do not need it
            logger.exception("%s did not finish.", key)
            _note(task, key, error, None)
        else:
            _heal(key)


def _note(task: str, key: str, error: Exception, about: School | Team | None) -> None:
    school = about.school if isinstance(about, Team) else about
    words = {"about": about or _("All schools"), "task": task, "error": type(error).__name__}
    with translation.override(school.language if school else None):
        sentence = (
            _("%(about)s: %(task)s did not finish (%(error)s). The others did. It runs again next time.")
            % words
        )
    fields = {"error": sentence, "finished_at": clock.now(), "school": school}
    rows = Job.objects.filter(dedupe_key=key, state=Job.State.FAILED)
    if not rows.update(attempt=F("attempt") + 1, **fields):
        Job.objects.create(kind=task, dedupe_key=key, state=Job.State.FAILED, attempt=1, **fields)


def _heal(key: str) -> None:
    Job.objects.filter(dedupe_key=key, state=Job.State.FAILED).update(
        state=Job.State.DONE, finished_at=clock.now()
    )
