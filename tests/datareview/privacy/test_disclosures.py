"""The log of disclosures: one row for a view, once an hour, with the reason for each student."""

from __future__ import annotations

import datetime as dt

import pytest

from collab.agendas.models import AgendaItem
from collab.meetings.services import roles
from datareview.privacy.models import Disclosure
from datareview.privacy.queries import students_named_in
from datareview.privacy.services.disclosures import record_disclosure
from tests.conftest import make_student

pytestmark = pytest.mark.django_db


def test_a_view_of_many_is_one_row_with_the_first_reason_for_each(cast):
    ids = [cast.ines.pk, cast.maya.pk, cast.leak.pk]
    row = record_disclosure(ids, reader=cast.ana, what="student-list")
    assert row.reasons == {"section": [cast.maya.pk], "team": [cast.ines.pk], "named": [cast.leak.pk]}
    assert row.students == f" {cast.maya.pk} {cast.ines.pk} {cast.leak.pk} "
    assert [Disclosure.objects.of_student(pk).count() for pk in (*ids, cast.jonas.pk)] == [1, 1, 1, 0]


def test_the_same_view_is_logged_again_after_an_hour_and_another_at_once(cast, settings):
    def look(*students, what="student-list"):
        return record_disclosure([one.pk for one in students], reader=cast.cora, what=what) is not None

    assert [look(cast.maya), look(cast.maya), look(cast.maya, cast.ines), look(cast.maya, what="x")] == [
        True,
        False,
        True,
        True,
    ]
    settings.CLOCK_OFFSET += dt.timedelta(minutes=61)
    assert (look(cast.maya), look()) == (True, False)


def test_typed_texts_name_students_by_first_and_last_name(cast):
    make_student(cast.school, "7", "José", "Núñez Vega", 4)
    brien = make_student(cast.school, "8", "Sean", "O'Brien", 4)

    def named(*texts):
        return students_named_in(texts, [cast.school.pk])

    assert named("Maya Okafor’s mother called", "Is Okafor here?") == {cast.maya.pk}
    assert named("Okafor stalled", "maya", "Leak Stranger", "") == set()
    assert len(named("José Núñez Vega reads")) == 1
    assert named("with Sean O'Brien.") == {brien.pk}


@pytest.mark.parametrize(
    ("first", "last"), [("Ana", "De La Cruz"), ("Jan", "van Dyke"), ("bell", "hooks"), ("Jo", "Li")]
)
def test_names_of_any_number_of_parts_and_any_case_are_found_as_words(cast, first, last):
    student = make_student(cast.school, "9", first, last, 4)
    found = [
        students_named_in([text], [cast.school.pk])
        for text in (
            f"{first} {last}",
            f"({first} {last}’s turn)",
            f"Mo{first} {last}",
            f"{first} {last}ngton",
            "",
        )
    ]
    assert found == [{student.pk}, {student.pk}, set(), set(), set()]


def test_a_guest_who_reads_a_name_in_an_item_is_logged_as_told_by_it(cast, as_user):
    roles.invite_guest(cast.meeting, actor=cast.ana, staff=cast.staff.gil)
    AgendaItem.objects.filter(pk=cast.meeting.items.first().pk).update(title="Maya Okafor and the bus")
    as_user(cast.gil).get(cast.meeting.get_absolute_url())
    row = Disclosure.objects.get(reader=cast.gil)
    assert (row.what, row.reasons) == ("meeting-detail", {"named": [cast.maya.pk]})


def test_a_redirect_and_a_refusal_disclose_nothing(cast, as_user):
    as_user(cast.ana).post(f"/candidates/{cast.candidate.uuid}/propose/", {"team": cast.team.uuid})
    as_user(cast.gil).get(cast.maya.get_absolute_url())
    assert not Disclosure.objects.exists()
