"""Scorecards: learned from earlier years, tested on the last one, kept as a rule with its record."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from django.core.cache import cache
from django.urls import reverse

from datareview.analysis.flagquality import rank_quality
from datareview.flags.models import Rule
from datareview.records.models import AttendanceDay
from datareview.replays.queries.landmarks import Landmark
from datareview.scorecards import services, tasks
from datareview.scorecards.queries.fitting import cut_points_for, learn_scorecard
from datareview.scorecards.queries.history import YearHistory, year_histories
from datareview.scorecards.queries.indicators import indicators_for, settings_of
from teams.jobs.models import Job
from tests.conftest import START, TODAY, make_student
from tests.factories.judgements import found, judge, known, marks, rule, sentence
from tests.factories.scorecards import ABSENT, INCIDENTS, QUERY, make_scorecard, scorecard

SETTINGS = settings_of([ABSENT, INCIDENTS], "absence")


def year(year_of, *, seed, strength=2.0, many=400):
    """A year in which one absent student of three, and one of five with incidents, are drawn; absence foresees more."""
    rng = np.random.default_rng(seed)
    indicators = pd.DataFrame(
        {
            "absence:at_least:10": (rng.random(many) < 0.33).astype(float),
            "incidents:at_least:2": (rng.random(many) < 0.2).astype(float),
        },
        index=np.arange(1, many + 1),
    )
    odds = np.exp(-1.5 + strength * indicators.iloc[:, 0] + 0.7 * indicators.iloc[:, 1])
    happened = pd.Series((rng.random(many) < odds / (1 + odds)).astype(float), indicators.index)
    day = dt.date(year_of, 10, 15)
    landmark = Landmark(f"Fall {year_of}", dt.date(year_of, 8, 20), day, dt.date(year_of + 1, 6, 1))
    return YearHistory(landmark, indicators, happened)


def test_the_last_year_tests_what_the_earlier_ones_taught(cast):
    history = [year(2023, seed=1), year(2024, seed=2), year(2025, seed=3)]
    learned = learn_scorecard(cast.school, SETTINGS, history, seats=None)
    points, record = learned["card"]["points"], learned["record"]
    assert points["absence:at_least:10"] > points["incidents:at_least:2"] > 0
    assert (learned["card"]["n"], record["n"], record["how"]) == (800, 400, "years")
    assert (record["learned"], record["tested"], record["week"]) == ("Fall 2023; Fall 2024", "Fall 2025", 8)
    last = history[-1]
    totals = (last.indicators * pd.Series(points)).sum(axis=1).to_numpy()
    ranking = rank_quality(totals, last.happened.to_numpy())
    assert (record["auc"], record["low"]) == (round(ranking.auc, 4), round(ranking.low, 4))
    assert sum(one["n"] for one in record["bands"]) == 400
    assert sum(one["events"] for one in record["bands"]) == last.happened.sum()
    assert record["said"] == pytest.approx(record["seen"], abs=0.06)
    assert record["capacity"] == 60
    assert (totals >= learned["act"]).sum() <= 60


def test_a_single_year_is_tested_by_students_held_back_and_says_so(cast):
    # Outcomes that nothing foresees: tested on the students it learned from, a card would look right.
    learned = learn_scorecard(cast.school, SETTINGS, [year(2025, seed=4, strength=0.0)], seats=30)
    record = learned["record"]
    assert (record["how"], record["n"], record["bands"], record["capacity"]) == ("folds", 400, [], 30)
    assert record["low"] < 0.62


def test_too_few_students_make_a_cold_start(cast):
    few = year(2025, seed=5, many=60)
    learned = learn_scorecard(cast.school, SETTINGS, [few], seats=None)
    assert set(learned["card"]["points"].values()) == {1}
    assert (learned["card"]["bands"], learned["record"]["is_validated"]) == ([], False)
    assert learn_scorecard(cast.school, SETTINGS, [], seats=None)["record"]["how"] == "none"


@pytest.mark.parametrize(
    ("totals", "capacity", "cuts"),
    [([5, 5, 3, 0], 2, (2, 4)), ([5, 5, 3, 0], 1, (4, 6)), ([0, 0], 1, (1, 2))],
)
def test_no_more_are_to_act_than_can_be_served(totals, capacity, cuts):
    assert cut_points_for(np.array(totals), capacity) == cuts


CARD = rule("scorecard", **scorecard())


def test_points_are_judged_and_said():
    days = marks(1, 12, 100) + marks(2, 3, 100) + marks(3, 12, 100)
    fights = [(student, days[-1][1] - n, "minor", "none") for student in (2, 3) for n in (3, 9)]
    judged = judge(CARD, known([1, 2, 3], attendance=days, incidents=fights))
    assert {pk: found(one) for pk, one in judged.items()} == {1: (2, False), 2: (1, False), 3: (2, False)}
    assert sentence(CARD, judged[3]) == (
        "5 points: Days absent 12% (at least 10%): 3; Incidents in 90 school days 2 (at least 2): 2. "
        "It happened to 50% of the students it learned from with about as many (40% to 60%)."
    )
    calm = judge(CARD, known([1], attendance=marks(1, 2, 100)))[1]
    assert (found(calm), calm.evidence["points"]) == ((0, True), 0)


def test_who_has_no_figure_at_all_is_not_judged():
    only = {"groups": [{"match": "any", "conditions": [ABSENT]}]}
    one = rule("scorecard", **scorecard(**only))
    assert judge(one, known([1], attendance=marks(1, 2, 5)))[1].evidence == {}


@pytest.fixture
def young(cast):
    """Five students who were often absent before the middle of the year, after it, or both."""
    cast.school.students.update(status="left", left_on=START)
    middle = START + (TODAY - START) // 2
    for name, before, after in [("Hit", 1, 1), ("Alarm", 1, 0), ("Miss", 0, 1), ("Right", 0, 0)]:
        student = make_student(cast.school, name, name, "Young", 4)
        days = [START + dt.timedelta(days=n) for n in range((TODAY - START).days)]
        AttendanceDay.objects.bulk_create(
            AttendanceDay(
                student=student,
                day=day,
                mark="unexcused" if (before if day <= middle else after) and place % 5 == 0 else "present",
            )
            for place, day in enumerate(one for one in days if one.weekday() < 5)
        )
    return cast


def test_history_is_what_was_known_then_and_what_came_after(young):
    (one,) = year_histories(young.school, SETTINGS)
    names = dict(young.school.students.values_list("pk", "first_name"))
    rows = {names[pk]: (one.indicators.loc[pk].iloc[0], one.happened[pk]) for pk in one.happened.index}
    assert rows == {"Hit": (1, 1), "Alarm": (1, 0), "Miss": (0, 1), "Right": (0, 0)}


def test_a_scorecard_is_learned_kept_changed_replayed_and_learned_again(young, as_user):
    client = as_user(young.cora)
    address = f"{reverse('datareview:scorecard-new')}?{urlencode(QUERY, doseq=True)}"
    page = client.get(address).content.decode()
    assert "Until then each indicator counts one point" in page
    client.post(address, {"name": "Card", "watch": 1, "act": 2, "lowest_grade": -1, "highest_grade": 12})
    kept = Rule.objects.get(kind="scorecard")
    assert (kept.name, kept.version, kept.is_on) == ("Card", 1, True)
    assert kept.parameters["card"]["points"] == dict.fromkeys(QUERY["indicators"], 1)
    settings = {"watch": 2, "act": 3, "is_on": "on", "lowest_grade": 0, "highest_grade": 5}
    client.post(reverse("datareview:rule-edit", args=[kept.uuid]), settings)
    second = Rule.objects.get(kind="scorecard", version=2)
    assert second.parameters == {**kept.parameters, "watch": 2, "act": 3}
    assert "Not validated here" in client.get(reverse("datareview:rule-list")).content.decode()
    shown = client.get(reverse("datareview:scorecard-show", args=[second.uuid])).content.decode()
    assert "watch from 2, act from 3" in shown
    assert client.get(reverse("datareview:rule-replay", args=[second.uuid])).status_code == 200
    again = f"{address}&{urlencode({'rule': second.uuid})}"
    client.post(again, {"watch": 1, "act": 2, "lowest_grade": 0, "highest_grade": 5})
    assert Rule.objects.get(kind="scorecard", version=3).parameters == kept.parameters


def test_a_user_keeps_what_they_saw_although_the_data_have_changed(young, as_user):
    client = as_user(young.cora)
    address = f"{reverse('datareview:scorecard-new')}?{urlencode(QUERY, doseq=True)}"
    shown = client.get(address).context["form"]["shown"].value()
    seen = cache.get(shown)
    sent = {"name": "Card", "watch": 1, "act": 2, "lowest_grade": -1, "highest_grade": 12, "shown": shown}
    cache.set(shown, seen | {"card": seen["card"] | {"n": 7}})
    for other in (young.other_school, young.school):  # the data of nobody else, nor what is no longer known
        gone = sent | {"shown": shown.replace(f"-{young.school.pk}-", f"-{other.pk}-")[:-1]}
        page = client.post(address, gone).content.decode()
        assert "What was learned has changed since." in page
        assert shown in page
        assert 'value="Card"' in page
    assert not Rule.objects.filter(kind="scorecard").exists()
    client.post(address, sent)
    assert Rule.objects.get(kind="scorecard").parameters["card"]["n"] == 7


def test_many_students_are_learned_from_by_a_worker(young, monkeypatch):
    monkeypatch.setattr(services, "MANY", 0)
    key = services.learning_key(young.school, SETTINGS, None)
    job = services.learned(key, young.school, SETTINGS, seats=None, actor=young.cora)
    tasks.learn_scorecard(job.pk)
    assert Job.objects.get(pk=job.pk).state == "done"
    found = services.learned(key, young.school, SETTINGS, seats=None, actor=young.cora)
    assert found["record"]["n"] == 4


def test_only_what_students_did_can_give_points(cast):
    data = {condition["data"] for condition, _words in indicators_for(cast.school).values()}
    assert data <= {"absence", "incidents", "suspensions", "mark", "failures", "standards", "level"}


def test_another_schools_scorecard_and_other_rules_have_no_page(cast, as_user):
    other = Rule.objects.get(school=cast.school)
    assert as_user(cast.cora).get(reverse("datareview:scorecard-show", args=[other.uuid])).status_code == 404
    theirs = make_scorecard(cast.other_school)
    assert as_user(cast.cora).get(reverse("datareview:scorecard-show", args=[theirs.uuid])).status_code == 404
