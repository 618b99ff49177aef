"""Of two people who enter the same at once, the second waits for the first and is then told, by a sentence."""

from dataclasses import replace

import pytest
from django.db.models import QuerySet

from datareview.measures.services.measures import NewMeasure, change_measure, make_measures
from datareview.records.models import GroupName, Measure, Section, Student, Subgroup
from datareview.roster.services import groups
from datareview.roster.services import students as roster
from datareview.roster.services.groups import Membership
from datareview.roster.services.students import StudentValues, student_version
from datareview.sections.services import sections
from datareview.sections.services.sections import SectionValues, section_version
from teams.directory.models import School
from teams.lib.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def meanwhile(monkeypatch):
    """Let someone else finish ``work`` while a service waits for the lock of the school."""
    lock, waiting = QuerySet.select_for_update, []

    def wait(self, *args, **kwargs):
        if self.model is School and waiting:
            waiting.pop()()
        return lock(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", wait)
    return waiting.append


def test_a_number_of_a_student_is_given_once(cast, meanwhile):
    def other():
        Student.objects.create(school=cast.school, local_id="77", first_name="First", last_name="One")

    values = StudentValues("77", "Second", "One")
    meanwhile(other)
    with pytest.raises(DomainError, match="First One already has the number 77"):
        roster.add_student(cast.school, actor=cast.ada, values=values)
    Student.objects.filter(local_id="77").delete()
    meanwhile(other)
    seen = student_version(cast.maya)
    with pytest.raises(DomainError, match="First One already has the number 77"):
        roster.edit_student(
            cast.maya, actor=cast.ada, values=replace(StudentValues.of(cast.maya), local_id="77"), seen=seen
        )


def test_a_number_of_a_section_is_given_once(cast, meanwhile):
    year = cast.section.year

    def other():
        Section.objects.create(school=cast.school, year=year, local_id="77", name="First")

    meanwhile(other)
    with pytest.raises(DomainError, match="already a section 77"):
        sections.add_section(cast.school, actor=cast.ada, year=year, values=SectionValues("77", "Second"))
    Section.objects.filter(local_id="77").delete()
    meanwhile(other)
    with pytest.raises(DomainError, match="already a section 77"):
        sections.edit_section(
            cast.section,
            actor=cast.ada,
            values=replace(SectionValues.of(cast.section), local_id="77"),
            seen=section_version(cast.section),
        )


def test_sections_are_made_again_once(cast, meanwhile):
    year = cast.school.years.create(name="Next", starts_on="2040-09-01", ends_on="2041-06-30")

    def other():
        Section.objects.create(school=cast.school, year=year, local_id=cast.section.local_id, name="First")

    meanwhile(other)
    assert sections.roll_sections([cast.section], actor=cast.ada, year=year, with_teachers=True) == []


def test_a_student_is_in_one_group_of_a_category(cast, meanwhile):
    name = GroupName.objects.create(school=cast.school, category="Language", group="English learner")

    def other():
        Subgroup.objects.create(student=cast.maya, category="Language", group="English learner")

    meanwhile(other)
    with pytest.raises(DomainError, match="Maya Okafor is in English learner since then"):
        groups.add_to_group(Membership(cast.maya, "Language", "English learner"), actor=cast.ada)
    Subgroup.objects.all().delete()
    meanwhile(other)
    with pytest.raises(DomainError, match="Students are or were in this group"):
        groups.remove_group_name(name, actor=cast.ada)


def test_a_name_of_a_measure_is_given_once(cast, meanwhile):
    (measure,) = make_measures(cast.school, [NewMeasure("Spelling")], actor=cast.ada)

    def other():
        Measure.objects.create(school=cast.school, key="first", name="Dictation", scale_max=100)

    meanwhile(other)
    with pytest.raises(DomainError, match="Dictation"):
        change_measure(measure, NewMeasure("Dictation"), actor=cast.ada)
