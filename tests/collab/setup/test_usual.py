"""What most schools begin with, added on one page."""

import dataclasses

import pytest
from django.core.exceptions import PermissionDenied

from collab.setup.grades import grades_in_name
from collab.setup.queries.usual import usual_offer
from collab.setup.services.schools import add_school
from collab.setup.services.usual import UsualChoice, adopt_usual
from datareview.flags.models import Rule
from datareview.records.models import Benchmark, Measure
from teams.directory.models import Holiday, Period, Role, User
from teams.lib.errors import DomainError
from tests import conftest

ALL = UsualChoice(
    lowest_grade=0,
    highest_grade=5,
    holidays=True,
    bells="elementary",
    measures=("orf-hasbrouck-tindal-2017", "srss-e7", "srss-i5", "srss-i6"),
    rules=("chronic-absence", "incidents", "core-courses", "below-benchmark"),
    strategies=True,
)


@pytest.fixture
def ida(db):
    return User.objects.create_user("ida@adams.test", first_name="Ida", last_name="Wolf")


@pytest.fixture
def adams(ida):
    return add_school(
        "Adams Elementary", actor=None, administrator=ida, time_zone="America/Chicago", language="en"
    )


@pytest.mark.parametrize(
    ("name", "grades"),
    [
        ("Lincoln Elementary", (0, 5)),
        ("Escuela Primaria Juárez", (0, 5)),
        ("High Desert Middle School", (6, 8)),
        ("Lee Junior High School", (6, 8)),
        ("Middletown High School", (9, 12)),
        ("Oak Park K-8", (0, 8)),
        ("Oak Park School K–6", (0, 6)),
        ("Area 51 K-51", None),
        ("Highland Academy", None),
    ],
)
def test_a_schools_name_may_tell_its_grades(name, grades):
    assert grades_in_name(name) == grades


def test_a_new_school_has_the_grades_of_its_name(adams):
    assert (adams.lowest_grade, adams.highest_grade) == (0, 5)


def test_everything_that_fits_the_grades_is_added(ida, adams):
    holidays = len(usual_offer(adams).holidays)  # one that falls on a weekend is left out
    added = adopt_usual(adams, ALL, actor=ida)
    assert holidays in (8, 9)
    assert (added.holidays, added.periods, added.measures) == (holidays, 40, 3)
    assert Holiday.objects.filter(school=adams).count() == holidays
    assert Period.objects.filter(school=adams, cycle_day=4).count() == 8
    measures = Measure.objects.filter(school=adams, derived_from="")
    assert set(measures.values_list("key", flat=True)) == {
        "orf-hasbrouck-tindal-2017",
        "srss-e7",
        "srss-i5",
    }
    assert set(Benchmark.objects.filter(measure__in=measures).values_list("grade", flat=True)) == set(
        range(6)
    )
    rules = Rule.objects.filter(school=adams).values_list("key", flat=True)
    assert set(rules) == {
        "chronic-absence",
        "incidents",
        "below-benchmark-orf-hasbrouck-tindal-2017",
        "below-benchmark-srss-e7",
        "below-benchmark-srss-i5",
    }
    strategies = adams.strategies.all()
    assert added.strategies == len(strategies) > 20
    assert [one.name for one in strategies if one.lowest_grade is not None and one.lowest_grade > 5] == []
    assert str(added) == (
        f"Added: {holidays} holidays, 40 periods, 3 measures, 5 rules, {added.strategies} strategies."
    )


def test_again_nothing_is_added_and_nothing_changes(ida, adams):
    adopt_usual(adams, ALL, actor=ida)
    adams.refresh_from_db()
    assert str(adopt_usual(adams, ALL, actor=ida)) == "Saved."
    offer = usual_offer(adams)
    assert (offer.holidays, offer.bells) == ([], None)
    assert [preset.key for preset in offer.rules] == ["core-courses"]


def test_what_was_not_chosen_is_not_added(ida, adams):
    added = adopt_usual(adams, UsualChoice(lowest_grade=6, highest_grade=8), actor=ida)
    assert str(added) == "Saved."
    adams.refresh_from_db()
    assert (adams.lowest_grade, adams.highest_grade) == (6, 8)
    assert (Period.objects.count(), Holiday.objects.count(), Rule.objects.count()) == (0, 0, 0)


def test_what_the_school_has_stays(ida, adams):
    Period.objects.create(school=adams, cycle_day=0, name="A", starts_at="08:00", ends_at="09:00")
    own = Holiday.objects.create(school=adams, name="Fair", starts_on=adams.today(), ends_on=adams.today())
    adopt_usual(adams, ALL, actor=ida)
    assert [period.name for period in adams.periods.all()] == ["A"]
    assert list(adams.holidays.all()) == [own]


def test_grades_that_a_school_cannot_have_keep_everything_as_it_was(ida, adams):
    with pytest.raises(DomainError, match="lowest grade is above"):
        adopt_usual(adams, UsualChoice(lowest_grade=5, highest_grade=3, strategies=True), actor=ida)
    assert adams.strategies.count() == 0


def test_only_who_sets_the_school_up_may(adams):
    tom = conftest.make_staff("Tom", "Lane", adams, Role.COORDINATOR)
    with pytest.raises(PermissionDenied):
        adopt_usual(adams, ALL, actor=tom.user)


def test_a_school_elsewhere_is_offered_no_holidays_of_the_united_states(ida):
    school = add_school("Colegio", actor=None, administrator=ida, time_zone="Europe/Madrid", language="es")
    offer = usual_offer(school)
    assert (offer.holidays, offer.bells) == ([], "")


def test_the_page_begins_with_everything_chosen_and_keeps_what_was_typed(ida, adams, as_user):
    client = as_user(ida)
    page = client.get("/setup/usual/").content.decode()
    assert page.count("checked") >= 4 + 4 + 2  # measures, rules, holidays and strategies
    assert "Labor Day" in page
    wrong = client.post("/setup/usual/", {"lowest_grade": 5, "highest_grade": 3, "bells": "high"})
    assert wrong.status_code == 422
    assert '<option value="high" selected>' in wrong.content.decode()
    done = client.post(
        "/setup/usual/",
        {"lowest_grade": 0, "highest_grade": 5, "rules": ["chronic-absence"], "strategies": "on"},
        follow=True,
    )
    assert done.redirect_chain == [("/setup/", 302)]
    assert "Added: 1 rule, " in done.content.decode()
    assert "Begin with what is usual" in done.content.decode()


def test_a_school_that_has_all_of_it_is_told_so(ida, adams, as_user):
    everything = dataclasses.replace(ALL, highest_grade=12, bells="high")
    adopt_usual(adams, everything, actor=ida)
    assert "your school has all of it" in as_user(ida).get("/setup/usual/").content.decode()
    assert "Begin with what is usual" not in as_user(ida).get("/setup/").content.decode()
