"""Case leads: who may be one, two who choose at once, a person who leaves, and the list of one's cases."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.case_leads.handover import KEY, Cases
from datareview.case_leads.services import set_case_lead
from datareview.records.models import Student
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit

pytestmark = pytest.mark.django_db


def lead_of(student):
    return Student.objects.get(pk=student.pk).case_lead


def choose(cast, lead, *, actor=None, seen=""):
    return set_case_lead(cast.maya, lead, actor=actor or cast.cora, seen=seen)


def test_the_lead_is_on_the_page_and_in_the_log(cast, as_user):
    choose(cast, cast.staff.sol)
    assert lead_of(cast.maya) == cast.staff.sol
    assert AuditEvent.objects.get(verb="set-case-lead").data["lead"] == str(cast.staff.sol.uuid)
    page = as_user(cast.ana).get(cast.maya.get_absolute_url()).content.decode()
    assert ("Case lead:" in page, str(cast.staff.sol) in page) == (True, True)
    choose(cast, None, seen=str(cast.staff.sol.uuid))
    assert lead_of(cast.maya) is None


def test_only_who_sees_the_student_leads_the_case(cast):
    with pytest.raises(DomainError, match="doesn’t see this student"):
        choose(cast, cast.staff.gil)
    with pytest.raises(DomainError, match="doesn’t see this student"):
        choose(cast, cast.staff.zed)
    with pytest.raises(PermissionDenied):
        choose(cast, cast.staff.sol, actor=cast.ana)
    assert lead_of(cast.maya) is None


def test_of_two_who_choose_at_once_the_second_sees_the_first(cast, as_user):
    choose(cast, cast.staff.sol)
    with pytest.raises(StaleEdit):
        choose(cast, cast.staff.ana)
    address = reverse("datareview:case-lead-edit", args=[cast.maya.uuid])
    page = as_user(cast.pia).post(address, {"lead": str(cast.staff.ana.uuid), "seen": ""})
    assert page.status_code == 422
    assert lead_of(cast.maya) == cast.staff.sol
    again = {"lead": str(cast.staff.ana.uuid), "seen": page.context["form"]["seen"].value()}
    assert as_user(cast.pia).post(address, again).status_code == 302
    assert lead_of(cast.maya) == cast.staff.ana


def test_who_leaves_hands_their_cases_over(cast):
    choose(cast, cast.staff.sol)
    (work,) = Cases().work_of(cast.staff.sol)
    assert (work.title, work.lines) == ("Case lead of 1 student", [])
    assert cast.staff.cora in work.recipients
    assert Cases().hand_over(cast.staff.sol, KEY, to=cast.staff.cora, actor=cast.ada).moved == 1
    assert lead_of(cast.maya) == cast.staff.cora
    assert Cases().work_of(cast.staff.sol) == []


def test_my_cases_are_a_list(cast, as_user):
    choose(cast, cast.staff.ana)
    page = as_user(cast.ana).get(reverse("datareview:student-list"), {"show": "cases"})
    assert [row.student.first_name for row in page.context["list"].rows] == ["Maya"]
    assert "Jonas" not in as_user(cast.pia).get(reverse("datareview:student-list"), {"show": "cases"}).text
