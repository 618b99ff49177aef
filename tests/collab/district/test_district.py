"""A district: who administers it, one more school, and settings copied without overwriting anything."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from collab.district.queries.district import district_pages
from collab.district.services.copying import copy_settings, preview_copy
from collab.district.services.districts import add_administrator, add_district_school, found_district
from datareview.flags.models import Rule
from datareview.records.models import Benchmark, Measure
from datareview.records.permissions import students_visible_to
from datareview.strategies.models import Strategy
from teams.account.services.joining import give_role
from teams.account.services.leaving import end_access
from teams.audit.models import AuditEvent
from teams.directory.models import District, Holiday, Period, Role, School, Staff, Term, User
from teams.invitations.models import Invitation
from teams.invitations.queries import invitation_address
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.people.rows import NewPerson
from teams.people.services.adding import add_people
from teams.people.services.changing import leave_school
from tests import conftest
from tests.factories.sign_in import sign_in_once

NEW = {"school_name": "Adams", "time_zone": "America/Denver", "language": "en"}


@pytest.fixture
def district(cast):
    """Of Lincoln, administered by Ada."""
    return found_district(cast.school, actor=cast.ada, name="Riverbend")


@pytest.fixture
def adams(cast, district):
    return add_district_school(district, actor=cast.ada, **NEW)


def counts(copied):
    return {one.part: (one.added, one.kept, one.lacking) for one in copied}


def test_an_administrator_makes_the_district_of_a_school_once(cast, as_user):
    client = as_user(cast.ada)
    assert client.get("/district/").status_code == 200
    assert client.post("/district/make/", {"name": "Riverbend"}).headers["Location"] == "/district/"
    district = District.objects.get()
    assert (district.name, list(district.schools.all()), list(district.administrators.all())) == (
        "Riverbend",
        [cast.school],
        [cast.ada],
    )
    assert AuditEvent.objects.filter(verb="added-district-administrator", actor=cast.ada).count() == 1
    assert client.post("/district/make/", {"name": "Another"}).status_code == 403


@pytest.mark.parametrize("person", ["ana", "cora", "pia", "zed"])
def test_others_neither_see_nor_make_one(cast, district, as_user, person):
    client = as_user(getattr(cast, person))
    assert client.get("/district/").status_code == 403
    assert client.post("/district/make/", {"name": "Mine"}).status_code == 403
    assert client.get("/district/copy/").status_code == 403
    for name in ("district-school-add", "district-administrator-add"):
        assert client.post(reverse(f"collab:{name}", args=[district.uuid]), NEW).status_code == 404
    assert School.objects.count() == 2


def test_a_name_that_exists_is_refused_and_kept(cast, as_user):
    District.objects.create(name="Riverbend")
    page = as_user(cast.ada).post("/district/make/", {"name": "Riverbend"})
    assert (page.status_code, page.context["found_form"]["name"].value()) == (422, "Riverbend")
    assert "A district of this name already exists." in page.content.decode()


def test_a_school_is_added_and_nobodys_active_school_changes(cast, district, as_user):
    client = as_user(cast.ada)
    assert client.get("/setup/").wsgi_request.school == cast.school
    page = client.post(reverse("collab:district-school-add", args=[district.uuid]), NEW)
    assert page.headers["Location"] == "/district/"
    adams = School.objects.get(name="Adams")
    assert (adams.district, adams.years.count()) == (district, 1)
    assert Staff.objects.get(school=adams).user == cast.ada
    assert client.get("/setup/").wsgi_request.school == cast.school
    assert as_user(cast.ada).get("/setup/").wsgi_request.school == cast.school


def test_someone_else_runs_it_and_the_district_sees_none_of_its_students(cast, district, as_user):
    adams = add_district_school(district, actor=cast.ada, **NEW, administrator_email="Kim@adams.test")
    kim = User.objects.get(email="kim@adams.test")
    assert [(one.user, one.role) for one in adams.staff.all()] == [(kim, Role.ADMINISTRATOR)]
    maya = conftest.make_student(adams, "1", "Secret", "Child", 4)
    assert maya not in students_visible_to(cast.ada)
    client = as_user(cast.ada)
    assert client.get(maya.get_absolute_url()).status_code == 404
    page = client.get("/district/").content.decode()
    assert ("Adams" in page, "Secret" in page) == (True, False)


def test_its_administrator_is_invited_by_a_link_that_only_who_added_the_school_sees(cast, district, as_user):
    add_administrator(district, actor=cast.ada, email=cast.pia.email)
    adams = add_district_school(district, actor=cast.ada, **NEW, administrator_email="kim@adams.test")
    invitation = Invitation.objects.get(staff__school=adams)
    address = invitation_address(invitation)
    assert address in as_user(cast.ada).get("/district/").content.decode()
    assert address not in as_user(cast.pia).get("/district/").content.decode()
    Invitation.objects.update(expires_at=clock.now())
    again = reverse("collab:district-school-invite", args=[adams.uuid])
    assert as_user(cast.zed).post(again).status_code == 404
    client = as_user(cast.ada)
    assert address not in client.get("/district/").content.decode()
    assert "pass on the link" in client.post(again, follow=True).content.decode()
    invitation = Invitation.objects.unanswered().get()
    assert invitation_address(invitation) in client.get("/district/").content.decode()
    kim = Client()
    password = "a heron stands on one leg"
    path = invitation_address(invitation).partition("8000")[2]
    kim.post(path, {"first_name": "Kim", "last_name": "Lee", "password": password})
    assert kim.get("/people/").wsgi_request.school == adams
    page = client.post(again, follow=True).content.decode()
    assert ("has an administrator who signs in" in page, "Invite again" in page) == (True, False)


def test_its_administrator_is_invited_by_email(cast, district, monkeypatch):
    for layer in ("services", "queries"):
        monkeypatch.setattr(f"teams.invitations.{layer}.mail_is_configured", lambda: True)
    add_district_school(district, actor=cast.ada, **NEW, administrator_email="kim@adams.test")
    assert Mail.objects.get().to.email == "kim@adams.test"
    [_lincoln, adams] = sorted(
        district_pages(cast.ada)[0].rows, key=lambda row: row.school.name != "Lincoln Elementary"
    )
    assert (adams.waits, adams.address) == (True, "")


def test_a_school_that_exists_is_refused_and_what_was_typed_is_kept(cast, district, as_user):
    url = reverse("collab:district-school-add", args=[district.uuid])
    page = as_user(cast.ada).post(url, {**NEW, "school_name": "Roosevelt Elementary"})
    assert page.status_code == 422
    assert page.context["school_form"]["school_name"].value() == "Roosevelt Elementary"
    assert School.objects.count() == 2


def test_who_works_at_no_school_of_the_district_no_longer_administers_it(cast, adams, district, as_user):
    add_administrator(district, actor=cast.ada, email=cast.pia.email)
    give_role(cast.pia, school=cast.other_school, role=Role.TEACHER)
    assert as_user(cast.pia).get("/district/").status_code == 200
    Staff.objects.filter(user=cast.pia, school=cast.school).update(
        ends_on=cast.school.today() - dt.timedelta(days=1)
    )
    client = as_user(cast.pia)
    assert client.get("/district/").status_code == 403
    url = reverse("collab:district-school-add", args=[district.uuid])
    assert (client.post(url, NEW).status_code, client.get("/district/copy/").status_code) == (404, 403)


def test_the_last_administrator_of_a_district_stays_at_its_schools(cast, district):
    add_people(cast.school, [NewPerson("bo@new.test", "Bo", "Low", "administrator")], actor=cast.ada)
    bo = User.objects.get(email="bo@new.test")
    sign_in_once(bo)
    for day in (None, cast.school.today()):
        with pytest.raises(DomainError, match="last administrator of Riverbend"):
            leave_school(cast.staff.ada, last_day=day, actor=bo)
    add_administrator(district, actor=cast.ada, email=bo.email)
    leave_school(cast.staff.ada, last_day=None, actor=bo)
    assert [*district.administrators.all()] == [bo]
    assert AuditEvent.objects.filter(verb="removed-district-administrator").count() == 1


def test_who_works_at_another_of_its_schools_may_leave_one(cast, district, adams):
    sign_in_once(cast.ada)
    add_people(cast.school, [NewPerson("bo@new.test", "Bo", "Low", "administrator")], actor=cast.ada)
    leave_school(cast.staff.ada, last_day=None, actor=User.objects.get(email="bo@new.test"))
    assert [*district.administrators.all()] == [cast.ada]


def test_an_operator_adds_an_administrator_to_a_district_that_has_none(cast, district):
    end_access(cast.ada)
    assert not district.administrators.exists()
    call_command("add_district_administrator", "Riverbend", cast.pia.email)
    assert [*district.administrators.all()] == [cast.pia]
    for name, email in (("Nowhere", cast.pia.email), ("Riverbend", cast.zed.email)):
        with pytest.raises(CommandError):
            call_command("add_district_administrator", name, email)


def test_the_page_counts_people_teams_and_students(cast, adams, district):
    [page] = district_pages(cast.ada)
    rows = {row.school.name: (row.people, row.teams, row.students, row.has_met) for row in page.rows}
    assert rows == {"Adams": (1, 0, 0, False), "Lincoln Elementary": (7, 1, 3, False)}


def test_another_administrator_works_in_the_district_and_the_last_one_stays(cast, district, as_user):
    client = as_user(cast.ada)
    add = reverse("collab:district-administrator-add", args=[district.uuid])
    page = client.post(add, {"email": cast.zed.email})
    assert "No one with this address works at a school of the district." in page.content.decode()
    client.post(add, {"email": cast.pia.email.upper()})
    assert {*district.administrators.all()} == {cast.ada, cast.pia}

    def remove(person):
        return reverse("collab:district-administrator-remove", args=[district.uuid, person.uuid])

    assert client.post(remove(cast.ana)).status_code == 404
    assert "who has signed in" in client.post(remove(cast.ada), follow=True).content.decode()
    sign_in_once(cast.pia)
    assert client.post(remove(cast.ada)).headers["Location"] == "/"
    assert client.post(remove(cast.pia)).status_code == 404
    assert (
        "A district needs an administrator who has signed in."
        in as_user(cast.pia).post(remove(cast.pia), follow=True).content.decode()
    )
    assert [*district.administrators.all()] == [cast.pia]


def test_measures_rules_strategies_and_the_calendar_are_copied(cast, adams):
    Holiday.objects.create(school=cast.school, name="Fair", starts_on=conftest.TODAY, ends_on=conftest.TODAY)
    year = cast.school.years.get()
    Term.objects.create(year=year, name="First", starts_on=year.starts_on, ends_on=conftest.TODAY)
    Period.objects.create(school=cast.school, name="1", cycle_day=0, starts_at=dt.time(8), ends_at=dt.time(9))
    Rule.objects.create(school=cast.school, key="slow-orf", name="Slow", kind="growth", measure=cast.fluency)
    before = preview_copy(cast.school, adams, actor=cast.ada)
    assert not Strategy.objects.filter(school=adams).exists()
    copied = copy_settings(
        cast.school, adams, actor=cast.ada, parts=["measures", "rules", "strategies", "calendar"]
    )
    assert (
        counts(copied)
        == counts(before)
        == {
            "measures": (1, 0, 0),
            "rules": (2, 0, 0),
            "strategies": (1, 0, 0),
            "calendar": (3, 0, 0),
        }
    )
    orf = Measure.objects.get(school=adams, key="orf")
    cuts = Benchmark.objects.filter(measure=orf).values_list("grade", "window", "below", "at", "above")
    assert {*cuts} == {
        *Benchmark.objects.filter(measure=cast.fluency).values_list(
            *["grade", "window", "below", "at", "above"]
        )
    }
    assert Rule.objects.get(school=adams, key="slow-orf").measure == orf
    assert set(Rule.objects.filter(school=adams).values_list("is_on", flat=True)) == {False}
    assert set(Rule.objects.filter(school=cast.school).values_list("is_on", flat=True)) == {True}
    assert [(one.name, [term.name for term in one.terms.all()]) for one in adams.years.all()] == [
        ("This year", ["First"])
    ]
    assert (adams.holidays.get().name, adams.periods.get().name) == ("Fair", "1")
    assert Measure.objects.get(pk=cast.fluency.pk).school == cast.school
    assert AuditEvent.objects.get(verb="copied-settings").school == adams


def test_what_is_there_stays_and_is_told(cast, adams):
    orf = Measure.objects.create(school=adams, key="orf", name="Ours", scale_max=9)
    Benchmark.objects.create(measure=orf, grade=4, window="fall", below=1, at=2, above=3)
    Strategy.objects.create(school=adams, name="Repeated reading", domain="academic", minutes=7)
    mine = adams.years.get()
    short = {"name": "Ours", "ends_on": mine.starts_on + dt.timedelta(days=9)}
    mine.terms.filter(starts_on=mine.starts_on).update(**short)
    copied = copy_settings(cast.school, adams, actor=cast.ada, parts=["measures", "strategies", "calendar"])
    assert counts(copied) == {"measures": (0, 1, 0), "strategies": (0, 1, 0), "calendar": (0, 1, 0)}
    orf.refresh_from_db()
    assert (orf.name, orf.benchmarks.count(), Strategy.objects.get(school=adams).minutes) == ("Ours", 1, 7)
    assert [term.name for term in adams.years.get().terms.all()] == ["Ours", "Spring term"]


def test_a_year_of_the_same_name_with_other_days_stays(cast, adams, as_user):
    year = cast.school.years.get()
    adams.years.all().delete()
    mine = adams.years.create(
        name=year.name,
        starts_on=year.starts_on - dt.timedelta(days=800),
        ends_on=year.starts_on - dt.timedelta(days=500),
    )
    pair = {"source": cast.school.uuid, "target": adams.uuid}
    assert as_user(cast.ada).get("/district/copy/", pair).status_code == 200
    copied = copy_settings(cast.school, adams, actor=cast.ada, parts=["calendar"])
    assert (counts(copied), adams.years.get()) == ({"calendar": (0, 1, 0)}, mine)


def test_a_rule_without_its_measure_is_told_and_not_copied(cast, adams):
    Rule.objects.create(school=cast.school, key="slow-orf", name="Slow", kind="growth", measure=cast.fluency)
    copied = copy_settings(cast.school, adams, actor=cast.ada, parts=["rules"])
    assert counts(copied) == {"rules": (1, 0, 1)}


def test_copied_twice_nothing_is_there_twice(cast, adams):
    for _time in range(2):
        copied = copy_settings(cast.school, adams, actor=cast.ada, parts=["measures", "rules", "strategies"])
    assert counts(copied) == {"measures": (0, 1, 0), "rules": (0, 1, 0), "strategies": (0, 1, 0)}


@pytest.mark.parametrize("actor", ["ana", "pia", "zed"])
def test_only_the_district_copies(cast, adams, actor):
    with pytest.raises(PermissionDenied):
        copy_settings(cast.school, adams, actor=getattr(cast, actor), parts=["rules"])


def test_nothing_is_copied_from_or_to_a_school_outside_the_district(cast, adams, as_user):
    for source, target in [(cast.other_school, adams), (adams, cast.other_school), (adams, adams)]:
        with pytest.raises(PermissionDenied):
            copy_settings(source, target, actor=cast.ada, parts=["rules"])
        sent = {"source": source.uuid, "target": target.uuid, "parts": ["rules"]}
        assert as_user(cast.ada).post("/district/copy/", sent).status_code == 422


def test_the_page_shows_what_would_be_copied_then_copies_what_was_chosen(cast, adams, as_user):
    client, pair = as_user(cast.ada), {"source": cast.school.uuid, "target": adams.uuid}
    page = client.get("/district/copy/", pair)
    assert "1 new, 0 already there" in " ".join(page.content.decode().split())
    assert "Rules arrive switched off" in page.content.decode()
    assert not Strategy.objects.filter(school=adams).exists()
    sent = client.post("/district/copy/", {**pair, "parts": ["strategies"]})
    assert sent.headers["Location"] == "/district/"
    assert (Strategy.objects.filter(school=adams).count(), Rule.objects.filter(school=adams).count()) == (
        1,
        0,
    )
    assert client.post("/district/copy/", pair).status_code == 422


def test_an_administrator_who_left_every_school_of_the_district_is_not_added(cast, district):
    cast.staff.pia.ends_on = conftest.TODAY - dt.timedelta(days=2)
    cast.staff.pia.save()
    with pytest.raises(DomainError):
        add_administrator(district, actor=cast.ada, email=cast.pia.email)


def test_what_is_retired_is_not_copied_and_a_renamed_starting_strategy_is_there(cast, adams):
    Strategy.objects.create(school=cast.school, name="Old", domain="academic", is_retired=True)
    Strategy.objects.create(school=cast.school, name="Check in", key="check-in", domain="behavior")
    Strategy.objects.create(school=adams, name="Our check in", key="check-in", domain="behavior")
    Measure.objects.create(school=cast.school, key="old", name="Old", retired_on=conftest.TODAY)
    copied = copy_settings(cast.school, adams, actor=cast.ada, parts=["measures", "strategies"])
    assert counts(copied) == {"measures": (1, 0, 0), "strategies": (1, 1, 0)}
    assert {*Strategy.objects.filter(school=adams).values_list("name", flat=True)} == {
        "Our check in",
        "Repeated reading",
    }


def test_the_menu_leads_those_who_administer_a_district_to_it(cast, district, as_user):
    link = f'href="{reverse("collab:district-show")}"'
    menus = {}
    for name in ("ada", "cora", "zed"):
        menu = as_user(getattr(cast, name)).get("/").content.decode().split('class="menu-head"')[1]
        menus[name] = link in menu.split("</details>")[0]
    assert menus == {"ada": True, "cora": False, "zed": False}
