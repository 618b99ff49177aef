"""Rules replayed on earlier terms: who was enrolled, what was known then, what came of it, and for whom."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.urls import reverse

from datareview.flags.models import Rule
from datareview.records.models import AttendanceDay, Student
from datareview.replays import services, tasks
from datareview.replays.queries.groups import audit_in_words, audited_groups
from datareview.replays.queries.landmarks import Landmark, landmarks_of, students_then
from datareview.replays.queries.outcomes import outcomes_after, usual_outcome
from datareview.replays.queries.page import replay_page_of
from datareview.replays.queries.replay import replay
from datareview.rules.services.drafts import draft_of, read_draft
from teams.directory.models import SchoolYear, Term
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from tests.conftest import START, TODAY, make_student
from tests.factories.drafts import conditions, worried
from tests.factories.judgements import UNTIL, known

CUTS = {"watch": 5, "act": 10, "severe": 40, "min_days": 20, "margin": 0}
MIDDLE = START + (TODAY - START) // 2


@pytest.fixture
def rule(cast):
    """Absence from 10 %, and five students who were often absent (or not) before the middle of the year and after it."""
    Student.objects.filter(school=cast.school).update(status="left", left_on=START)
    for name, before, after in [
        ("Hit", True, True),
        ("Alarm", True, False),
        ("Miss", False, True),
        ("Right", False, False),
        ("Unknown", True, None),
    ]:
        _attend(make_student(cast.school, name, name, "Young", 4), before, after)
    rule = Rule.objects.select_related("school").get(school=cast.school)
    Rule.objects.filter(pk=rule.pk).update(parameters=CUTS)
    rule.refresh_from_db()
    return rule


def _attend(student, before, after):
    """Marks on each weekday: every fifth absent in the half of the year where it says so; none where it says None."""
    days = [START + dt.timedelta(days=n) for n in range((TODAY - START).days)]
    rows = []
    for place, day in enumerate(one for one in days if one.weekday() < 5):
        often = before if day <= MIDDLE else after
        if often is not None:
            mark = "unexcused" if often and place % 5 == 0 else "present"
            rows.append(AttendanceDay(student=student, day=day, mark=mark))
    AttendanceDay.objects.bulk_create(rows)


def changed(rule, **cut_points):
    one = read_draft(rule.school, "", rule)
    one.parameters = {**CUTS, **cut_points}
    return one


def figures(hits):
    return hits.flagged, hits.hits, hits.false_alarms, hits.misses, hits.over


def test_a_rule_is_judged_by_what_was_known_then_and_measured_by_what_came_after(cast, rule):
    terms = replay(rule, changed(rule, act=30), "absence")
    page = replay_page_of(cast.cora, cast.school, terms, is_new=False, seats=2)
    (row,) = page.rows
    assert row.landmark == Landmark("This year", START, MIDDLE, TODAY)
    assert (row.n, row.unknown, row.happened) == (4, 1, 2)
    assert figures(row.before) == (2, 1, 1, 1, 1)
    assert figures(row.changed) == (0, 0, 0, 2, 0)
    assert (row.before.precision, row.before.found) == ("50% (9% to 91%)", "50% (9% to 91%)")
    assert (row.changed.precision, row.changed.found) == ("–", "0% (0% to 66%)")
    assert row.added == []
    assert [(one.first_name, words) for one, words in row.removed] == [
        ("Alarm", "it did not happen"),
        ("Hit", "it happened"),
        ("Unknown", "not known"),
    ]
    assert (row.unnamed, page.total, page.groups) == (0, None, [])


def test_a_flag_opens_only_if_the_rule_held_a_week_before_or_it_is_urgent(cast, rule):
    AttendanceDay.objects.filter(student__first_name="Hit", day__lte=MIDDLE - dt.timedelta(days=7)).update(
        mark="present"
    )
    last = AttendanceDay.objects.filter(
        student__first_name="Hit", day__range=(MIDDLE - dt.timedelta(6), MIDDLE)
    )
    last.update(mark="unexcused")
    (term,) = replay(rule, changed(rule), "absence")
    names = dict(Student.objects.in_bulk(term.students.tolist()).items())
    assert {names[pk].first_name for pk in term.students[term.changed]} == {"Alarm", "Unknown"}
    (term,) = replay(rule, changed(rule, severe=12), "absence")
    assert {names[pk].first_name for pk in term.students[term.changed]} == {"Alarm", "Unknown", "Hit"}


def test_who_was_enrolled_then_is_judged_in_the_grade_of_that_year(cast):
    Student.objects.filter(school=cast.school).delete()
    last = START - dt.timedelta(days=360)
    year = SchoolYear.objects.create(
        school=cast.school, name="Last year", starts_on=last, ends_on=last + dt.timedelta(days=280)
    )
    for name, first, days in [("Fall", last, 120), ("Spring", last + dt.timedelta(days=130), 150)]:
        Term.objects.create(year=year, name=name, starts_on=first, ends_on=first + dt.timedelta(days=days))
    for name, grade, entered, left in [
        ("Stayed", 4, last, None),
        ("Left", 4, last, last + dt.timedelta(days=100)),
        ("Came", 4, START, None),
        ("Small", 0, None, None),
    ]:
        one = make_student(cast.school, name, name, "Young", grade)
        status = "left" if left else "active"
        Student.objects.filter(pk=one.pk).update(entered_on=entered, left_on=left, status=status)
    this, spring, fall = landmarks_of(cast.school)
    assert [one.name for one in (this, spring, fall)] == ["This year", "Spring, Last year", "Fall, Last year"]
    assert (fall.judged_on, fall.until) == (last + dt.timedelta(days=60), year.ends_on)

    def grades(landmark):
        names = dict(Student.objects.values_list("pk", "first_name"))
        return {
            grade: [names[pk] for pk in ids] for grade, ids in students_then(cast.school, landmark).items()
        }

    assert grades(this) == {4: ["Stayed", "Came"], 0: ["Small"]}
    assert grades(spring) == {3: ["Stayed"]}
    assert grades(fall) == {3: ["Stayed"], 4: ["Left"]}


def test_outcomes_count_only_the_days_after_the_judgement():
    day = UNTIL - 30
    frames = known(
        [1, 2, 3],
        incidents=[
            (1, day, "minor", "none"),
            (1, day + 1, "minor", "none"),
            (2, day + 1, "minor", "oss"),
            (3, day + 1, "minor", "none"),
            (3, day + 2, "minor", "none"),
        ],
        grades=[
            (1, 5, "Math", True, day, 90.0),
            (1, 5, "Math", True, day + 9, 59.0),
            (2, 5, "Math", True, day + 1, 50.0),
            (2, 5, "Math", True, day + 9, 60.0),
            (3, 5, "Music", False, day + 9, 10.0),
        ],
        scores=[(1, 7, day, 10.0), (2, 7, day + 9, 99.0), (3, 7, day + 9, 100.0)],
        measures=[(7, "orf", "Fluency", "", True, 8.0, 0, 200)],
        cuts=[(7, "spring", 80, 100, 130, 1.0)],
    )

    def found(key):
        return outcomes_after(frames, day, key).to_dict()

    assert found("incidents") == {1: 0.0, 2: 1.0, 3: 1.0}
    assert found("mark") == {1: 1.0, 2: 0.0}
    assert found("absence") == {}
    assert found("level:nothing") == {}
    assert found("level:orf") == {2: 1.0, 3: 0.0}


@pytest.mark.parametrize(
    ("domain", "groups", "outcome"),
    [
        ("attendance", None, "absence"),
        ("behavior", None, "incidents"),
        ("academic", None, "mark"),
        (
            "academic",
            [
                {
                    "match": "all",
                    "conditions": [{"data": "score", "measure": "orf", "operator": "at_most", "cut": 9}],
                }
            ],
            "level:orf",
        ),
    ],
)
def test_a_rule_should_foresee_what_it_is_about(domain, groups, outcome):
    own = conditions(domain=domain, **({"groups": groups} if groups else {}))
    assert usual_outcome(Rule(kind="conditions", parameters=own)) == outcome


def _audited(*given):
    return [audit_in_words(one) for one in audited_groups(*given)]


def test_groups_are_audited_together_if_they_are_small_and_left_out_if_those_are_too_few():
    happened = np.tile([1.0, 0.0], 150)
    flagged = np.ones(300, bool)
    flagged[:150] = happened[:150] > 0
    halves = np.repeat(np.array(["A", "B"], object), 150)
    first, second = _audited("Program", happened, flagged, halves)
    assert (first.group, first.n, first.flagged, first.found, first.false_alarms) == (
        "A",
        150,
        "50%",
        "100%",
        "0%",
    )
    assert (second.flagged, second.false_alarms, second.ratio) == ("100%", "100%", "2")
    assert (first.notice, second.notice) == ("", "flagged more often than others")
    small = halves.copy()
    small[150:220], small[220:] = "C", "D"
    assert [(one.group, one.n) for one in _audited("Program", happened, flagged, small)] == [
        ("A", 150),
        ("Smaller groups together", 150),
    ]
    small[200:] = "D"
    assert _audited("Program", happened, flagged, small) == []
    halves[:] = "A"
    halves[:30] = "B"
    assert _audited("Program", happened, flagged, halves) == []


def test_many_students_are_replayed_by_a_worker_and_kept(cast, rule, monkeypatch, as_user):
    monkeypatch.setattr(services, "MANY", 0)
    address = reverse("datareview:rule-replay", args=[rule.uuid])
    page = as_user(cast.cora).get(address).content.decode()
    assert "It appears here when it is ready." in page
    job = Job.objects.get(kind=services.REPLAY)
    tasks.replay_rule(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    page = as_user(cast.cora).get(address).content.decode()
    assert "2 of 4" in page
    assert Job.objects.filter(kind=services.REPLAY).count() == 1


def test_a_replay_is_not_kept_for_other_terms(cast, rule):
    Term.objects.all().delete()
    (whole,) = services.replayed(rule, changed(rule), "absence", actor=cast.cora)
    Term.objects.create(year=cast.school.years.get(), name="Fall", starts_on=START, ends_on=TODAY)
    (fall,) = services.replayed(rule, changed(rule), "absence", actor=cast.cora)
    assert [whole.landmark.name, fall.landmark.name] == [
        str(cast.school.years.get()),
        f"Fall, {cast.school.years.get()}",
    ]


def test_the_form_leads_to_the_replay_of_what_was_typed_and_back(cast, rule, as_user):
    client = as_user(cast.cora)
    edit = reverse("datareview:rule-edit", args=[rule.uuid])
    typed = {**CUTS, "act": 30, "lowest_grade": 0, "highest_grade": 5, "replay": "1"}
    address = client.post(edit, typed)["Location"]
    page = client.get(address)
    text = page.content.decode()
    assert "as changed" in text
    assert text.count("Removed, This year (3)") == 1
    back = client.get(page.context["form_url"])
    assert back.context["form"].initial["act"] == 30
    rule.refresh_from_db()
    assert (rule.parameters, Rule.objects.filter(key=rule.key).count()) == (CUTS, 1)


@pytest.mark.parametrize(
    "text",
    [
        "nothing",
        "[]",
        '{"cut_points":{"watch":5}}',
        '{"cut_points":{"watch":5,"act":"10","severe":40,"min_days":20,"margin":0}}',
        '{"cut_points":{"watch":5,"act":1000,"severe":40,"min_days":20,"margin":0}}',
        '{"grades":[5,1]}',
        '{"grades":["a",1]}',
    ],
)
def test_settings_that_no_form_gave_are_refused(cast, rule, text, as_user):
    with pytest.raises(DomainError):
        read_draft(cast.school, text, rule)
    with pytest.raises(DomainError):
        read_draft(cast.school, text)
    address = reverse("datareview:rule-replay", args=[rule.uuid])
    answer = as_user(cast.cora).get(address, {"draft": text})
    assert answer["Location"] == reverse("datareview:rule-list")


def test_a_new_rule_is_replayed_before_it_is_added(cast, rule, as_user):
    page = as_user(cast.cora).get(reverse("datareview:new-rule-replay"), {"draft": worried(), "seats": "1"})
    (row,) = page.context["page"].rows
    assert (row.before, figures(row.changed)) == (None, (2, 1, 1, 1, 2))
    assert [one.first_name for one, _words in row.added] == ["Alarm", "Hit", "Unknown"]
    assert Rule.objects.filter(kind="conditions").count() == 0
    assert draft_of(read_draft(cast.school, worried())) == worried()
