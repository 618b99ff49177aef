"""Requests for assistance: the same queue, an answer in time, and where each stands."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.desk.queries.desk import desk_of
from datareview.flags.models import Candidate, Flag, ReopenedDecision
from datareview.flags.services.candidates import decide_candidate
from datareview.flags.services.flags import refresh_candidates
from datareview.requests.models import AssistanceRequest
from datareview.requests.queries import request_list
from datareview.requests.services import answer_day, request_assistance, withdraw_request
from datareview.trends.models import TrendScope
from datareview.triage.queries.candidates import candidate_page
from teams.directory.models import Holiday
from teams.lib.errors import DomainError


def ask(cast, *, student=None, actor=None, domain="behavior", worry="Cries at noon", **more):
    return request_assistance(
        student or cast.maya, actor=actor or cast.ana, domain=domain, worry=worry, **more
    )


def statuses(user, school, **wanted):
    return [(row.request.worry, row.status, row.is_late) for row in request_list(user, school, wanted).rows]


def test_a_request_puts_the_student_on_the_triage_list(cast):
    asked = ask(cast, since="October", tried="A talk")
    candidate = Candidate.objects.get(domain="behavior")
    assert (asked.candidate, candidate.state, candidate.reason) == (
        candidate,
        "new",
        "Someone asked for help.",
    )
    new = {one.key: one for one in desk_of(cast.cora, cast.school, {}).sections}["new"]
    assert [line.reason for line in new.lines if "asked" in line.reason] == ["Ana R asked: Cries at noon"]


def test_two_clicks_are_one_request_and_a_second_asker_joins_the_candidate(cast):
    assert ask(cast) == ask(cast)
    other = ask(cast, actor=cast.tom, worry="Sits alone")
    assert (AssistanceRequest.objects.count(), Candidate.objects.filter(domain="behavior").count()) == (2, 1)
    assert other.candidate.reason == "Someone asked for help."


def test_a_student_who_is_watched_comes_back_to_the_list(cast):
    until = cast.school.today() + dt.timedelta(days=9)
    decide_candidate(cast.candidate, actor=cast.cora, state="watch", note="A bus", watch_until=until)
    ask(cast, domain="attendance")
    cast.candidate.refresh_from_db()
    assert (cast.candidate.state, cast.candidate.watch_until) == ("new", None)


def test_no_run_clears_what_people_asked_for(cast):
    ask(cast)
    ask(cast, domain="attendance")
    Flag.objects.all().delete()
    for scope in TrendScope.objects.all() or [TrendScope.objects.create(school=cast.school, grade=4)]:
        refresh_candidates(scope, as_of=cast.school.today())
    assert set(Candidate.objects.filter(student=cast.maya).values_list("state", flat=True)) == {"new"}


def test_it_is_answered_by_the_decision(cast):
    asked = ask(cast)
    by = f"{asked.answer_by:%b} {asked.answer_by.day}"
    assert statuses(cast.ana, cast.school) == [("Cries at noon", f"Will be answered by {by}", False)]
    decide_candidate(asked.candidate, actor=cast.cora, state="no_action", note="She talks to Sol now")
    assert statuses(cast.ana, cast.school) == [("Cries at noon", "No action: She talks to Sol now", False)]
    assert statuses(cast.ana, cast.school, show="waiting") == []


def test_a_request_is_late_after_ten_school_days(cast, settings):
    monday = dt.date(2026, 11, 30)
    assert answer_day(cast.school, monday) == dt.date(2026, 12, 14)
    Holiday.objects.create(
        school=cast.school, name="Snow", starts_on=dt.date(2026, 12, 3), ends_on=dt.date(2026, 12, 4)
    )
    assert answer_day(cast.school, monday) == dt.date(2026, 12, 16)
    asked = ask(cast)
    AssistanceRequest.objects.filter(pk=asked.pk).update(answer_by=cast.school.today() - dt.timedelta(days=1))
    assert statuses(cast.cora, cast.school)[0][2] is True


def test_one_sees_ones_own_requests_and_who_decides_sees_all(cast):
    ask(cast)
    ask(cast, actor=cast.sol, worry="Sits alone")
    seen = {
        name: sorted(worry for worry, *_rest in statuses(getattr(cast, name), cast.school))
        for name in ("ana", "tom", "cora", "pia")
    }
    both = ["Cries at noon", "Sits alone"]
    assert seen == {"ana": both[:1], "tom": [], "cora": both, "pia": both}
    assert statuses(cast.zed, cast.other_school) == []


def test_a_withdrawn_request_takes_the_candidate_off_the_list_unless_a_flag_is_open(cast):
    withdraw_request(ask(cast), actor=cast.ana)
    assert Candidate.objects.get(domain="behavior").state == "cleared"
    with_flag = ask(cast, domain="attendance")
    withdraw_request(with_flag, actor=cast.cora)
    assert Candidate.objects.get(domain="attendance").state == "new"
    assert [status for _worry, status, _late in statuses(cast.ana, cast.school)] == ["Withdrawn", "Withdrawn"]


def test_a_candidate_stays_as_long_as_someone_asks(cast):
    first = ask(cast)
    ask(cast, actor=cast.tom, worry="Sits alone")
    withdraw_request(first, actor=cast.ana)
    candidate = Candidate.objects.get(domain="behavior")
    assert (candidate.state, candidate.is_requested) == ("new", True)


def test_what_worries_is_read_by_who_asked_and_who_decides_only(cast, as_user):
    candidate = ask(cast).candidate
    addresses = [candidate.get_absolute_url(), "/candidates/?domain=behavior", cast.maya.get_absolute_url()]
    seen = {
        name: ["Cries" in as_user(getattr(cast, name)).get(address).content.decode() for address in addresses]
        for name in ("tom", "cora")
    }
    assert seen == {"tom": [False, False, False], "cora": [True, False, False]}


def watch(cast, days):
    until = cast.school.today() + dt.timedelta(days=days)
    decide_candidate(cast.candidate, actor=cast.cora, state="watch", note="A bus", watch_until=until)
    return until


@pytest.mark.parametrize("state", ["supported", "disputed"])
def test_a_student_who_was_set_aside_comes_back_to_the_list(cast, state):
    decide_candidate(cast.candidate, actor=cast.cora, state=state, note="By her uncle")
    request = ask(cast, domain="attendance")
    cast.candidate.refresh_from_db()
    assert (request.candidate, cast.candidate.state, request.watch_ended) == (cast.candidate, "new", None)
    assert ReopenedDecision.objects.get().note == "By her uncle"


def test_withdrawing_brings_back_the_watch_that_it_ended(cast):
    until = watch(cast, 9)
    first, second = ask(cast, domain="attendance"), ask(cast, domain="attendance", actor=cast.tom)
    withdraw_request(first, actor=cast.ana)
    assert Candidate.objects.get(pk=cast.candidate.pk).state == "new"
    withdraw_request(second, actor=cast.tom)
    one = Candidate.objects.get(pk=cast.candidate.pk)
    assert (one.state, one.watch_until, one.decision_note, one.decided_by) == (
        "watch",
        until,
        "A bus",
        cast.cora,
    )
    assert list(one.reopened_decisions.all()) == []


def test_a_watch_whose_day_has_come_is_not_brought_back(cast):
    watch(cast, 1)
    asked = ask(cast, domain="attendance")
    ReopenedDecision.objects.update(watch_until=cast.school.today())
    withdraw_request(asked, actor=cast.ana)
    assert Candidate.objects.get(pk=cast.candidate.pk).state == "new"


def test_on_a_candidates_page_one_reads_ones_own_request_and_who_decides_all(cast):
    candidate = ask(cast, tried="A talk").candidate
    seen = {
        name: [one.tried for one in candidate_page(getattr(cast, name), candidate).requests]
        for name in ("ana", "tom", "cora")
    }
    assert seen == {"ana": ["A talk"], "tom": [], "cora": ["A talk"]}


@pytest.mark.parametrize("person", ["gil", "zed"])
def test_nobody_asks_about_a_student_they_do_not_see(cast, person):
    with pytest.raises(PermissionDenied):
        ask(cast, actor=getattr(cast, person))
    with pytest.raises(PermissionDenied):
        withdraw_request(ask(cast), actor=getattr(cast, person))


def test_a_request_without_a_worry_is_refused_and_keeps_what_was_typed(cast, as_user):
    with pytest.raises(DomainError, match="what worries you"):
        ask(cast, worry=" ")
    answer = as_user(cast.ana).post(f"/students/{cast.maya.uuid}/ask/", {"asker": "staff", "tried": "A talk"})
    assert (answer.status_code, "A talk" in answer.content.decode()) == (422, True)


def test_the_candidates_page_shows_who_asked_and_why(cast, as_user):
    asked = ask(cast, tried="A talk", strengths="Draws", asker="family")
    for address in (asked.candidate.get_absolute_url(), f"/desk/?line=candidate-{asked.candidate.uuid}"):
        page = as_user(cast.cora).get(address).content.decode()
        assert [text in page for text in ("asked for help on", "A talk", "Draws", "the family")] == [True] * 4


def test_who_is_asked_for_after_a_decision_has_the_open_flag_and_its_chart(cast):
    flag = cast.candidate.flags.get()
    decide_candidate(cast.candidate, actor=cast.cora, state="no_action", note="A bus")
    page = candidate_page(cast.cora, ask(cast, domain=cast.candidate.domain).candidate)
    assert page.candidate != cast.candidate
    assert ([one.flag for one in page.reasons], len(page.charts), page.is_of_several) == ([flag], 1, False)
    Flag.objects.update(state=Flag.State.RESOLVED)
    page = candidate_page(cast.cora, page.candidate)
    assert ([one.flag for one in page.reasons], len(page.charts)) == ([], 1)


def test_who_is_asked_for_without_a_flag_has_a_chart_of_each_measure_of_the_need(cast):
    page = candidate_page(cast.cora, ask(cast, student=cast.jonas, domain="academic").candidate)
    scored = set(cast.jonas.scores.filter(measure__domain="academic").values_list("measure", flat=True))
    assert (len(page.charts), page.reasons) == (len(scored), [])
    assert scored


def test_a_long_worry_is_cut_in_its_line(cast):
    ask(cast, worry="One of many words. " * 20)
    new = {one.key: one for one in desk_of(cast.cora, cast.school, {}).sections}["new"]
    assert [len(line.reason.split()) for line in new.lines if "asked" in line.reason] == [19]
