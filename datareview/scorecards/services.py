"""Learning a scorecard once (a worker does it for many students), and keeping it as a rule."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from datareview.flags.models import Rule
from datareview.records.models import Student
from datareview.replays.queries.landmarks import landmarks_of
from datareview.rules.services.rules import add_rule, revise_rule
from datareview.runs.queries import scopes_with_state
from datareview.scorecards.queries.fitting import learn_scorecard
from datareview.scorecards.queries.history import year_histories
from teams.jobs.models import SOON, Job
from teams.jobs.services.jobs import start_job
from teams.lib import clock
from teams.lib.errors import StaleEdit

if TYPE_CHECKING:
    from datareview.rules.services.drafts import Grades
    from teams.directory.models import School, User
    from teams.jobs.services.jobs import Progress

LEARN = "datareview.learn_scorecard"
MANY = 1_000  # students times terms
KEPT_SECONDS = 24 * 60 * 60


def learned(
    key: str, school: School, settings: dict[str, Any], *, seats: int | None, actor: User
) -> dict[str, Any] | Job:
    """The settings with what was learned, from the cache by its `learning_key`; or the job that learns.

    Without a worker the page learns itself.
    """
    if (found := cache.get(key)) is not None:
        return dict(found)
    students = Student.objects.filter(school=school).count()
    is_long = students * len(landmarks_of(school)) > MANY
    if is_long and (job := _job(key, school, settings, seats, actor)):
        return job
    return _kept(key, learn_scorecard(school, settings, year_histories(school, settings), seats=seats))


def shown_card(key: str, school: School, settings: dict[str, Any]) -> dict[str, Any] | None:
    """What was shown with ``key``, also if data have changed since: it is what a user keeps. None if it is gone."""
    found: dict[str, Any] | None = cache.get(key) if key.startswith(_beginning(school)) else None
    return found if found and all(found.get(name) == value for name, value in settings.items()) else None


def learn(job: Job, progress: Progress) -> dict[str, Any]:
    """Learn the scorecard of a job of `learned`."""
    if job.school is None:
        return {}
    settings, seats = job.payload["settings"], job.payload["seats"]
    history = year_histories(job.school, settings, step=progress.step)
    _kept(job.dedupe_key, learn_scorecard(job.school, settings, history, seats=seats))
    progress.step(1, 1)
    return {}


def keep_scorecard(
    school: School,
    settings: dict[str, Any],
    *,
    actor: User,
    name: str,
    watch: int,
    act: int,
    grades: Grades,
    key: str = "",
    shown: str = "",
    rule: Rule | None = None,
) -> Rule:
    """Add a learned scorecard as a rule, or as the next version of ``rule``, and start a run.

    ``key`` is its `learning_key`. Raises StaleEdit if ``shown`` is that of another one, which the user has seen.
    """
    if shown and shown != key:
        words = _("What was learned has changed since. Look at the points again, then keep them.")
        raise StaleEdit(words, current="")
    conditions = {**settings, "watch": watch, "act": act}
    if rule:
        return revise_rule(rule, actor=actor, cut_points=conditions, is_on=True, grades=grades)
    return add_rule(
        school, actor=actor, name=name, conditions=conditions, grades=grades, kind=Rule.Kind.SCORECARD
    )


def _job(key: str, school: School, settings: dict[str, Any], seats: int | None, actor: User) -> Job | None:
    """The job that learns; None if the last one waits too long, or has just ended without keeping anything."""
    last = Job.objects.filter(kind=LEARN, dedupe_key=key).order_by("-pk").first()
    if last and (last.waits_long or (last.finished_at and clock.now() - last.finished_at < SOON)):
        return None
    payload = {"settings": settings, "seats": seats}
    return start_job(LEARN, school=school, actor=actor, payload=payload, dedupe_key=key)


def _kept(key: str, found: dict[str, Any]) -> dict[str, Any]:
    cache.set(key, found, KEPT_SECONDS)
    return found


def learning_key(school: School, settings: dict[str, Any], seats: int | None) -> str:
    """What is learned depends on the settings, the terms, the day and the data that the last runs read."""
    scopes: list[Any] = scopes_with_state(school)
    terms = [astuple(one) for one in landmarks_of(school)]
    states = [(one.pk, one.written, one.inputs_hash) for one in scopes]
    text = json.dumps([school.pk, settings, seats, school.today(), terms, states], default=str)
    return f"{_beginning(school)}{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def _beginning(school: School) -> str:
    return f"scorecard-{school.pk}-"
