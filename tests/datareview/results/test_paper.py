"""The results of an assessment as a PDF file: what its reader sees on the page."""

import pytest
from django.urls import reverse

from datareview.assessments.models import ClassShare
from datareview.looks.models import ResultsView
from datareview.privacy.models import Disclosure
from datareview.records.models import AssessmentItem
from datareview.results.services import close_class
from teams.documents.models import Document
from tests.conftest import make_student
from tests.factories.assessments import answer, make_assessment, make_standard
from tests.factories.documents import pdf_pages

KEYS = "ABCDABCD"


def fill(check, section, name, students):
    for number in range(students):
        student = make_student(check.team.school, f"{name}{number}", f"{name}{number}", "Kid", 4)
        section.enrollments.create(student=student, starts_on=section.year.starts_on)
        answer(check, student, KEYS if number % 2 else "ABCDAADC", section=section)


@pytest.fixture
def check(cast):
    """A check of eight items on one standard: twelve students of 4A, whom Ana teaches, and twelve of 4B, Tom's."""
    found = make_assessment(cast.team, KEYS, sections=[cast.section, cast.other_section])
    AssessmentItem.objects.filter(assessment=found).update(standard=make_standard(cast.school))
    fill(found, cast.section, "A", 12)
    fill(found, cast.other_section, "B", 12)
    return found


@pytest.fixture
def address(check):
    return reverse("datareview:assessment-download", args=[check.uuid])


def words_of(pages):
    return " ".join(" ".join(pages).split())


def test_it_has_the_finding_and_items_and_the_map_sideways(cast, check, address, as_user):
    pages = pdf_pages(as_user(cast.ana), address)
    assert len(pages) == 2
    first, second = (" ".join(page.split()) for page in pages)
    assert "6 of 12 are secure" in first
    assert "Every item" in first
    assert "A0 Kid" in second
    assert "B0 Kid" not in first + second
    shown = Disclosure.objects.filter(what="assessment-download", reader=cast.ana)
    assert shown.exists()
    assert ResultsView.objects.filter(assessment=check, reader=cast.ana).exists()


def test_a_class_is_in_it_only_while_it_is_open_to_the_reader(cast, check, address, as_user):
    theirs = {"section": str(cast.other_section.uuid)}
    assert "B0 Kid" not in words_of(pdf_pages(as_user(cast.ana), address, theirs))
    ClassShare.objects.create(assessment=check, section=cast.other_section, teacher=cast.staff.tom)
    assert "B0 Kid" in words_of(pdf_pages(as_user(cast.ana), address, theirs))
    close_class(check, cast.other_section, actor=cast.tom)
    assert not Document.objects.exists()


def test_the_same_results_are_made_once_and_listed_on_the_page(cast, check, address, as_user):
    client = as_user(cast.ana)
    first, again = client.get(address)["Location"], client.get(address)["Location"]
    assert first == again
    page = client.get(check.get_absolute_url()).content.decode()
    assert f'href="{address}"' in page
    assert "1 PDF file that you asked for here" in page
    answer(check, cast.maya, KEYS, section=cast.section)
    assert client.get(address)["Location"] != first


def test_a_long_test_of_a_large_team_stays_within_its_pages(cast, as_user):
    check = make_assessment(cast.team, KEYS * 7, sections=[cast.section])
    standards = [make_standard(cast.school, f"4.X.{n}", f"{n}. " + "A long standard " * 9) for n in range(6)]
    for item in check.items.all():
        item.standard = standards[item.number % 6]
        item.save()
    for number in range(30):
        student = make_student(
            cast.school, f"L{number}", f"Wilhelmina-Anastasia{number}", "Oyelaran-Featherstonehaugh", 4
        )
        cast.section.enrollments.create(student=student, starts_on=cast.section.year.starts_on)
        answer(check, student, KEYS * 7, section=cast.section)
    pages = pdf_pages(as_user(cast.ana), reverse("datareview:assessment-download", args=[check.uuid]))
    assert len(pages) == 3
    assert pages[-1].count("Wilhelmina-Anastasia") == 30


def test_nothing_to_show_is_no_file_and_other_schools_find_nothing(cast, check, address, as_user):
    assert as_user(cast.zed).get(address).status_code == 404
    empty = make_assessment(cast.team, KEYS, title="Empty", sections=[cast.section])
    nothing = reverse("datareview:assessment-download", args=[empty.uuid])
    assert as_user(cast.ana).get(nothing).status_code == 404
    hidden = as_user(cast.ana).get(empty.get_absolute_url()).content.decode()
    assert nothing not in hidden
