"""Adding people: one, many, those with an account already; all or none."""

import logging

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from teams.account.services.leaving import end_access
from teams.audit.models import AuditEvent
from teams.directory.models import Staff, TeamMember, User
from teams.mail.models import Mail
from teams.people.rows import NewPerson
from teams.people.services.adding import PeopleRefused, add_people

PASTE = "/people/paste/"


def people(number):
    return [NewPerson(f"p{n}@new.test", f"P{n}", "Doe", local_id=str(n)) for n in range(number)]


def emails_at(school):
    return set(Staff.objects.filter(school=school).values_list("user__email", flat=True))


def test_people_are_added_without_a_password_and_without_an_email(cast):
    eve, jo = add_people(
        cast.school,
        [NewPerson("Eve@New.test", "Eve", "Witt", "specialist", "7"), NewPerson("jo@new.test", "Jo", "Low")],
        actor=cast.ada,
    )
    assert (eve.user.email, str(eve), eve.role, eve.local_id) == (
        "eve@new.test",
        "Eve Witt",
        "specialist",
        "7",
    )
    assert (jo.role, jo.starts_on, jo.ends_on) == ("teacher", cast.school.today(), None)
    assert (jo.user.is_active, jo.user.has_usable_password()) == (True, False)
    address = EmailAddress.objects.get(user=jo.user)
    assert (address.email, address.verified, address.primary) == ("jo@new.test", True, True)
    assert Mail.objects.count() == 0


def test_only_administrators_of_the_school_add_people(cast):
    for user in (cast.cora, cast.ana, cast.zed):
        with pytest.raises(PermissionDenied):
            add_people(cast.school, people(1), actor=user)
    with pytest.raises(PermissionDenied):
        add_people(cast.other_school, people(1), actor=cast.ada)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (NewPerson("TOM@lincoln.test", "Tom", "Berg"), "TOM@lincoln.test works here already."),
        (NewPerson("p0@new.test", "P", "Two"), "p0@new.test is in the list twice."),
        (NewPerson("q@new.test", "Q", "Doe", local_id="0"), "The staff id 0 is someone else’s."),
        (NewPerson("q@new", "Q", "Doe"), "The address has no ending, like .org."),
    ],
)
def test_if_one_is_wrong_no_one_is_added(cast, wrong, problem):
    before = emails_at(cast.school)
    with pytest.raises(PeopleRefused) as refused:
        add_people(cast.school, [*people(1), wrong], actor=cast.ada)
    assert refused.value.problems == {1: problem}
    assert emails_at(cast.school) == before
    assert not User.objects.filter(email="p0@new.test").exists()


def test_a_staff_id_of_the_school_is_taken_and_one_of_another_school_is_free(cast):
    Staff.objects.filter(pk=cast.staff.tom.pk).update(local_id="0")
    with pytest.raises(PeopleRefused, match="someone else"):
        add_people(cast.school, people(1), actor=cast.ada)
    cast.staff.tom.refresh_from_db()
    Staff.objects.filter(pk=cast.staff.tom.pk).update(school=cast.other_school)
    assert len(add_people(cast.school, people(1), actor=cast.ada)) == 1


def test_someone_of_another_school_keeps_the_account_and_its_name(cast):
    number = User.objects.count()
    [staff] = add_people(cast.school, [NewPerson("ZED@roosevelt.test", "Wrong", "Name")], actor=cast.ada)
    assert (staff.user, str(staff.user), User.objects.count()) == (cast.zed, "Zed Stone", number)
    assert emails_at(cast.other_school) == {"zed@roosevelt.test"}


def test_a_verified_second_address_is_the_same_person(cast):
    EmailAddress.objects.create(user=cast.zed, email="zed@home.test", verified=True)
    EmailAddress.objects.create(user=cast.zed, email="jo@new.test", verified=False)
    zed, jo = add_people(
        cast.school,
        [NewPerson("zed@home.test", "Zed", "Stone"), NewPerson("jo@new.test", "Jo", "Low")],
        actor=cast.ada,
    )
    assert (zed.user, jo.user.email) == (cast.zed, "jo@new.test")


def test_both_addresses_of_one_person_are_one_person(cast):
    EmailAddress.objects.create(user=cast.zed, email="zed@home.test", verified=True)
    with pytest.raises(PeopleRefused, match="twice"):
        add_people(
            cast.school,
            [NewPerson("zed@home.test", "Zed"), NewPerson("zed@roosevelt.test", "Zed")],
            actor=cast.ada,
        )


def test_two_people_of_one_name_are_two_people(cast):
    first, second = add_people(
        cast.school,
        [NewPerson("a@new.test", "Ana", "Ruiz"), NewPerson("b@new.test", "Ana", "Ruiz")],
        actor=cast.ada,
    )
    assert first.user != second.user != cast.ana


