"""The benchmarks run in their smallest size, and their peers give the same answers. Nothing is timed."""

import json
from contextlib import contextmanager

import pytest

from benchmarks import answers, explore, files, kernel, pages, people, schedules, school
from benchmarks.timing import Report
from datareview.comparisons.choices import ChartKind
from teams.directory.models import School


@pytest.mark.kernel
def test_the_peers_give_the_same_answers():
    few = kernel.made_up(40)
    kernel.check(kernel.everything(few), kernel.by_scipy(few))
    slopes = kernel.everything(few)["slope"].to_numpy()
    assert kernel.by_statsmodels(few).to_numpy() == pytest.approx(slopes)
    assert kernel.by_polyfit(few).to_numpy() == pytest.approx(slopes)


@pytest.mark.sweep
@pytest.mark.django_db
def test_a_school_is_measured_against_its_peers():
    report = Report()
    school.measure(report, 36)
    assert [line.ours > 0 and line.theirs > 0 for line in report.lines] == [True] * 6
    assert "| ratio |" in report.table()[0]


@pytest.mark.sweep
@pytest.mark.django_db
def test_a_file_is_measured_beside_rows_that_are_written_in_other_ways(monkeypatch, tmp_path, capsys):
    told = {}

    @contextmanager
    def colleague():
        """Save in this process, after the file: another one does not see this test's rows."""
        saves = {}
        yield saves
        stop = tmp_path / "stop"
        stop.touch()
        capsys.readouterr()
        files.save_until(stop)
        saves |= json.loads(capsys.readouterr().out.splitlines()[-1])
        told.update(saves)

    def work(what, row):
        done = files.done_here(what, row.pk)
        row.refresh_from_db()
        return done

    monkeypatch.setattr(files, "_colleague", colleague)
    monkeypatch.setattr(files, "_work", work)
    report = Report()
    files.measure(report, 200)
    assert [line.ours > 0 and line.theirs > 0 for line in report.lines] == [True] * 2
    assert (told["many"], told["errors"]) == (2, 0)
    assert report.figures["a colleague's saves meanwhile"].startswith("2, of which 0 failed")


@pytest.mark.kernel
def test_a_search_for_times_is_measured():
    report = Report()
    schedules.measure(report, 3)
    assert list(report.figures) == ["a weekly time for 3 teams of 120 people"]


def test_a_page_is_measured_beside_a_plain_page_of_its_rows(cast):
    from benchmarks import plain

    page = pages.Page("student", cast.ana, cast.maya.get_absolute_url(), [cast.maya.scores.all()])
    row = pages.compare(page, "this one", rounds=1)
    assert (row.page, row.database, row.ours > 0, row.plain > 0, row.queries > 0) == (
        "student",
        "this one",
        True,
        True,
        True,
    )
    assert pages.table_of([row])[-1].startswith("| student | this one | ")
    assert [len(rows) for rows in plain.shown] == [7]


def test_a_page_that_is_refused_is_not_measured(cast):
    page = pages.Page("student", cast.gil, cast.maya.get_absolute_url(), [])
    with pytest.raises(RuntimeError, match="answered 404"):
        pages.compare(page, "this one", rounds=1)


@pytest.mark.sweep
def test_people_click_on_pages_that_they_may_open(cast, as_user):
    addresses = people._addresses_of(cast.ana)
    assert len(addresses) == len(set(addresses)) >= 6
    assert {as_user(cast.ana).get(address).status_code for address in addresses} == {200}
    assert cast.ana in people._users(cast.school)


def test_results_of_people_are_a_table():
    row = people.PeopleResult("Collab", "SQLite", 2.0, 300, 10.0, 40.0, 90.0, 200.0, 210.0)
    assert people.table_of_people([row])[-1] == (
        "| Collab | SQLite | 2 s | 300 | 40 / 90 ms | 10.0 | 200 → 210 MB |"
    )


@pytest.mark.sweep
@pytest.mark.django_db
def test_each_of_twenty_teachers_has_a_class_whose_answers_they_may_enter(client):
    typists = answers.make_classes(School.objects.create(name="Lincoln", lowest_grade=0, highest_grade=5))
    assert [len(one.students) for one in typists] == [25] * 20
    client.cookies.load(typists[3].cookies)
    cells = json.dumps([[typists[3].students[0], 1, "A", ""]])
    assert client.post(typists[3].save, {"cells": cells}).json()["cells"][0]["text"] == "A"
    assert client.post(typists[4].save, {"cells": cells}).status_code == 404


def test_what_twenty_teachers_waited_for_is_a_table():
    row = answers.AnswersResult("SQLite", 1200, 0, 30.2, 61.4, 28.0)
    assert answers.table_of_answers([row])[-1] == "| SQLite | 1200 | 0 | 30 / 61 ms | 28.0 ms |"


@pytest.mark.sweep
@pytest.mark.django_db
def test_every_kind_of_chart_is_opened_for_a_school():
    user = explore.make_scores(School.objects.create(name="Lincoln", lowest_grade=0, highest_grade=5), 24)
    found = explore.open_pages("SQLite", user, 1)
    assert [one.kind for one in found] == ChartKind.values
    assert [one for one in found if one.p50 <= 0 or one.kilobytes <= 10] == []
    assert len(explore.table_of(found)) == 2 + len(found)
