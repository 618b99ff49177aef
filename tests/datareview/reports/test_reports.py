"""The trend report: what it says, to whom, and on paper."""

import datetime as dt
import re

import pytest
from django.core.cache import cache

from datareview.cohorts.queries import cohort_of, cohorts_of
from datareview.flags.models import Candidate, Change
from datareview.privacy.models import Disclosure
from datareview.records.models import Benchmark, Measure, Score, SectionTeacher, Student
from datareview.reports.queries.kept import basis_of
from datareview.reports.queries.report import report_of
from datareview.reports.queries.summaries import growth_places
from datareview.runs.services.runs import run_trends_now
from datareview.trends.models import Trend
from teams.documents import pdf
from teams.documents.models import Document
from teams.documents.tasks import make_document
from teams.lib import clock
from teams.lib.formats import signed
from tests.conftest import make_student
from tests.factories.documents import pdf_text
from tests.factories.records import absent
from tests.factories.windows import let_winter_begin_today


@pytest.fixture
def report(cast):
    """The report of the team since four weeks ago, after a run today."""

    def report(user=None, since=28):
        run_trends_now(cast.school, as_of=cast.school.today())
        cohort = cohort_of(user or cast.ana, cast.school, f"team:{cast.team.uuid}")
        since_on = cast.school.today() - dt.timedelta(days=since)
        return report_of(user or cast.ana, basis_of(cohort, since_on), with_chance=True)

    return report


def test_each_of_the_cast_chooses_among_own_cohorts(cast):
    def names(user):
        return {
            name: [label for _key, label in choices] for _kind, name, choices in cohorts_of(user, cast.school)
        }

    assert names(cast.ana) == {"Teams": ["Grade 4"], "Sections": ["4A"]}
    assert names(cast.zed) == {}
    assert list(names(cast.cora)) == ["Teams", "Sections", "School"]


def test_the_median_of_a_measure_of_weeks_is_of_the_last_week(cast, report):
    attendance = Measure.objects.create(
        school=cast.school,
        key="attendance",
        name="Attendance",
        domain="attendance",
        derived_from="attendance",
    )
    absent(cast.jonas, 40, marks={})
    found = {row.measure: (row.share, row.share_of) for row in report().measures}
    assert found[attendance] == ("100", "median of the last week")


@pytest.mark.parametrize("person", ["gil", "zed"])
def test_nobody_reads_the_report_of_another_team(cast, as_user, person):
    response = as_user(getattr(cast, person)).get("/reports/", {"of": f"team:{cast.team.uuid}"})
    assert response.status_code == 422
    assert "Maya" not in response.content.decode()
    assert cohort_of(getattr(cast, person), cast.school, f"team:{cast.team.uuid}") is None
    assert cohort_of(getattr(cast, person), cast.school, "school") is None


def test_candidates_nobody_decided_about_come_first(cast, report):
    found = report()
    assert [line.student for line in found.decisions.candidates] == [cast.maya]
    assert found.finding.startswith("1 student needs a decision.")
    assert found.decisions.candidates[0].basis.startswith("Flagged since")
    Candidate.objects.update(is_requested=True)  # nobody flagged, somebody asked
    assert report().decisions.candidates[0].basis.startswith("Waiting since")
    Candidate.objects.update(state="watch", watch_until=cast.school.today() + dt.timedelta(days=9))
    assert report().decisions.candidates == []


def test_growth_below_what_is_expected_is_named_only_past_chance(cast, report):
    """Jonas grows by 2.25 per week: clearly slower than an expected 9, but not than 2.4."""
    Score.objects.exclude(student=cast.jonas).delete()
    Benchmark.objects.filter(measure=cast.fluency).update(growth_per_week=2.4)
    assert (report().slower, report().tested) == ([], 1)
    Benchmark.objects.filter(measure=cast.fluency).update(growth_per_week=9)
    (line,) = report().slower
    assert line.student == cast.jonas
    assert line.sentence == "Oral reading fluency: +2.3 a week, expected +9.0."
    assert "7 scores from" in line.basis


