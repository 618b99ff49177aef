"""Scores entered by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.progress.services.scores import enter_score
from datareview.records.models import Score
from datareview.runs.models import TrendRun
from teams.audit.models import AuditEvent
from teams.lib import formats
from teams.lib.errors import DomainError


def enter(cast, value, *, actor=None, days=0):
    day = cast.school.today() - dt.timedelta(days=days)
    return enter_score(cast.maya, cast.fluency, actor=actor or cast.sol, taken_on=day, value=value)


def test_a_score_is_kept_and_the_trend_computed_again(cast):
    assert enter(cast, 71).score.value == 71
    run = TrendRun.objects.get()
    assert (run.trigger, [part.scope.grade for part in run.parts.all()]) == ("score", [cast.maya.grade])


def test_the_same_again_changes_nothing(cast):
    assert enter(cast, 71) == enter(cast, 71)
    assert TrendRun.objects.count() == 1


def test_a_correction_replaces_the_score_and_the_audit_keeps_the_old_one(cast):
    assert enter(cast, 71).replaced is None
    assert enter(cast, 17).replaced == 71
    assert Score.objects.get(source="by hand").value == 17
    assert AuditEvent.objects.filter(verb="score-entered").first().detail.data["before"] == 71


@pytest.mark.parametrize("value", [-1, 251, float("nan"), float("inf")])
def test_a_score_off_the_scale_is_refused(cast, value):
    with pytest.raises(DomainError, match="off the scale"):
        enter(cast, value)
    assert not Score.objects.filter(source="by hand").exists()


@pytest.mark.parametrize("days", [-1, 367])
def test_a_day_to_come_and_one_over_a_year_ago_are_refused(cast, days):
    with pytest.raises(DomainError, match=r"in the future|more than a year ago"):
        enter(cast, 70, days=days)
    assert enter(cast, 70, days=366).score.value == 70


@pytest.mark.parametrize("person", ["ana", "gil", "ada", "zed"])
def test_only_the_provider_enters_scores(cast, person):
    with pytest.raises(PermissionDenied):
        enter(cast, 70, actor=getattr(cast, person))


def test_without_a_plan_there_is_no_entry_by_hand(cast):
    with pytest.raises(PermissionDenied):
        enter_score(cast.jonas, cast.fluency, actor=cast.sol, taken_on=cast.school.today(), value=90)


@pytest.mark.parametrize("value", [0, 250])
def test_both_ends_of_the_scale_are_on_it(cast, value):
    assert enter(cast, value).score.value == value


def test_computed_measures_cannot_be_entered(cast):
    cast.fluency.derived_from = "attendance"
    cast.fluency.save()
    with pytest.raises(DomainError, match="is computed from daily records, so it isn’t entered"):
        enter(cast, 70)
    assert not TrendRun.objects.exists()


def test_a_replaced_score_is_told_with_its_day(cast, as_user):
    sol, url = as_user(cast.sol), reverse("datareview:score-enter", args=[cast.plan.uuid])
    day = cast.school.today()
    for value in (71, 17):
        page = sol.post(url, {"taken_on": day.isoformat(), "value": value}, follow=True)
    sentence = f"Score saved. 17 replaces 71 on {formats.short_day(day)}. Trends are being updated."
    assert sentence in page.content.decode()
