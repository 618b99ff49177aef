"""The session of a group, logged in one go and corrected."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.delivery.models import GroupNote
from datareview.delivery.queries.sessions import days_met, group_session, unlogged_days
from datareview.delivery.services.groups import leave_group
from datareview.delivery.services.sessions import log_group_session
from datareview.hand_scores.services import NewScore
from datareview.progress.models import Session
from datareview.records.models import Score
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import make_plan
from tests.factories.groups import make_group


@pytest.fixture
def group(cast):
    """Maya and Jonas in one group."""
    cast.strategy.fidelity = "Read once\nRead again"
    cast.strategy.save()
    cast.other = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    return make_group(cast, plans=[cast.plan, cast.other])


def log(cast, group, *results, day=None, actor=None, **more):
    day = day or cast.school.today()
    plans = (cast.plan.pk, cast.other.pk)
    results = dict(zip(plans, results or ("held", "held"), strict=False))
    more.setdefault("seen", group_session(group, day).version)
    return log_group_session(group, actor=actor or cast.sol, held_on=day, results=results, **more)


def stored(cast):
    rows = Session.objects.filter(plan__in=[cast.plan, cast.other]).order_by("held_on", "plan")
    return list(rows.values_list("plan__student__first_name", "result", "minutes"))


def test_one_click_logs_everybody_with_minutes_and_steps(cast, group):
    log(
        cast,
        group,
        "held",
        "absent",
        minutes=25,
        steps=["Read again"],
        notes={cast.plan.pk: " Slow "},
        group_note=" Page 12 ",
    )
    assert stored(cast) == [("Maya", "held", 25), ("Jonas", "absent", 0)]
    held = cast.plan.sessions.get()
    assert (held.checklist, held.note, held.logged_by) == (
        [["Read once", False], ["Read again", True]],
        "Slow",
        cast.sol,
    )
    other = cast.other.sessions.get()
    assert (other.checklist, other.note) == ([], "")
    assert [(one.day, one.note) for one in days_met(group)] == [(cast.school.today(), "Page 12")]


def test_a_session_that_was_logged_is_corrected_and_taken_out(cast, group):
    log(cast, group)
    log(cast, group, "absent", "")
    assert stored(cast) == [("Maya", "absent", 0)]


def test_saving_again_changes_nothing(cast, group):
    log(cast, group)
    before = list(Session.objects.values())
    log(cast, group)
    assert list(Session.objects.values()) == before


def test_what_somebody_else_logged_meanwhile_is_shown(cast, group):
    log(cast, group, "absent", "held")
    with pytest.raises(StaleEdit, match="Maya Okafor: Student absent"):
        log(cast, group, seen="")
    assert stored(cast) == [("Maya", "absent", 0), ("Jonas", "held", 20)]


def test_the_note_about_a_student_that_somebody_else_wrote_is_shown(cast, group):
    log(cast, group, notes={cast.plan.pk: "Cried"})
    with pytest.raises(StaleEdit, match=r"Maya Okafor: Held \(“Cried”\)"):
        log(cast, group, seen="")


def test_who_left_is_not_in_the_sessions_after(cast, group):
    leave_group(group.members.get(plan=cast.other), actor=cast.cora)
    assert [one.plan for one in group_session(group, cast.school.today()).attendees] == [cast.plan]
    yesterday = cast.school.today() - dt.timedelta(days=1)
    assert len(group_session(group, yesterday).attendees) == 2
    with pytest.raises(DomainError, match="members of the group have changed"):
        log(cast, group)


@pytest.mark.parametrize(("days", "message"), [(1, "in the future"), (-43, "started later")])
def test_a_day_that_cannot_be_is_refused(cast, group, days, message):
    with pytest.raises(DomainError, match=message):
        log(cast, group, day=cast.school.today() + dt.timedelta(days=days))


@pytest.mark.parametrize("person", ["ana", "pia", "ada", "zed"])
def test_only_who_leads_the_group_or_coordinates_logs(cast, group, person):
    with pytest.raises(PermissionDenied):
        log(cast, group, actor=getattr(cast, person))
    assert stored(cast) == []


def test_scores_come_with_the_session_or_nothing_is_logged(cast, group):
    today = cast.school.today()
    with pytest.raises(DomainError, match="off the scale"):
        log(cast, group, scores=[NewScore(cast.maya, 999)])
    assert stored(cast) == []
    log(cast, group, scores=[NewScore(cast.maya, 71), NewScore(cast.jonas, 103)])
    found = Score.objects.filter(source="by hand").order_by("value").values_list("value", "taken_on")
    assert list(found) == [(71, today), (103, today)]


def test_days_that_were_never_logged_are_told(cast, group):
    before = unlogged_days(group)
    log(cast, group, "held", "absent", day=before[-1])
    assert unlogged_days(group) == before[:-1]
    assert {day.weekday() for day in before} <= {0, 2, 4}
    assert [(one.day, one.present, one.logged) for one in days_met(group)] == [(before[-1], 1, 2)]


def address(group):
    return f"{group.get_absolute_url()}session/"


def test_the_page_says_that_all_were_there_until_told_otherwise(cast, group, as_user):
    page = as_user(cast.sol).get(address(group))
    form = page.context["form"]
    assert [form[f"result-{plan.uuid}"].value() for plan in (cast.plan, cast.other)] == ["held", "held"]
    data = {f"result-{plan.uuid}": "held" for plan in (cast.plan, cast.other)} | {"minutes": 20}
    assert as_user(cast.sol).post(address(group), data)["Location"] == group.get_absolute_url()
    page = as_user(cast.sol).get(address(group))
    assert "Logged. What you change replaces it." in page.content.decode()


def test_a_session_that_was_not_held_has_one_reason_for_all(cast, group, as_user):
    data = {f"result-{plan.uuid}": "held" for plan in (cast.plan, cast.other)}
    as_user(cast.sol).post(address(group), {**data, "whole": "provider_out"})
    assert stored(cast) == [("Maya", "provider_out", 0), ("Jonas", "provider_out", 0)]
    assert as_user(cast.sol).get(address(group)).context["form"]["whole"].value() == "provider_out"


def test_a_second_score_of_the_day_asks_which_counts(cast, group, as_user):
    Score.objects.create(
        student=cast.maya, measure=cast.fluency, taken_on=cast.school.today(), source="by hand", value=61
    )
    data = {
        f"result-{cast.plan.uuid}": "held",
        f"result-{cast.other.uuid}": "skipped",
        f"score-{cast.plan.uuid}": "16",
        f"note-{cast.plan.uuid}": "Tired",
    }
    asked = as_user(cast.sol).post(address(group), data)
    page = asked.content.decode()
    assert (asked.status_code, f'name="counts-{cast.plan.uuid}"' in page, "Tired" in page) == (
        422,
        True,
        True,
    )
    assert f'name="counts-{cast.other.uuid}"' not in page
    as_user(cast.sol).post(address(group), {**data, f"counts-{cast.plan.uuid}": "old"})
    assert Score.objects.get(source="by hand").value == 61
    assert cast.maya.set_aside_scores.get().value == 16
    assert stored(cast) == [("Maya", "held", 20)]


def test_a_group_without_anybody_says_so(cast, as_user):
    group = make_group(cast, plans=[])
    assert "No one was in the group on that day." in as_user(cast.sol).get(address(group)).content.decode()


def test_what_is_about_one_student_is_in_nobody_elses_record(cast, group, as_user):
    data = {f"result-{plan.uuid}": "held" for plan in (cast.plan, cast.other)}
    words = {f"note-{cast.plan.uuid}": "Cried", "group_note": "Page 12"}
    as_user(cast.sol).post(address(group), {**data, **words})
    notes = Session.objects.order_by("plan").values_list("plan__student__first_name", "note")
    assert dict(notes) == {"Maya": "Cried", "Jonas": ""}
    form = as_user(cast.sol).get(address(group)).context["form"]
    assert (form[f"note-{cast.plan.uuid}"].value(), form["group_note"].value()) == ("Cried", "Page 12")
    as_user(cast.sol).post(address(group), {**data, "seen": form["seen"].value()})
    assert (Session.objects.exclude(note="").count(), GroupNote.objects.count()) == (0, 0)


def test_another_note_of_the_group_meanwhile_is_shown(cast, group):
    log(cast, group, group_note="Page 12")
    with pytest.raises(StaleEdit, match="Page 12"):
        log(cast, group, group_note="Page 13", seen="")
    assert GroupNote.objects.get().text == "Page 12"


def test_sessions_before_a_student_joined_or_after_they_left_are_not_the_groups(cast, group):
    today = cast.school.today()
    member = group.members.get(plan=cast.other)
    member.joined_on, member.left_on = today - dt.timedelta(days=14), today - dt.timedelta(days=7)
    member.save()
    for days in (20, 10, 3):
        Session.objects.create(
            plan=cast.other, held_on=today - dt.timedelta(days=days), minutes=20, logged_by=cast.sol
        )
    assert [one.day for one in days_met(group)] == [today - dt.timedelta(days=10)]
    assert today - dt.timedelta(days=10) not in unlogged_days(group)
