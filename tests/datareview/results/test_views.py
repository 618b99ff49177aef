"""The page of results: what each reader sees, and what is recorded."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.assessments.models import ClassShare
from datareview.looks.models import ResultsView
from datareview.privacy.models import Disclosure
from datareview.records.models import AssessmentItem
from teams.lib import clock
from tests.conftest import make_section, make_student
from tests.factories.assessments import absent, answer, make_assessment, make_standard

pytestmark = pytest.mark.django_db

KEYS = "ABCDABCD"


@pytest.fixture
def check(cast):
    """A check of eight items on two standards: 4A with twelve more students, 4B with Ines only, 4C taught by Gil."""
    add = make_standard(cast.school)
    compare = make_standard(cast.school, "4.NF.A.2", "Compare fractions.")
    third = make_section(cast.staff.gil, "4C", [])
    cast.third_section = third
    found = make_assessment(cast.team, KEYS, sections=[cast.section, cast.other_section, third])
    AssessmentItem.objects.filter(assessment=found, number__lte=3).update(standard=compare)
    AssessmentItem.objects.filter(assessment=found, number__gt=3).update(standard=add)
    return found


def fill(cast, check, section, strong, weak, name):
    """Students of ``section`` who know everything, and some who can't add; with the cast's own students first."""
    for number in range(strong + weak):
        student = make_student(cast.school, f"{name}{number}", f"{name}{number}", "Kid", 4)
        section.enrollments.create(student=student, starts_on=cast.section.year.starts_on)
        answer(check, student, KEYS if number < strong else "ABCDAADC", section=section)


def page(client, person, check, **wanted):
    client.force_login(person)
    return client.get(reverse("datareview:assessment-detail", args=[check.uuid]), wanted)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_nothing_entered_says_what_comes_next(client, cast, check):
    response = page(client, cast.ana, check)
    assert "Nothing is entered yet" in text(response)
    assert "Enter a class’s answers" in text(response)
    assert not ResultsView.objects.exists()
    assert "as soon as a teacher has entered a class" in text(page(client, cast.pia, check))


def test_an_assessment_of_next_week_has_not_been_given(client, cast, check):
    check.given_on = cast.school.today() + dt.timedelta(days=7)
    check.save()
    assert "The assessment has not been given yet." in text(page(client, cast.ana, check))


def test_a_teacher_opens_with_their_own_class_and_its_finding(client, cast, check):
    fill(cast, check, cast.section, 7, 5, "A")
    absent(check, cast.jonas, section=cast.section)
    response = page(client, cast.ana, check)
    shown = text(response)
    assert "Secure: Compare fractions. 5 of 12 are not there yet: Add and subtract fractions" in shown
    assert "12 of 14 students are in. 1 was absent." in shown
    assert "In: 4A. Not in yet: 4B, 4C." in shown
    assert "A0 K" in shown
    assert shown.index("Developing 5") < shown.index("Secure 7")


def test_the_map_is_a_table_with_a_caption_and_row_headings(client, cast, check):
    fill(cast, check, cast.section, 1, 1, "A")
    html = page(client, cast.ana, check).content.decode()
    assert '<caption class="hide">' in html
    assert html.count('<th scope="row"><a href="/students/') == 2
    assert 'style="' not in html.partition("<main")[2]


def test_a_closed_class_is_not_in_the_choice_and_its_address_shows_ones_own(client, cast, check):
    fill(cast, check, cast.section, 2, 1, "A")
    fill(cast, check, cast.other_section, 1, 2, "B")
    shown = text(page(client, cast.ana, check, section=str(cast.other_section.uuid)))
    assert "A0 K" in shown
    assert "B0 K" not in shown
    assert "4B, Tom Berg" not in shown


def test_an_opened_class_can_be_chosen_by_students_whom_the_reader_sees(client, cast, check):
    fill(cast, check, cast.other_section, 1, 2, "B")
    ClassShare.objects.create(assessment=check, section=cast.other_section, teacher=cast.staff.tom)
    shown = text(page(client, cast.ana, check, section=str(cast.other_section.uuid)))
    assert "4B, Tom Berg" in shown
    assert "B0 K" in shown


def test_leaders_see_the_team_by_bands_and_no_student(client, cast, check):
    for section, name in ((cast.section, "A"), (cast.other_section, "B"), (cast.third_section, "C")):
        fill(cast, check, section, 8, 4, name)
    cast.maya.enrollments.all().delete()
    shown = text(page(client, cast.pia, check))
    assert "12 of 36 are not there yet" in shown
    assert "A0 K" not in shown
    assert "Each cell is the percent of the points." in shown


def test_two_classes_hide_the_teams_numbers_from_each_others_teachers(client, cast, check):
    fill(cast, check, cast.section, 8, 4, "A")
    fill(cast, check, cast.other_section, 6, 6, "B")
    shown = text(page(client, cast.ana, check, section="team"))
    assert "The team’s numbers are not shown to you yet" in shown
    assert "they would give away the results of one teacher" in shown
    assert "of 24" not in shown
    assert "of 26" not in shown


def test_the_team_is_shown_with_students_if_every_class_is_open(client, cast, check):
    fill(cast, check, cast.section, 8, 4, "A")
    fill(cast, check, cast.other_section, 6, 6, "B")
    ClassShare.objects.create(assessment=check, section=cast.other_section, teacher=cast.staff.tom)
    shown = text(page(client, cast.ana, check, section="team"))
    assert "10 of 24 are not there yet" in shown
    assert "A0 K" in shown
    assert "B11 K" in shown


def test_bands_by_all_items_and_points_are_in_the_address(client, cast, check):
    fill(cast, check, cast.section, 7, 5, "A")
    response = page(client, cast.ana, check, by="all", show="points")
    assert response.context["page"].band_name is None
    assert response.context["page"].show == "points"
    assert "<td class=w>0" in response.content.decode()


@pytest.mark.parametrize("wanted", [{"section": "x"}, {"by": "x", "show": "x", "sort": "x"}])
def test_unknown_choices_are_as_if_nothing_was_chosen(client, cast, check, wanted):
    fill(cast, check, cast.section, 7, 5, "A")
    found = page(client, cast.ana, check, **wanted).context["page"]
    assert (found.chosen.section, found.show, found.sort) == (cast.section, "letters", "item")


def test_looking_is_recorded_once_an_hour_and_as_a_disclosure(client, cast, check, monkeypatch):
    fill(cast, check, cast.section, 1, 1, "A")
    page(client, cast.ana, check)
    page(client, cast.ana, check)
    row = ResultsView.objects.get()
    assert (row.reader, row.section, row.counted) == (cast.ana, cast.section, [cast.section.pk])
    assert Disclosure.objects.filter(reader=cast.ana, what="assessment-detail").count() == 1
    later = clock.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    page(client, cast.ana, check)
    assert ResultsView.objects.count() == 2


def test_strangers_get_404(client, cast, check):
    assert page(client, cast.zed, check).status_code == 404


@pytest.mark.sweep
def test_a_class_of_thirty_takes_no_more_queries_than_one_of_two(
    client, cast, check, django_assert_num_queries
):
    fill(cast, check, cast.section, 1, 1, "A")
    url = reverse("datareview:assessment-detail", args=[check.uuid])
    page(client, cast.ana, check)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    few = len(queries)
    fill(cast, check, cast.section, 20, 10, "B")
    client.get(url)
    with django_assert_num_queries(few):
        client.get(url)


def test_standards_have_an_honest_interval_and_stand_beside_opened_classes(client, cast, check):
    fill(cast, check, cast.section, 7, 5, "A")
    fill(cast, check, cast.other_section, 3, 9, "B")
    shown = text(page(client, cast.ana, check))
    assert "7 of 12 are secure (likely 32% to 81% in classes like this)" in shown
    assert "the team:" not in shown
    ClassShare.objects.create(
        assessment=check,
        section=cast.other_section,
        teacher=cast.staff.tom,
        words="With a number line. Ask me!",
    )
    shown = text(page(client, cast.ana, check))
    assert "· the team: 10 of 24 · 4B, Tom Berg: 3 of 12" in shown
    assert "With a number line. Ask me!" in shown


def test_items_to_talk_about_show_their_options_and_every_item_is_in_the_table(client, cast, check):
    AssessmentItem.objects.filter(assessment=check).update(options=["3/4", "3/8 <b>", "2/8", "1/2"])
    fill(cast, check, cast.section, 7, 5, "A")
    response = page(client, cast.ana, check)
    assert "5 of 12 chose A: 3/4." in text(response)
    html = response.content.decode()
    assert html.count('<tr id="item-') == 8
    assert "3/8 <b>" not in html


def test_a_key_in_doubt_is_to_be_checked(client, cast, check):
    for number in range(12):
        student = make_student(cast.school, f"K{number}", f"K{number}", "Kid", 4)
        cast.section.enrollments.create(student=student, starts_on=cast.section.year.starts_on)
        answer(check, student, "BBCDABCD" if number < 8 else "ADDDDDDD", section=cast.section)
    shown = text(page(client, cast.ana, check))
    assert "The key of item 1 should be checked." in shown
    assert (
        "more high scorers than low scorers missed it, and those who chose B did better on the rest. Check the key."
        in shown
    )
    assert "With 12 students this can be chance." in shown


@pytest.mark.parametrize(("sort", "first"), [("", "1"), ("right", "6"), ("fit", "6"), ("x", "1")])
def test_items_sort_by_the_address(client, cast, check, sort, first):
    fill(cast, check, cast.section, 7, 5, "A")
    html = page(client, cast.ana, check, sort=sort).content.decode()
    assert re.findall(r'<tr id="item-(\d+)"', html)[0] == first


def export(client, person, check, **wanted):
    client.force_login(person)
    response = client.get(reverse("datareview:assessment-export", args=[check.uuid]), wanted)
    return [line.split(",") for line in response.content.decode("utf-8-sig").splitlines()]


def test_the_file_of_a_class_has_its_students_and_their_answers(client, cast, check):
    fill(cast, check, cast.section, 1, 1, "A")
    answer(check, cast.jonas, "=1 .ABCD", section=cast.section)
    found = export(client, cast.ana, check)
    assert found[0] == ["Student", "Number", "Band", *"12345678", "Total"]
    rows = {row[1]: row[3:] for row in found[1:]}
    assert rows["A0"] == [*KEYS, "8"]
    assert rows["1002"][:4] == ["'=", "1", "", ""]
    assert ResultsView.objects.get().section == cast.section


def test_the_file_of_the_team_has_items_and_no_student(client, cast, check):
    for section, name in ((cast.section, "A"), (cast.other_section, "B"), (cast.third_section, "C")):
        fill(cast, check, section, 8, 4, name)
    cast.maya.enrollments.all().delete()
    found = export(client, cast.pia, check)
    assert found[0] == ["Item", "Standard", "Right", "Students", "Difficulty", "Fits the rest"]
    assert found[6][:4] == ["6", "4.NF.B.3", "24", "36"]


def test_the_file_has_nothing_where_the_page_shows_nothing(client, cast, check):
    fill(cast, check, cast.section, 8, 4, "A")
    fill(cast, check, cast.other_section, 6, 6, "B")
    assert len(export(client, cast.ana, check, section="team")) == 1
    assert len(export(client, cast.ana, check, section=str(cast.other_section.uuid))) == 13


def test_only_who_may_enter_a_class_is_led_to_entering(client, cast, check):
    for section, name in ((cast.section, "A"), (cast.other_section, "B"), (cast.third_section, "C")):
        fill(cast, check, section, 8, 4, name)
    entering = f'href="{reverse("datareview:answer-enter", args=[check.uuid])}"'
    gil = cast.staff.gil
    shown = {
        who: entering in page(client, getattr(cast, who), check).text for who in ("ana", "gil", "cora", "pia")
    }
    assert shown == {"ana": True, "gil": True, "cora": False, "pia": False}
    ClassShare.objects.create(assessment=check, section=cast.third_section, teacher=gil)
    assert entering in page(client, cast.cora, check).text
    assert entering not in page(client, cast.pia, check).text


def test_a_map_of_bands_has_no_choice_of_what_a_cell_shows(client, cast, check):
    for section, name in ((cast.section, "A"), (cast.other_section, "B"), (cast.third_section, "C")):
        fill(cast, check, section, 8, 4, name)
    assert 'name="show"' in page(client, cast.ana, check).text
    assert 'name="show"' not in page(client, cast.pia, check).text


def test_an_answer_to_htmx_has_no_inline_style_of_another_nonce(client, cast, check):
    client.force_login(cast.ana)
    whole = client.get(check.get_absolute_url()).content.decode()
    part = client.get(check.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert ("<style" in whole, "<style" in part) == (True, False)
