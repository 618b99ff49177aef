"""Run periodic work row by row or step by step: each part has its own transaction, and a failure stops no other.

A failure is stored as a failed job of its school, one row per part however often it fails, and is marked done
once the part succeeds again. The row names the error's class and not its message, which may quote user input.
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
    """Call ``work`` with every row and return the sum of its results; ``about`` gives the row's school or team."""
    failing = set(Job.objects.filter(kind=task, state=Job.State.FAILED).values_list("dedupe_key", flat=True))
    count = 0
    for row in rows:
        key = f"{task}:{type(row).__name__.lower()}:{row.pk}"
        try:
            with transaction.atomic():
                count += int(work(row))
        except Exception as error:  # one broken row must not stop the next
            logger.exception("%s did not finish.", key)
            _record_failure(task, key, error, about(row))
        else:
            if key in failing:
                _resolve_failure(key)
    return count


def run_steps(task: str, *steps: Callable[[], object]) -> None:
    """Call every step in order, even if earlier steps fail."""
    for step in steps:
        key = f"{task}:{step.__name__}"
        try:
            step()
        except Exception as error:  # the next steps do not depend on this one
            logger.exception("%s did not finish.", key)
            _record_failure(task, key, error, None)
        else:
            _resolve_failure(key)


def _record_failure(task: str, key: str, error: Exception, about: School | Team | None) -> None:
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


def _resolve_failure(key: str) -> None:
    Job.objects.filter(dedupe_key=key, state=Job.State.FAILED).update(
        state=Job.State.DONE, finished_at=clock.now()
    )