@pytest.fixture
def classmates(cast):
    """Twenty classmates who scored 60 to 98 five weeks ago and four more each now, all of level 2; the error is 5."""
    Measure.objects.filter(pk=cast.fluency.pk).update(sem=5)
    Benchmark.objects.filter(measure=cast.fluency).update(below=55, at=105, above=140)
    Score.objects.all().delete()
    today = cast.school.today()
    found = [make_student(cast.school, f"8{n:02}", "Class", f"Mate {n:02}", 4) for n in range(20)]
    for n, student in enumerate(found):
        for value, days in ((60 + 2 * n, 35), (64 + 2 * n, 2)):
            taken_on = today - dt.timedelta(days=days)
            Score.objects.create(student=student, measure=cast.fluency, taken_on=taken_on, value=value)
    return found


def moved(cast, student, before, after, days=(34, 1)):
    today = cast.school.today()
    for value, back in zip((before, after), days, strict=True):
        taken_on = today - dt.timedelta(days=back)
        Score.objects.create(student=student, measure=cast.fluency, taken_on=taken_on, value=value)


def test_a_gain_that_chance_explains_is_not_praised(cast, report, classmates):
    moved(
        cast, cast.jonas, 50, 62
    )  # low before: regression to the mean and the class's growth explain most of it
    moved(cast, cast.maya, 80, 110)
    found = report()
    assert [line.student for line in found.rose] == [cast.maya]
    assert [line.student for line in found.within] == [cast.jonas]


def test_a_move_by_which_one_of_many_differs_by_chance_is_not_praised(cast, report, classmates):
    """By two standard errors, which one of 22 does by chance alone."""
    moved(cast, cast.maya, 95, 110)
    found = report()
    assert (found.rose, [line.student for line in found.within]) == ([], [cast.maya])
    assert "among so many students" in found.within[0].basis


def test_classmates_without_a_newer_score_say_nothing_about_growth(cast, report, classmates):
    """All who were tested again gained 30; twice as many were not."""
    today = cast.school.today()
    Score.objects.filter(taken_on__gt=today - dt.timedelta(days=9)).delete()
    for n, student in enumerate(classmates[:10]):
        day = today - dt.timedelta(days=2)
        Score.objects.create(student=student, measure=cast.fluency, taken_on=day, value=90 + 2 * n)
    moved(cast, cast.maya, 76, 106)
    found = report()
    assert (found.rose, found.many_within) == ([], 1 + sum(90 + 2 * n >= 105 for n in range(10)))


def test_moves_that_chance_explains_are_counted_and_named_when_asked_for(cast, as_user, classmates):
    moved(cast, cast.jonas, 50, 62)
    run_trends_now(cast.school, as_of=cast.school.today())
    client, page = as_user(cast.ana), "/reports/"
    short = client.get(page)
    assert (short.context["report"].many_within, short.context["report"].within) == (1, [])
    assert "Well below, now Below" not in short.content.decode()
    address = re.search(r'href="(\?[^"]*chance=shown)#chance"', short.content.decode())[1].replace(
        "&amp;", "&"
    )
    full = client.get(page + address)
    assert [line.student for line in full.context["report"].within] == [cast.jonas]
    assert "Well below, now Below" in full.content.decode()


def test_students_without_a_score_are_counted_and_named_when_asked_for(cast, as_user, report):
    for n in range(24):
        make_student(cast.school, f"9{n:02}", "Without", f"Score {n:02}", 4)
    report()
    client, page = as_user(cast.cora), "/reports/"
    names = re.compile(r">(Without Score \d\d)</a>")
    short = client.get(page, {"of": "school"}).text
    address = re.search(r'href="(\?[^"]*unscored=[^"]*)#unscored"', short)[1].replace("&amp;", "&")

    assert names.findall(short) == []
    assert "24 without a score" in short
    assert names.findall(client.get(page + address).text) == [f"Without Score {n:02}" for n in range(24)]


