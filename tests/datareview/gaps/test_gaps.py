"""Releasing the figures of groups, and the page and the file that show them."""

import csv
import dataclasses
import datetime as dt
import io
import json
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.comparisons.queries.windows import windows_of_years
from datareview.gaps.models import GapRelease
from datareview.gaps.queries.release import ReleasedRow, count_groups
from datareview.gaps.services import release_gaps
from datareview.records.models import Benchmark, BenchmarkWindow, Score, Student, Subgroup
from teams.documents.makers import Wanted, maker_named
from teams.lib.errors import DomainError
from tests.factories.windows import let_winter_begin_today


@pytest.fixture
def school(cast):
    """Sixty fourth graders with a score in winter: 24 of 40 are at benchmark, 4 of 14 learners, 2 of 6 newcomers."""
    let_winter_begin_today(cast)
    Score.objects.all().delete()
    Student.objects.filter(school=cast.school).delete()
    made = Student.objects.bulk_create(
        Student(school=cast.school, local_id=f"g{number}", first_name="Kim", last_name=f"{number}", grade=4)
        for number in range(60)
    )
    groups = {range(40, 54): "English learner", range(54, 60): "Newcomer"}
    Subgroup.objects.bulk_create(
        Subgroup(student=made[number], category="language", group=group)
        for numbers, group in groups.items()
        for number in numbers
    )
    at = {*range(24), *range(40, 44), 54, 55}
    Score.objects.bulk_create(
        Score(
            student=one, measure=cast.fluency, taken_on=cast.school.today(), value=130 if place in at else 100
        )
        for place, one in enumerate(made)
    )
    cast.made = made
    cast.window = windows_of_years(cast.school)[-1]
    return cast


def release(cast, actor=None):
    return release_gaps(cast.school, cast.fluency, cast.window, actor=actor or cast.pia)


def test_small_groups_and_what_protects_them_are_not_stored(school):
    rows = [ReleasedRow(**row) for row in release(school).rows if row["scope"] is None]
    assert {(row.group, row.n, row.at) for row in rows if row.category == "language"} == {
        ("English learner", None, None),
        ("Newcomer", None, None),
        ("", 40, 24),
    }
    assert next(row for row in rows if not row.category) == ReleasedRow(None, "", "", 60, 30)


def test_figures_stay_as_they_were_released(school, as_user):
    """Otherwise the figures before and after a new score would differ by that student's result."""
    first = release(school)
    Score.objects.filter(student=school.made[0]).update(value=1)
    assert release(school) == first
    page = as_user(school.pia).get(reverse("datareview:gap-show")).context["page"]
    assert [gap.row.at for gap in page.gaps if gap.name == "Everyone"] == [30]


def test_figures_are_released_only_when_nearly_all_have_a_level(school):
    Score.objects.filter(student__in=school.made[:4]).delete()
    with pytest.raises(DomainError, match="Only 56 of 60"):
        release(school)
    Score.objects.filter(student=school.made[5]).delete()
    Score.objects.all().delete()
    with pytest.raises(DomainError, match="No student has a level"):
        release(school)
    assert not GapRelease.objects.exists()


def test_a_window_that_ended_four_weeks_ago_is_released_and_says_who_was_tested(school, as_user, settings):
    Score.objects.filter(student__in=school.made[:4]).delete()
    spring = BenchmarkWindow.objects.filter(year__school=school.school, key="spring")
    spring.update(starts_on=school.school.today() + dt.timedelta(days=10))
    settings.CLOCK_OFFSET += dt.timedelta(days=36)  # 27 days after the last one of winter
    with pytest.raises(DomainError, match="Only 56 of 60"):
        release(school)
    settings.CLOCK_OFFSET += dt.timedelta(days=1)
    made = release(school)
    assert (made.leveled, made.students) == (56, 60)
    page = as_user(school.pia).get(reverse("datareview:gap-show"))
    assert "Only 56 of 60 students had" in page.content.decode()


def test_the_last_window_of_a_year_ends_with_it(school, settings):
    """In summer no later window has begun that would say so."""
    Score.objects.filter(student__in=school.made[:4]).delete()
    year = school.school.years.on(school.school.today()).get()
    BenchmarkWindow.objects.filter(year=year, key="spring").delete()
    year.ends_on = school.school.today() + dt.timedelta(days=1)
    year.save()
    settings.CLOCK_OFFSET += dt.timedelta(days=28)
    with pytest.raises(DomainError, match="Only 56 of 60"):
        release(school)
    settings.CLOCK_OFFSET += dt.timedelta(days=1)
    assert (release(school).leveled, GapRelease.objects.count()) == (56, 1)


def test_teachers_neither_release_nor_see_them(school, as_user):
    with pytest.raises(PermissionDenied):
        release(school, school.ana)
    release(school)
    for name in ("gap-show", "gap-download"):
        assert as_user(school.ana).get(reverse(f"datareview:{name}")).status_code == 403


