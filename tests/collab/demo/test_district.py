"""The demo district on its school morning: things to log, hold and do, and nothing from the future."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import resolve

from collab.actions.models import Action
from collab.demo.calendar import ZONE
from collab.demo.district import fill_demo
from collab.demo.opening import MADE_AT, best_day
from collab.meetings.models import Meeting
from collab.student_work.models import StudentWork, WorkScore
from datareview.imports.models import Import
from datareview.plans.models import Plan
from datareview.progress.models import Session
from datareview.records.models import Assessment, Enrollment, Score
from teams.directory.models import School
from teams.lib import clock
from tests.day import offset_to

SMALL, WEEKS = 0.05, 3
COMING = {  # fields that may be in the future
    "meeting.starts_at", "meeting.ends_at", "peerobservation.starts_at",
    # by the machine's clock: Django's own rows, and those created with the database before the test
    "session.expire_date", "user.date_joined", "user.last_login", "protocol.created_at",
}  # fmt: skip


@pytest.mark.sweep
@pytest.mark.django_db
def test_a_visitor_in_july_finds_something_to_do_and_nothing_from_the_future(settings):
    day = best_day(dt.date(2026, 7, 12))
    settings.CLOCK_OFFSET = offset_to(dt.datetime.combine(day, MADE_AT, ZONE))
    fill_demo(scale=SMALL, weeks=WEEKS)
    school = School.objects.get(name="Lincoln Elementary")
    teacher = school.staff.get(user__email="teacher@demo.test")
    today = Meeting.objects.get(
        team__members__staff=teacher, starts_at=school.at(day, dt.time(10, 10)), state="planned"
    )
    assert today.title == "Which fourth graders stalled in fluency, and what do we change?"
    assert any(day.weekday() in plan.weekdays for plan in Plan.objects.filter(state="active"))
    assert not Session.objects.filter(held_on__gte=day).exists()
    assert {action.due_on.weekday() for action in Action.objects.filter(owner=teacher)} <= {0, 1, 2, 3, 4}
    assert from_the_future() == set()
    loaded = Import.objects.filter(school=school).order_by("pk").values_list("name", "state")
    files = ["users", "guardians", "groups", "enrollments", "attendance", "incidents", "scores"]
    assert list(loaded) == [(f"{name}.csv", "applied") for name in files]
    assert not Score.objects.filter(imported_by=None, student__school=school, source="import").exists()
    assert Enrollment.objects.filter(student__status="left", ends_on=None).count() == 0
    given = Assessment.objects.filter(team__school=school, team__kind="grade")
    assert given.count() == 18
    assert not given.filter(sittings=None).exists()
    assert WorkScore.objects.filter(work__item__work_scoring__revealed_at__isnull=False).exists()
    assert StudentWork.objects.filter(item__meeting=today, state="shown").count() == 6
    made = {model.__name__ for model in apps.get_models() if model._default_manager.exists()}
    assert made - models_in_readme() == set()


def models_in_readme() -> set[str]:
    """The models of which the demo's README says on which page a school makes them."""
    text = (settings.BASE_DIR / "collab/demo/README.md").read_text(encoding="utf-8")
    part = text[text.index("## Where a school makes the same") : text.index("## Its numbers")]
    return set(re.findall(r"`([A-Z]\w+)`", part))


def test_the_pages_on_which_a_school_makes_what_the_demo_has_exist():
    text = (settings.BASE_DIR / "collab/demo/README.md").read_text(encoding="utf-8")
    for page in re.findall(r"^\| `(/\S+)`", text, re.MULTILINE):
        assert resolve(page).url_name, page
    assert models_in_readme() <= {model.__name__ for model in apps.get_models()}


def from_the_future() -> set[str]:
    """Names of fields with a future time."""
    fields = [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.DateTimeField)
    ]
    found = {
        f"{model._meta.model_name}.{field.name}"
        for model, field in fields
        if model._default_manager.filter(**{f"{field.name}__gt": clock.now()}).exists()
    }
    return found - COMING