@pytest.mark.parametrize("unscored", ["", "x", "7d7a9b2e-0000-4000-8000-000000000000"])
def test_an_unknown_measure_names_nobody(cast, as_user, report, unscored):
    report()

    assert "Without a score:" not in as_user(cast.ana).get("/reports/", {"unscored": unscored}).text


def test_a_fall_past_chance_is_named_and_where_lower_is_better_it_is_a_gain(cast, report, classmates):
    moved(cast, cast.jonas, 106, 60)
    assert [line.student for line in report().fell] == [cast.jonas]
    Measure.objects.filter(pk=cast.fluency.pk).update(higher_is_better=False)
    assert [line.student for line in report().rose] == [cast.jonas]


def test_without_the_error_of_a_score_no_move_is_called_real(cast, report, classmates):
    Measure.objects.update(sem=None)
    moved(cast, cast.maya, 80, 140)
    found = report()
    assert (found.rose, [line.student for line in found.within]) == ([], [cast.maya])
    assert "may be chance" in found.within[0].basis


def test_levels_are_those_of_the_printed_scores_each_by_its_own_window(cast, report):
    """The benchmark is 94 in fall and 120 in winter, which begins today: 96 has reached it, 100 has not."""
    let_winter_begin_today(cast)
    Score.objects.all().delete()
    moved(cast, cast.maya, 96, 100, days=(34, 0))
    moved(cast, cast.jonas, 96, 121, days=(34, 0))
    today = cast.school.today()
    for student, before, after in ((cast.maya, 1, 2), (cast.jonas, 2, 3)):
        seen_at = cast.school.at(today - dt.timedelta(days=3), dt.time(9))
        Change.objects.create(
            student=student, measure=cast.fluency, kind="level", before=before, after=after, seen_at=seen_at
        )
    found = report()
    assert [(line.student, line.sentence) for line in found.within] == [
        (cast.maya, "Oral reading fluency: 96, now 100; At benchmark, now Below.")
    ]
    assert (found.rose, found.fell, found.many_within) == ([], [], 1)
    assert found.changes.endswith(" 1 more level move may be chance.")
    assert found.finding.endswith("No level moved by more than chance explains.")
    (row,) = found.measures
    assert (row.moved, row.moved_of) == ("0 up, 1 down", "of 2 with two scores")


def test_a_score_without_a_later_one_is_no_pair(cast, report):
    Score.objects.all().delete()
    moved(cast, cast.maya, 60, 100, days=(40, 34))
    found = report()
    assert found.many_within == 0
    assert found.measures[0].moved == ""
    assert found.finding.endswith(" No one has a level from before and a newer one.")


def test_a_level_that_falls_while_the_score_gains_on_classmates_is_no_decline(cast, report, classmates):
    let_winter_begin_today(cast)
    Benchmark.objects.filter(measure=cast.fluency, window="winter").update(at=135)
    moved(cast, cast.maya, 106, 130, days=(34, 0))
    found = report()
    assert (found.fell, found.rose) == ([], [])
    (line,) = found.within
    assert line.sentence == "Oral reading fluency: 106, now 130; At benchmark, now Below."
    assert line.basis.startswith("Compared with classmates the score moved the other way")


def test_a_move_is_judged_by_the_grade_in_the_school_in_every_report(cast, report, classmates):
    """The section has three students, too few for a spread of their own."""
    moved(cast, cast.maya, 80, 110)
    whole = report()
    cohort = cohort_of(cast.ana, cast.school, f"section:{cast.section.uuid}")
    part = report_of(cast.ana, basis_of(cohort, whole.since_on))
    assert part.students < whole.students
    assert part.rose == whole.rose
    assert [line.student for line in part.rose] == [cast.maya]


def test_students_without_a_score_are_named_as_missing(cast, report):
    Score.objects.filter(student=cast.ines).delete()
    (row,) = report().measures
    assert (row.missing, row.scored) == (1, "2 of 3")