def test_a_gap_is_named_only_if_chance_does_not_explain_it(school, as_user):
    address = reverse("datareview:gap-show")
    Subgroup.objects.filter(group="Newcomer").delete()
    release(school)
    page = as_user(school.pia).get(address).context["page"]
    (learner,) = [gap for gap in page.gaps if gap.name == "English learner"]
    assert (learner.row.n, learner.row.at) == (14, 4)
    assert round(learner.gap[0], 3) == round(4 / 14 - 26 / 46, 3)
    assert not learner.is_real
    assert page.chart.title == "Oral reading fluency: no group shown is behind by more than chance"
    GapRelease.objects.all().delete()
    Score.objects.filter(student__in=school.made[40:43]).update(value=100)
    release(school)
    assert (
        as_user(school.pia)
        .get(address)
        .context["page"]
        .chart.title.startswith("English learner: 49 points behind")
    )


def test_nothing_is_said_of_groups_that_are_all_hidden(school, as_user):
    Subgroup.objects.filter(group="English learner").delete()
    release(school)
    page = as_user(school.pia).get(reverse("datareview:gap-show")).context["page"]
    assert [gap.row.n for gap in page.gaps if gap.row.group] == [None]
    assert page.chart.title == "Oral reading fluency: no group is large enough to compare"


def test_grades_are_those_of_the_windows_year(school):
    last = dataclasses.replace(school.window, years_ago=1)
    counted = count_groups(school.school, school.fluency, school.window)
    assert {key.scope for key in counted.counts} == {None, 4}
    with patch("datareview.gaps.queries.release.windows_of_years", return_value=[last]):
        Benchmark.objects.filter(measure=school.fluency).update(grade=3)
        counted = count_groups(school.school, school.fluency, last)
    assert {key.scope for key in counted.counts} == {None, 3}


def test_page_chart_table_and_file_show_the_same_and_nothing_hidden(school, as_user):
    release(school)
    client = as_user(school.pia)
    for grade in ("", "4"):
        page = client.get(reverse("datareview:gap-show", query={"grade": grade}))
        answer = client.get(reverse("datareview:gap-download", query={"grade": grade}))
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        shown = {row[0]: row[1:] for row in rows[1:]}
        assert shown["English learner"] == shown["Newcomer"] == ["–"] * 5
        assert shown["Everyone"][:2] == ["60", "50%"]
        assert [tuple(row) for row in rows[1:]] == [
            tuple(map(str, row)) for row in page.context["page"].chart.table.rows
        ]
        stored = json.dumps(GapRelease.objects.get().rows)
        assert '"n": 14' not in stored
        assert '"n": 6,' not in stored


def test_the_page_offers_to_release_and_says_why_not_yet(school, as_user):
    client = as_user(school.cora)
    page = client.get(reverse("datareview:gap-show")).content.decode()
    assert "Release the figures" in page
    data = {"measure": school.fluency.uuid, "window": school.window.id}
    done = client.post(reverse("datareview:gap-release"), data, follow=True)
    assert "The figures are released." in done.content.decode()
    assert client.post(reverse("datareview:gap-release"), {**data, "window": "fall-1999"}).status_code == 404


def test_a_group_that_a_student_left_counts_no_more(school):
    Subgroup.objects.filter(group="Newcomer").update(ends_on=school.school.today() - dt.timedelta(days=1))
    rows = {
        row["group"]: row["n"] for row in release(school).rows if row["scope"] is None and row["category"]
    }
    assert rows == {"English learner": 14, "": 46}


def test_groups_are_those_of_the_windows_last_day(school):
    """Who left a group since, often because of doing well, was in it then."""
    fall = dataclasses.replace(
        school.window, key="fall", begins=school.window.begins - dt.timedelta(days=60), season="Fall"
    )
    Subgroup.objects.filter(group="Newcomer").update(ends_on=school.window.begins - dt.timedelta(days=1))
    Score.objects.update(taken_on=fall.begins)
    with patch("datareview.gaps.queries.release.windows_of_years", return_value=[fall, school.window]):
        counts = count_groups(school.school, school.fluency, fall).counts
    assert {key.group: row.n for key, row in counts.items() if key.scope is None and key.category} == {
        "English learner": 14,
        "Newcomer": 6,
        "": 40,
    }


def test_the_paper_has_the_figures_of_the_file_and_hides_what_it_hides(school, as_user):
    row = release(school)
    options = {"measure": str(school.fluency.uuid), "window": school.window.id}
    text = as_user(school.pia).get(reverse("datareview:gap-download"), options).content.decode("utf-8-sig")
    cells = {cell for line in csv.reader(io.StringIO(text)) for cell in line if cell}
    paper = maker_named("datareview.gaps")(
        Wanted(school.pia, school.school, options), type("P", (), {"step": lambda *_a: None})()
    )
    assert [cell for cell in cells if cell not in paper] == []
    assert f"fewer than {row.least}" in " ".join(paper.split())
    with pytest.raises(DomainError, match="no longer see"):
        maker_named("datareview.gaps")(
            Wanted(school.tom, school.school, options), type("P", (), {"step": lambda *_a: None})()
        )
