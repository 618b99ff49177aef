"""The desk: what waits, in which section, and working through it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import escape

from datareview.case_rules.models import CaseRules
from datareview.desk.queries.desk import desk_of, finding_of
from datareview.desk.queries.lines import SECTIONS, worse_since
from datareview.desk.queries.today import sessions_today
from datareview.disputes.queries.values import values_of
from datareview.disputes.services import open_dispute
from datareview.flags.models import Candidate
from datareview.flags.queries.concerns import Concern
from datareview.flags.services.candidates import decide_candidate, mark_on_agenda
from datareview.hand_scores.services import enter_score
from datareview.plans.models import Plan
from datareview.progress.models import Review, Session
from datareview.progress.services.reviews import review_plan
from datareview.records.models import Score
from datareview.requests.models import AssistanceRequest
from datareview.requests.services import raise_candidate, request_assistance
from tests.conftest import TODAY, make_plan
from tests.factories.groups import make_group

DESK = "/desk/"


def lines(user, school, **wanted):
    desk = desk_of(user, school, wanted)
    return {one.key: [(line.student.first_name, line.side) for line in one.lines] for one in desk.sections}


def test_each_candidate_and_plan_is_in_the_one_section_that_says_what_to_do(cast):
    assert lines(cast.cora, cast.school) == {
        "new": [("Maya", "new")],
        "not_logged": [("Maya", "18 not logged")],
    }
    Plan.objects.update(review_on=TODAY)
    assert list(lines(cast.cora, cast.school)) == ["new", "due"]


def test_a_specialist_sees_the_plans_they_deliver_and_no_candidates(cast):
    make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.tom, cast.team)
    assert lines(cast.sol, cast.school) == {"not_logged": [("Maya", "18 not logged")]}
    assert lines(cast.cora, cast.school, mine="yes") == {}
    assert lines(cast.zed, cast.other_school) == {}


def test_the_desk_opens_the_line_that_is_named_else_where_one_stopped_else_the_first(cast):
    first, second = f"candidate-{cast.candidate.uuid}", f"plan-{cast.plan.uuid}"

    def opened(last="", **wanted):
        desk = desk_of(cast.cora, cast.school, wanted, last=last)
        return desk.current.key, desk.previous, desk.following

    assert opened() == (first, "", second)
    assert opened(last=second) == (second, first, "")
    assert opened(last=second, line=first) == (first, "", second)
    assert opened(line="plan-nothing") == (first, "", second)
    assert opened(section="not_logged") == (second, "", "")


@pytest.mark.parametrize(
    ("counts", "students", "finding"),
    [
        ({}, 0, "Nothing is waiting for you."),
        ({"new": 2}, 1, "1 student is waiting for a first decision"),
        (
            {"new": 12, "not_working": 2},
            11,
            "11 students are waiting for a first decision, and 2 plans are not working",
        ),
        ({"due": 2, "late": 4}, 0, "2 plans are due for a decision"),
        ({"due": 1, "not_working": 1}, 0, "1 plan is due for a decision, and 1 plan is not working"),
        ({"late": 3, "not_working": 1, "worse": 2}, 0, "4 plans need a look"),
        ({"no_seat": 1, "worse": 1}, 0, "2 concerns need a look"),
    ],
)
def test_the_title_says_what_is_true_now(counts, students, finding):
    assert finding_of({key: counts.get(key, 0) for key in SECTIONS}, students=students) == finding


def test_two_concerns_of_a_student_are_one_student_who_waits(cast):
    raise_candidate(cast.maya, "behavior", actor=cast.ana, reasons={"en": "Fights"}, on=TODAY)
    assert desk_of(cast.cora, cast.school, {}).finding == "1 student is waiting for a first decision"


@pytest.mark.parametrize(
    ("before", "since", "higher", "sentence"),
    [
        ([90, 90], [80, 70], True, "75 on average since Tue, Dec 1, 90 before"),
        ([90, 90], [80, 70], False, ""),
        ([90, 90], [95, 95], True, ""),
        ([0, 1], [2, 3], False, "2.5 on average since Tue, Dec 1, 0.5 before"),
        ([90, 90], [70], True, ""),
        ([], [70, 60], True, ""),
    ],
)
def test_watched_is_worse_if_values_since_are_worse_than_those_before(before, since, higher, sentence):
    day = dt.date(2026, 12, 1)
    points = [(day - dt.timedelta(weeks=back), value) for back, value in enumerate(reversed(before))][::-1]
    points += [(day + dt.timedelta(weeks=1 + ahead), value) for ahead, value in enumerate(since)]
    said = worse_since(Concern("", points, higher_is_better=higher), day)
    assert said.replace("Dec 1, 2026", "Tue, Dec 1").replace("since Dec 1", "since Tue, Dec 1") == sentence


def test_whoever_was_promised_an_answer_comes_before_what_rules_found(cast):
    Candidate.objects.update(severity=3, raised_on=TODAY - dt.timedelta(days=12))
    asked = {"actor": cast.ana, "domain": "behavior", "worry": "Cries at noon"}
    later = request_assistance(cast.maya, **asked)
    sooner = request_assistance(cast.jonas, **asked)
    AssistanceRequest.objects.filter(pk=sooner.pk).update(answer_by=later.answer_by - dt.timedelta(days=1))
    new = {one.key: one for one in desk_of(cast.cora, cast.school, {}).sections}["new"]
    assert [(line.student, line.domain) for line in new.lines] == [
        (cast.jonas, "behavior"),
        (cast.maya, "behavior"),
        (cast.maya, cast.candidate.domain),
    ]


def test_the_desk_counts_disputes_that_the_user_answers(cast, as_user):
    enter_score(cast.maya, cast.fluency, actor=cast.cora, value=44, taken_on=cast.school.today())
    value = next(one for one in values_of(cast.maya) if one.key == f"score-{Score.objects.get(value=44).pk}")
    open_dispute(cast.maya, value, actor=cast.ana, what="It was 61")
    counts = [desk_of(user, cast.school, {}).disputes for user in (cast.cora, cast.pia, cast.ana)]
    assert counts == [1, 0, 0]
    page = as_user(cast.cora).get(DESK).content.decode()
    assert 'href="/disputes/">Disputed values</a> 1' in page


def test_keys_are_named_only_beside_a_line(cast, as_user):
    assert "<kbd>j</kbd>" in as_user(cast.cora).get(DESK).content.decode()
    assert "<kbd>j</kbd>" not in as_user(cast.tom).get(DESK).content.decode()


def test_a_line_leaves_with_its_decision_and_comes_back_with_undo(cast, as_user):
    client = as_user(cast.cora)
    assert "Maya Okafor" in client.get(DESK).content.decode()
    decide = f"{DESK}{cast.candidate.uuid}/decide/"
    following = f"plan-{cast.plan.uuid}"
    answer = client.post(
        decide, {"state": "no_action", "note": "Broken arm", "next": f"section=new&line={following}"}
    )
    assert answer["Location"] == f"{DESK}?section=new&line={following}"
    page = client.get(answer["Location"]).content.decode()
    assert ("Undo" in page, "waiting for a first decision" in page) == (True, False)
    answer = client.post(f"{DESK}{cast.candidate.uuid}/undo/", {"section": "new"})
    assert answer["Location"] == f"{DESK}?section=new&line=candidate-{cast.candidate.uuid}"
    assert Candidate.objects.get().state == "new"
    assert "waiting for a first decision" in client.get(DESK).content.decode()


def test_the_desk_goes_on_with_the_section_that_is_chosen(cast, as_user):
    other = raise_candidate(cast.jonas, "behavior", actor=cast.ana, reasons={"en": "Fights"}, on=TODAY)[0]
    client = as_user(cast.cora)
    page = client.get(DESK, {"section": "new", "line": f"candidate-{cast.candidate.uuid}"})
    onward = page.context["desk"].onward
    assert onward.startswith("section=new")
    assert page.context["form"].initial["next"] == onward
    assert (
        f'name="desk" value="{escape(onward)}" form="propose-{cast.candidate.uuid}"' in page.content.decode()
    )
    send = reverse("collab:candidate-propose", args=[cast.candidate.uuid])
    answer = client.post(send, {"team": cast.team.uuid, "desk": onward})
    assert (answer["Location"], other.state) == (f"{DESK}?{onward}", "new")
    assert Candidate.objects.get(pk=cast.candidate.pk).state == "on_agenda"


def test_a_decision_without_a_reason_keeps_what_was_typed(cast, as_user):
    until = TODAY + dt.timedelta(days=9)
    answer = as_user(cast.cora).post(
        f"{DESK}{cast.candidate.uuid}/decide/",
        {"state": "watch", "note": "", "watch_until": until, "next": "section=new"},
    )
    assert answer.context["desk"].chosen == "new"
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("Say in a few words why" in page, until.isoformat() in page) == (True, True)


@pytest.mark.parametrize("is_decided", [True, False])
def test_a_refused_decision_stays_with_its_student_whom_a_colleague_took_off_the_desk(
    cast, as_user, is_decided
):
    raise_candidate(cast.jonas, "behavior", actor=cast.ana, reasons={"en": "Fights"}, on=TODAY)
    if is_decided:
        decide_candidate(cast.candidate, actor=cast.pia, state="no_action", note="A bus strike")
    else:
        mark_on_agenda(cast.candidate, actor=cast.pia)
    answer = as_user(cast.cora).post(
        f"{DESK}{cast.candidate.uuid}/decide/",
        {"state": "watch", "note": "Her grandmother drives her", "next": ""},
    )
    page = answer.content.decode()
    assert (answer.status_code, answer.context["desk"].candidate.student) == (422, cast.maya)
    assert "Her grandmother drives her" in page
    assert ("A bus strike" in page) is is_decided
    assert f"{cast.jonas.candidates.get().uuid}/decide/" not in page


def test_sessions_of_today_are_in_order_of_time_and_logged_with_one_tap(cast, as_user):
    Plan.objects.update(weekdays=[TODAY.weekday()])
    cast.plan.refresh_from_db()
    alone = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    Plan.objects.filter(pk=alone.pk).update(weekdays=[TODAY.weekday()], time=dt.time(8, 5))
    group = make_group(cast)
    found = sessions_today(cast.sol, cast.school)
    assert [(one.time, one.group, one.logged) for one in found] == [
        (dt.time(8, 5), None, 0),
        (dt.time(10, 10), group, 0),
    ]
    client = as_user(cast.sol)
    client.post(
        f"{group.get_absolute_url()}session/",
        {f"result-{cast.plan.uuid}": "held", "minutes": 20, "from": "desk"},
    )
    answer = client.post(
        f"{alone.get_absolute_url()}session/",
        {"held_on": TODAY, "result": "held", "client_key": found[0].click_key, "from": "desk"},
    )
    assert answer["Location"] == DESK
    assert Session.objects.count() == 2
    assert all(one.is_logged for one in sessions_today(cast.sol, cast.school))
    page = client.get(DESK).content.decode()
    assert page.count("tag-done") >= 2
    assert f'href="{group.get_absolute_url()}session/">Change<' in page
    assert f'href="{alone.get_absolute_url()}#sessions">Change<' in page


def test_a_candidate_can_join_a_group_with_a_free_seat(cast, as_user):
    cast.fluency.domain = cast.candidate.domain
    cast.fluency.save()
    group = make_group(cast, plans=[], seats=1)
    full = make_group(cast, name="Full", seats=1)
    page = as_user(cast.cora).get(DESK).content.decode()
    join = "/join/?candidate="
    assert (f"{group.get_absolute_url()[:-1]}{join}" in page, full.get_absolute_url() in page) == (True, True)
    assert f"{full.get_absolute_url()[:-1]}{join}" not in page


def test_an_empty_desk_says_what_appears_here(cast, as_user):
    Candidate.objects.all().delete()
    Plan.objects.all().delete()
    page = as_user(cast.cora).get(DESK).content.decode()
    assert "Nothing is waiting for you." in page


def test_who_waits_for_a_seat_is_listed_with_the_reason_and_since_when(cast):
    decide_candidate(cast.candidate, actor=cast.cora, state="seat", note="Check-in is full")
    section = {one.key: one for one in desk_of(cast.cora, cast.school, {}).sections}["no_seat"]
    assert [(line.student, line.reason) for line in section.lines] == [(cast.maya, "Check-in is full")]


def test_a_plan_that_does_not_work_leaves_with_its_review_and_is_back_after_two_more_scores(cast):
    Session.objects.all().delete()
    Score.objects.filter(student=cast.maya, measure=cast.fluency).delete()
    Plan.objects.update(review_on=TODAY + dt.timedelta(days=30))

    def score(ago, value):
        Score.objects.create(
            student=cast.maya, measure=cast.fluency, taken_on=TODAY - dt.timedelta(days=ago), value=value
        )

    for ago in range(2, 40, 4):
        score(ago, 0)
    assert "not_working" in lines(cast.cora, cast.school)
    review = review_plan(
        cast.plan,
        actor=cast.cora,
        decision="continue",
        reason="The tutor was ill",
        next_review_on=TODAY + dt.timedelta(days=60),
    )
    assert "not_working" not in lines(cast.cora, cast.school)
    Review.objects.filter(pk=review.pk).update(created_at=review.created_at - dt.timedelta(days=3))
    assert "not_working" not in lines(cast.cora, cast.school)
    score(1, 0)
    assert "not_working" in lines(cast.cora, cast.school)


def test_what_was_decided_can_be_undone_at_the_desk_for_ten_minutes(cast, as_user, settings):
    client = as_user(cast.cora)
    until = cast.school.today() + dt.timedelta(days=9)
    typed = {"state": "watch", "note": "A bus", "watch_until": until}
    client.post(reverse("datareview:desk-decide", args=[cast.candidate.uuid]), typed)
    assert client.get(DESK).context["undo"] == cast.candidate
    settings.CLOCK_OFFSET += dt.timedelta(minutes=9)
    assert client.get(DESK).context["undo"] == cast.candidate
    settings.CLOCK_OFFSET += dt.timedelta(minutes=2)
    assert client.get(DESK).context["undo"] is None


def test_what_waits_longer_than_the_schools_limit_comes_first_and_is_counted(cast, as_user):
    CaseRules.objects.create(school=cast.school, unseen_days=7)
    Plan.objects.update(review_on=TODAY - dt.timedelta(days=9))
    Candidate.objects.update(raised_on=TODAY - dt.timedelta(days=8))
    desk = desk_of(cast.cora, cast.school, {})
    assert [(one.key, [line.section for line in one.lines]) for one in desk.sections] == [
        ("overdue", ["due", "new"])
    ]
    assert (desk.overdue, desk.finding) == (2, "1 student is waiting for a first decision")
    for who in (cast.cora, cast.pia):
        assert "2 have waited for more than 7 days" in as_user(who).get(DESK).content.decode()
    CaseRules.objects.update(unseen_days=8)
    assert list(lines(cast.cora, cast.school)) == ["overdue", "new"]
    CaseRules.objects.update(unseen_days=9)
    assert list(lines(cast.cora, cast.school)) == ["new", "due"]