def test_someone_who_left_returns_without_the_teams_of_before(cast):
    end_access(cast.tom)
    [staff] = add_people(
        cast.school, [NewPerson(cast.tom.email, "Tom", "Berg", "coordinator")], actor=cast.ada
    )
    assert (staff, staff.role, staff.ends_on) == (cast.staff.tom, "coordinator", None)
    cast.tom.refresh_from_db()
    assert cast.tom.is_active
    assert not TeamMember.objects.active().filter(staff=staff).exists()
    assert AuditEvent.objects.filter(verb="returned-person", actor=cast.ada).count() == 1


def test_it_is_recorded_and_logged(cast, caplog):
    caplog.set_level(logging.INFO)
    [staff] = add_people(cast.school, people(1), actor=cast.ada)
    event = AuditEvent.objects.get(verb="added-person")
    assert (event.actor, event.school, event.subject_uuid, event.data) == (
        cast.ada,
        cast.school,
        staff.uuid,
        {"role": "teacher"},
    )
    assert [(r.message, r.fields["about"]) for r in caplog.records if r.name == "collab.security"] == [
        ("role given", str(staff.user.uuid))
    ]


@pytest.mark.sweep
def test_hundreds_of_people_take_few_queries(cast):
    """Databases take some hundred rows at once."""
    with CaptureQueriesContext(connection) as queries:
        add_people(cast.school, people(400), actor=cast.ada)
    assert len(queries) < 35


# The page --------------------------------------------------------------------------------------------------


def test_lines_with_problems_are_shown_before_anything_is_kept(cast, as_user):
    client = as_user(cast.ada)
    text = "Eve Witt, eve@new.test\nBo Reyes, bo@new.test, specialist\nCy Stone, cy@lincoln"
    before = emails_at(cast.school)
    page = client.post(PASTE, {"lines": text}).content.decode()
    assert "2 people can be" in page
    assert "Nothing has been added yet." in page
    assert "Line 3:" in page
    assert "The address has no ending" in page
    assert emails_at(cast.school) == before

    answer = client.post(PASTE, {"lines": text, "checked": text}, follow=True)
    assert emails_at(cast.school) - before == {"eve@new.test", "bo@new.test"}
    assert answer.context["paste"]["lines"].value() == "Cy Stone, cy@lincoln"
    assert "2 people were added." in answer.content.decode()
    assert "Nothing has been added yet." not in answer.content.decode()


def test_lines_that_were_refused_stay_at_their_school(cast, as_user):
    Staff.objects.create(user=cast.ada, school=cast.other_school, role="administrator")
    client, text = as_user(cast.ada), "Eve Witt, eve@new.test\nCy Stone, cy@lincoln"
    client.post(PASTE, {"lines": text, "checked": text})
    client.post("/schools/switch/", {"school": cast.other_school.uuid})
    assert "cy@lincoln" not in client.get("/people/add/").content.decode()
    client.post("/schools/switch/", {"school": cast.school.uuid})
    assert "cy@lincoln" in client.get("/people/add/").content.decode()


def test_after_a_change_of_the_text_its_problems_are_shown_first(cast, as_user):
    before = emails_at(cast.school)
    text = "Eve Witt, eve@new.test\nCy Stone, cy@lincoln"
    as_user(cast.ada).post(PASTE, {"lines": f"{text}\nBo", "checked": text})
    assert emails_at(cast.school) == before


def test_only_checking_adds_no_one(cast, as_user):
    before = emails_at(cast.school)
    page = as_user(cast.ada).post(PASTE, {"lines": "Eve Witt, eve@new.test", "check": "1"})
    assert "1 person can be" in page.content.decode()
    assert emails_at(cast.school) == before


def test_lines_that_are_right_are_added_at_once(cast, as_user):
    answer = as_user(cast.ada).post(PASTE, {"lines": "Eve Witt, eve@new.test"})
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    assert "eve@new.test" in emails_at(cast.school)


def test_a_person_who_works_here_is_refused_with_what_was_typed(cast, as_user):
    data = {"first_name": "Tom", "last_name": "Berg", "email": "tom@lincoln.test", "role": "teacher"}
    answer = as_user(cast.ada).post("/people/add/", data)
    assert answer.status_code == 422
    assert "tom@lincoln.test works here already." in answer.content.decode()
    assert 'value="Berg"' in answer.content.decode()


@pytest.mark.parametrize("path", [PASTE, "/people/add/"])
def test_adding_can_invite_at_once(cast, as_user, path):
    data = {"lines": "Eve Witt, eve@new.test", "first_name": "Eve", "last_name": "Witt", "role": "teacher"}
    page = as_user(cast.ada).post(path, {**data, "email": "eve@new.test", "invite": "1"}, follow=True)
    assert Staff.objects.get(user__email="eve@new.test").invitations.get().state == "open"
    told = "Eve Witt was added. Eve Witt was invited. This server sends no email: pass on the link."
    assert told in page.content.decode()