@pytest.mark.sweep
def test_the_report_takes_the_same_queries_for_many_students(cast, report, django_assert_max_num_queries):
    def counted():
        with django_assert_max_num_queries(30) as found:
            cohort = cohort_of(cast.ana, cast.school, f"team:{cast.team.uuid}")
            report_of(cast.ana, basis_of(cohort, cast.school.today() - dt.timedelta(days=28)))
        return len(found)

    report()
    few = counted()
    students = Student.objects.bulk_create(
        Student(school=cast.school, local_id=f"6{n:02}", first_name="M", last_name=f"N{n}", grade=4)
        for n in range(40)
    )
    day = cast.school.today()
    Score.objects.bulk_create(
        Score(student=student, measure=cast.fluency, taken_on=day - dt.timedelta(weeks=week), value=60 + week)
        for student in students
        for week in range(8)
    )
    report()
    assert Trend.objects.count() == 43
    assert counted() == few


def test_a_day_still_to_come_gets_a_sentence_and_the_choice_is_kept(cast, as_user):
    response = as_user(cast.ana).get("/reports/", {"of": f"team:{cast.team.uuid}", "since": "2098-01-01"})
    assert response.status_code == 422
    assert "That day is in the future." in response.content.decode()


def test_the_pdf_says_the_same_and_is_disclosed(cast, as_user, report):
    report()
    query = {"of": f"team:{cast.team.uuid}"}
    text = pdf_text(as_user(cast.ana), "/reports/download/", query)
    assert "Needs a decision" in text
    assert "Maya" in text
    assert "Leak" not in text
    assert list(Disclosure.objects.order_by("pk").values_list("reader", "what", "reasons")) == [
        (cast.ana.pk, "document-download", {"section": [cast.maya.pk]}),
    ]
    assert as_user(cast.gil).get("/reports/download/", query).status_code == 404


def test_asking_for_the_pdf_computes_nothing_and_who_lost_the_students_gets_none(cast, as_user, monkeypatch):
    def compute(*_arguments, **_options):
        raise AssertionError("computed within the request")

    monkeypatch.setattr("datareview.reports.views.report_of", compute)
    response = as_user(cast.ana).get("/reports/download/", {"of": f"section:{cast.section.uuid}"})
    document = Document.objects.select_related("job").get(uuid=response["Location"].split("/")[2])
    assert (document.page, document.options["of"]) == ("/reports/", f"section:{cast.section.uuid}")

    SectionTeacher.objects.filter(section=cast.section).delete()
    make_document(document.job_id)
    document.job.refresh_from_db()
    assert (document.job.state, document.job.error) == ("failed", "You can no longer see these students.")
    assert Document.objects.get().content is None


def test_without_pango_the_page_offers_no_pdf_and_the_address_says_why(cast, as_user, monkeypatch):
    monkeypatch.setattr(pdf, "can_make_pdf", lambda: False)
    monkeypatch.setattr("datareview.reports.views.can_make_pdf", lambda: False)
    ana = as_user(cast.ana)
    assert "Download as PDF" not in ana.get("/reports/").content.decode()
    response = ana.get("/reports/download/", follow=True)
    assert "This server can’t create PDF files. Print the page instead." in response.content.decode()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.004], ["0"]),
        ([-0.004], ["0"]),
        ([0.25], ["+0.25"]),
        ([-1.26], ["−1.3"]),
        ([2.25], ["+2.3"]),
        ([0.63, 1.0], ["+0.63", "+1.00"]),
        ([1.5, 2.0, 0], ["+1.5", "+2.0", "0"]),
    ],
)
def test_weekly_growth_has_as_many_decimals_everywhere_in_a_sentence(values, said):
    assert [signed(value, growth_places(values)) for value in values] == said


def test_a_document_fetches_nothing_but_our_own_files():
    with pytest.raises(ValueError, match="our own files"):
        pdf._fetcher().fetch("https://example.org/a.woff2")
    with pytest.raises(ValueError, match="our own files"):
        pdf._fetcher().fetch("file:///etc/passwd")


