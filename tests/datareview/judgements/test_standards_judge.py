"""Essential standards that a student has not mastered: counted from the latest check of each, and the preset on them."""

import datetime as dt

import pytest

from datareview.assessments.models import EssentialStandard
from datareview.records.models import AssessmentItem, Student
from datareview.records.queries.mastery import checks_of_essentials
from datareview.rules.presets import presets
from datareview.rules.services.rules import adopt_preset
from datareview.trends.frames.scope import read_scope
from datareview.trends.models import TrendScope
from tests.factories.assessments import absent, answer, make_assessment, make_standard
from tests.factories.judgements import UNTIL, found, judge, known, rule, sentence

DAY = dt.timedelta(days=1)
PRESET = presets()["essential-standards"].parameters


def test_the_latest_check_of_each_standard_counts():
    rows = [
        (1, 10, UNTIL - 9, 0.0),
        (1, 10, UNTIL - 2, 1.0),
        (1, 11, UNTIL - 5, 0.0),
        (1, 12, UNTIL - 5, 0.0),
        (2, 10, UNTIL - 2, 0.0),
        (2, 11, UNTIL - 2, 1.0),
    ]
    one = rule("conditions", **PRESET)
    judged = judge(one, known([1, 2, 3], standards=rows))
    assert [found(judged[student]) for student in (1, 2, 3)] == [(2, False), (0, True), (0, False)]
    assert sentence(one, judged[1]) == "Essential standards not mastered 2 (at least 2)."


def test_a_rule_can_ask_for_all_or_any_of_them():
    def conditions(data, operator, cut):
        condition = {"data": data, "measure": "", "operator": operator, "cut": cut}
        groups = [{"match": "all", "conditions": [condition]}]
        return rule("conditions", domain="academic", severity=1, match="all", groups=groups)

    rows = [(1, 10, UNTIL, 0.0), (1, 11, UNTIL, 0.0), (2, 10, UNTIL, 0.0), (2, 11, UNTIL, 1.0)]
    frames = known([1, 2], standards=rows)
    any_missing, all_missing = conditions("standards", "at_least", 1), conditions("mastered", "at_most", 0)
    assert [judge(any_missing, frames)[pk].severity for pk in (1, 2)] == [1, 1]
    assert [judge(all_missing, frames)[pk].severity for pk in (1, 2)] == [1, 0]


@pytest.fixture
def essential(cast):
    standard = make_standard(cast.school)
    EssentialStandard.objects.create(team=cast.team, year=cast.section.year, standard=standard, mastery=0.7)
    return standard


def checks(cast):
    today = cast.school.today()
    rows = checks_of_essentials(Student.objects.filter(school=cast.school), (cast.school.year_start(), today))
    return [
        (row["student_id"], row["item__assessment__given_on"], row["got"], row["possible"], row["mastery"])
        for row in rows
    ]


def test_only_whole_checks_of_what_the_team_calls_essential_count(cast, essential):
    today = cast.school.today()
    other = make_standard(cast.school, "4.MD.1")
    check = make_assessment(cast.team, "CABD", standard=essential, given_on=today - 8 * DAY)
    answer(check, cast.maya, "CABA")
    answer(check, cast.jonas, "CA.A")
    absent(check, cast.ines)
    answer(make_assessment(cast.team, "CABD", standard=other, title="Other"), cast.maya, "AAAA")
    answer(make_assessment(cast.team, "CA", standard=essential, title="Short"), cast.maya, "AA")
    dropped = make_assessment(
        cast.team, "CABD", standard=essential, title="Dropped item", given_on=today - DAY
    )
    AssessmentItem.objects.filter(assessment=dropped, number=4).update(is_dropped=True)
    answer(dropped, cast.jonas, "CAB.")
    assert checks(cast) == [
        (cast.maya.pk, today - 8 * DAY, 3.0, 4.0, 0.7),
        (cast.jonas.pk, today - DAY, 3.0, 3.0, 0.7),
    ]


def test_a_standard_of_another_team_or_year_and_a_deleted_check_count_nothing(cast, essential):
    check = make_assessment(cast.team, "CABD", standard=essential)
    answer(check, cast.maya, "CABD")
    assert len(checks(cast)) == 1
    check.deleted_at = check.team.created_at
    check.save()
    assert checks(cast) == []
    check.deleted_at = None
    check.save()
    EssentialStandard.objects.update(team=cast.other_team)
    assert checks(cast) == []


def test_the_preset_is_adopted_and_judges_what_was_entered(cast, essential):
    second = make_standard(cast.school, "4.MD.1")
    EssentialStandard.objects.create(team=cast.team, year=cast.section.year, standard=second)
    for place, standard in enumerate((essential, second)):
        check = make_assessment(cast.team, "CABD", standard=standard, title=f"Check {place}")
        answer(check, cast.maya, "AAAA")
        answer(check, cast.jonas, "CABD")
    adopted = adopt_preset(cast.school, "essential-standards", actor=cast.cora)
    scope, _new = TrendScope.objects.get_or_create(school=cast.school, grade=4)
    frames = read_scope(scope, cast.school.year_start(), cast.school.today())
    judged = judge(adopted, frames)
    assert {pk: judged[pk].severity for pk in (cast.maya.pk, cast.jonas.pk, cast.ines.pk)} == {
        cast.maya.pk: 2,
        cast.jonas.pk: 0,
        cast.ines.pk: 0,
    }
    assert frames.as_of(frames.until - 1).standards.empty
