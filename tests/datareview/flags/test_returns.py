"""Decisions that end by themselves: a value is worse than stated, or the supporting plan has ended."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from datareview.flags.models import Candidate, Flag, Rule
from datareview.flags.queries.concerns import concern_of, concerns_of
from datareview.flags.services import returns
from datareview.flags.services.candidates import (
    decide_candidate,
    decide_candidates,
    mark_on_agenda,
    reopen_candidate,
    settle_candidate,
)
from datareview.flags.services.flags import refresh_candidates
from datareview.flags.services.returns import return_candidates
from datareview.records.models import AttendanceDay, Measure, Score
from datareview.trends.models import TrendScope
from teams.lib.errors import DomainError
from tests.conftest import make_plan


@pytest.fixture
def scope(cast):
    AttendanceDay.objects.filter(student=cast.maya).delete()
    mark(cast, -14, "present", "present", "present", "present", "unexcused")
    return TrendScope.objects.create(school=cast.school, grade=4)


def mark(cast, days, *marks):
    """Marks of a week, from Monday of the week in ``days`` days."""
    monday = cast.school.today() + dt.timedelta(days=days - cast.school.today().weekday())
    for place, one in enumerate(marks):
        AttendanceDay.objects.create(student=cast.maya, day=monday + dt.timedelta(days=place), mark=one)


def watch(cast, worse_than=60, **more):
    until = cast.school.today() + dt.timedelta(days=20)
    return decide_candidate(
        cast.candidate,
        actor=cast.cora,
        state="watch",
        note="A bus",
        watch_until=until,
        worse_than=worse_than,
        **more,
    )


def run(cast, scope, days):
    """The candidate after a run in ``days`` days."""
    on = cast.school.today() + dt.timedelta(days=days)
    return_candidates(scope, as_of=on)
    refresh_candidates(scope, as_of=on)
    return Candidate.objects.get(pk=cast.candidate.pk)


def test_a_decision_made_during_the_run_is_kept(cast, scope, monkeypatch):
    watch(cast)
    mark(cast, 7, "unexcused", "unexcused", "unexcused", "unexcused", "unexcused")

    def decide_meanwhile(candidates, today):
        mark_on_agenda(cast.candidate, actor=cast.cora)
        return concerns_of(candidates, today)

    monkeypatch.setattr(returns, "concerns_of", decide_meanwhile)
    assert run(cast, scope, 12).state == "on_agenda"


def test_a_watch_ends_when_a_value_is_worse_than_stated(cast, scope):
    watch(cast)
    assert run(cast, scope, 0).state == "watch"
    mark(cast, 7, "present", "present", "present", "unexcused", "unexcused")
    assert run(cast, scope, 12).state == "watch"  # 60, not worse than it
    mark(cast, 14, "unexcused", "unexcused", "unexcused", "present", "present")
    Flag.objects.all().delete()
    one = run(cast, scope, 19)
    assert (one.state, one.worse_than, one.watch_until) == ("new", None, None)
    ended = one.reopened_decisions.get()
    assert (ended.state, ended.note, ended.worse_than, ended.reopened_by) == ("watch", "A bus", 60, None)


def test_a_point_that_is_reached_already_is_refused(cast, scope):
    with pytest.raises(DomainError, match="by week: 80 already"):
        watch(cast, 81)
    assert Candidate.objects.get(pk=cast.candidate.pk).state == "new"


def test_a_worse_value_that_is_corrected_or_loaded_late_ends_a_watch_too(cast, scope):
    watch(cast)
    AttendanceDay.objects.filter(student=cast.maya, mark="present").update(mark="unexcused")
    assert run(cast, scope, 0).state == "new"


@pytest.mark.parametrize("value", [-1, 100.5])
def test_a_point_off_the_scale_is_refused_with_a_sentence(cast, scope, value):
    with pytest.raises(DomainError, match="by week: choose a number from 0 to 100"):
        watch(cast, value)
    assert Candidate.objects.get(pk=cast.candidate.pk).state == "new"


def test_a_watch_compares_the_measure_that_was_chosen_also_when_another_flag_comes_first(cast, as_user):
    facts = Measure.objects.create(school=cast.school, key="facts", name="Math facts", scale_max=60)
    Flag.objects.all().delete()
    words = {"student": cast.maya, "domain": "academic", "state": "open", "reason": "Low"}
    day = cast.school.today() - dt.timedelta(days=3)
    for measure, severity, value in ((cast.fluency, 3, 70), (facts, 2, 20)):
        rule = Rule.objects.create(
            school=cast.school, key=measure.key, name=measure.name, kind="growth", measure=measure
        )
        flag = Flag.objects.create(
            rule=rule, severity=severity, first_seen_on=day, last_seen_on=day, opened_on=day, **words
        )
        cast.candidate.flags.add(flag)
        Score.objects.filter(student=cast.maya, measure=measure).delete()
        Score.objects.create(student=cast.maya, measure=measure, taken_on=day, value=value)
    client, address = as_user(cast.cora), reverse("datareview:desk-show")
    page = client.get(address).content.decode()
    for line in ("Oral reading fluency: 70 now.", "Math facts: 20 now."):
        assert line in page
    until = cast.school.today() + dt.timedelta(days=9)
    typed = {
        "state": "watch",
        "note": "A bus",
        "watch_until": until,
        "worse_than": 61,
        "worse_of": facts.uuid,
    }
    decide = reverse("datareview:desk-decide", args=[cast.candidate.uuid])
    assert "Math facts: choose a number from 0 to 60." in client.post(decide, typed).content.decode()
    client.post(decide, {**typed, "worse_than": 18})
    one = Candidate.objects.get(pk=cast.candidate.pk)
    assert (one.state, one.worse_than, one.worse_of) == ("watch", 18, facts)
    Score.objects.filter(measure=cast.fluency).update(value=10)
    assert [concern_of(one).name, concern_of(one).newest] == ["Math facts", 20]


def test_the_point_of_a_watch_ends_with_it(cast, scope):
    watch(cast)
    until = cast.school.today() + dt.timedelta(days=9)
    assert mark_on_agenda(cast.candidate, actor=cast.cora).worse_than is None
    Candidate.objects.update(worse_than=60)
    again = {"actor": cast.cora, "state": "watch", "note": "After the concert", "watch_until": until}
    assert settle_candidate(cast.candidate, **again).worse_than is None
    Candidate.objects.update(state="on_agenda", worse_than=60)
    decide_candidates([cast.candidate], **again)
    assert Candidate.objects.get(pk=cast.candidate.pk).worse_than is None


def test_who_watches_reads_what_is_compared_and_enter_alone_decides_nothing(cast, scope, as_user):
    client, one = as_user(cast.cora), cast.candidate
    for address in (reverse("datareview:desk-show"), one.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "% of days present, by week: 80 now. The student comes back below your number." in page
        form = page.split('class="decide"')[1]
        assert 'name="state"' not in form.split("<button")[1].split(">")[0]
    words = {"note": "Known reason", "watch_until": cast.school.today() + dt.timedelta(days=9)}
    for name in ("candidate", "desk"):
        refused = client.post(reverse(f"datareview:{name}-decide", args=[one.uuid]), words)
        assert refused.status_code == 422
        assert "Known reason" in refused.content.decode()
    assert Candidate.objects.get(pk=one.pk).state == "new"


def test_who_is_supported_comes_back_when_the_plan_ends(cast, scope):
    done = decide_candidate(cast.candidate, actor=cast.cora, state="supported", plan=cast.plan)
    assert (done.state, done.supporting_plan, done.decision_note) == (
        "supported",
        cast.plan,
        str(cast.strategy),
    )
    assert run(cast, scope, 0).state == "supported"
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(
        state="ended", outcome="met", ended_on=cast.school.today()
    )
    one = run(cast, scope, 0)
    assert (one.state, one.supporting_plan) == ("new", None)


def test_without_a_plan_one_says_by_whom(cast, scope):
    with pytest.raises(DomainError, match="by whom"):
        decide_candidate(cast.candidate, actor=cast.cora, state="supported", note=" ")
    decide_candidate(cast.candidate, actor=cast.cora, state="supported", note="Speech therapist")
    assert run(cast, scope, 0).decision_note == "Speech therapist"
    assert reopen_candidate(cast.candidate, actor=cast.cora).state == "new"


def test_a_plan_of_someone_else_or_one_that_ended_supports_nobody(cast, scope):
    other = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    with pytest.raises(DomainError, match="running plan of this student"):
        decide_candidate(cast.candidate, actor=cast.cora, state="supported", plan=other)


def test_a_supported_candidate_that_gets_more_urgent_comes_back(cast, scope):
    decide_candidate(cast.candidate, actor=cast.cora, state="supported", note="Speech therapist")
    Flag.objects.filter(student=cast.maya).update(state="open", severity=3)
    Candidate.objects.update(severity=2)
    assert run(cast, scope, 0).state == "new"


def test_both_are_decided_on_the_candidates_page_and_at_the_desk(cast, scope, as_user):
    client, one = as_user(cast.cora), cast.candidate
    decide = {name: reverse(f"datareview:{name}-decide", args=[one.uuid]) for name in ("candidate", "desk")}
    client.post(decide["desk"], {"state": "supported", "plan": cast.plan.uuid})
    assert Candidate.objects.get(pk=one.pk).supporting_plan == cast.plan
    reopen_candidate(one, actor=cast.cora)
    until = cast.school.today() + dt.timedelta(days=9)
    words = {"state": "watch", "note": "A bus", "watch_until": until, "worse_than": "55.5"}
    client.post(decide["candidate"], words)
    page = client.get(one.get_absolute_url()).content.decode()
    assert "or worse than 55.5 (% of days present, by week)" in " ".join(page.split())