def trended(cast, student, slope, *, expected=1.2, se=0.001, n=10, days=70, **fields):
    """A trend as a run would have stored it, with an interval of two standard errors about its slope."""
    today = cast.school.today()
    return Trend.objects.create(
        student=student,
        measure=cast.fluency,
        status="ok",
        n=n,
        first_on=today - dt.timedelta(days=days),
        last_on=today,
        **{
            "last_value": 80,
            "slope": slope,
            "slope_se": se,
            "slope_low": slope - 2 * se,
            "slope_high": slope + 2 * se,
            "expected_slope": expected,
            **fields,
        },
        as_of=today,
        method_version="x",
        computed_at=clock.now(),
    )


def lines_of(cast):
    """The report from trends that no run has written."""
    cohort = cohort_of(cast.ana, cast.school, f"team:{cast.team.uuid}")
    basis = basis_of(cohort, cast.school.today() - dt.timedelta(days=28))
    cache.delete(basis.key)
    return report_of(cast.ana, basis)


@pytest.mark.parametrize(
    ("slope", "expected", "words"),
    [
        # 1.16 rounded to one digit would be the 1.2 that is expected
        (1.16, 1.2, "+1.16 a week, expected +1.20."),
        (0.996, 1.0, "+0.996 a week, expected +1.000."),
        (0.5, 1.2, "+0.50 a week, expected +1.20."),
        (-0.5, None, "−0.50 a week."),
    ],
)
def test_slower_growth_is_shown_as_slower(cast, slope, expected, words):
    trended(cast, cast.maya, slope, expected=expected)
    (line,) = lines_of(cast).slower
    assert (line.student, line.sentence) == (cast.maya, f"Oral reading fluency: {words}")


@pytest.mark.parametrize(("slope", "is_slower"), [(1.2, False), (1.3, False), (1.19, True)])
def test_growth_as_expected_is_not_slow_in_either_direction(cast, slope, is_slower):
    trended(cast, cast.maya, slope)
    assert bool(lines_of(cast).slower) is is_slower
    Measure.objects.filter(pk=cast.fluency.pk).update(higher_is_better=False)
    Trend.objects.update(
        slope=-slope, expected_slope=-1.2, slope_low=-slope - 0.002, slope_high=-slope + 0.002
    )
    assert bool(lines_of(cast).slower) is is_slower


@pytest.mark.parametrize(
    ("fields", "tested"),
    [
        ({}, 1),
        ({"n": 6}, 1),
        ({"n": 5}, 0),
        ({"days": 42}, 1),
        ({"days": 41}, 0),
        ({"se": 0.0}, 0),
        ({"slope_se": None}, 0),
    ],
)
def test_growth_is_judged_from_six_scores_over_six_weeks(cast, fields, tested):
    trended(cast, cast.maya, 0.2, **fields)
    found = lines_of(cast)
    assert (found.tested, len(found.slower)) == (tested, tested)


def test_an_average_of_growth_takes_ten_students_and_says_its_interval(cast):
    """Ten alternating slopes of 1 and 2: mean 1.5, sd 0.527, t(9) 2.262: 1.5 ± 0.377."""
    mates = [make_student(cast.school, f"7{n:02}", "Class", f"Mate {n:02}", 4) for n in range(10)]
    for n, student in enumerate(mates):
        trended(cast, student, 1 + n % 2)
        (found,) = lines_of(cast).measures
        if n < 9:
            assert (found.growth, found.growth_of) == ("", "")
    assert (found.growth, found.growth_of) == ("+1.5 a week (+1.1 to +1.9)", "expected +1.2, 10 students")
    Trend.objects.filter(student=mates[0]).update(expected_slope=None)
    (found,) = lines_of(cast).measures
    assert (found.growth, found.growth_of) == ("+1.5 a week (+1.1 to +1.9)", "10 students")


def test_scores_that_never_move_and_those_too_early_are_counted_apart(cast):
    trended(cast, cast.maya, 0)
    trended(cast, cast.jonas, 0)
    nothing = dict.fromkeys(("slope", "slope_se", "slope_low", "slope_high"))
    Trend.objects.update(status="undefined_zero_variance", **nothing)
    trended(cast, cast.ines, 1, days=14)
    assert lines_of(cast).measures[0].notes == [
        "2 always the same value",
        "1 with fewer than six scores in six weeks",
    ]
