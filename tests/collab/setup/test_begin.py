"""A server without accounts: everything leads to the page that begins, and one visitor with the code succeeds."""

import io
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from collab.setup.forms import NewSchoolForm
from collab.setup.models import SetupCode
from collab.setup.services.begin import begin, check_code, make_setup_code
from datareview.records.models import Measure
from teams.directory.models import Role, School, Staff, Term, User
from teams.lib.errors import DomainError

TYPED = {
    "school_name": "Riverbend Middle School",
    "time_zone": "America/Denver",
    "language": "en",
    "first_name": "Pia",
    "last_name": "Dahl",
    "email": "Pia@Riverbend.test",
    "password": "violet harbor candle sixteen",
}


@pytest.fixture
def code(db):
    return make_setup_code()


@pytest.mark.parametrize("path", ["/", "/students/", "/accounts/login/", "/accounts/password/reset/"])
def test_every_page_leads_there_until_someone_can_sign_in(client, db, path):
    page = client.get(path)
    assert (page.status_code, page.headers["Location"]) == (302, "/begin/")


@pytest.mark.parametrize("path", ["/begin/", "/healthz", "/feeds/nothing.ics"])
def test_that_page_and_public_ones_lead_nowhere(client, db, path):
    assert client.get(path).headers.get("Location") is None


def test_with_an_account_nothing_leads_there_and_the_page_leads_to_sign_in(cast, client):
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"
    assert client.get("/begin/").headers["Location"] == "/accounts/login/"


def test_who_is_signed_in_is_led_home(cast, as_user):
    assert as_user(cast.ana).get("/begin/").headers["Location"] == "/"


def test_a_demo_never_asks_for_a_code(client, db, settings):
    settings.DEMO = True
    assert make_setup_code() == ""
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"
    assert client.get("/begin/").headers["Location"] == "/accounts/login/"


def test_the_first_visitor_gets_a_school_and_is_signed_in(client, code):
    page = client.post("/begin/", {"code": code.lower().replace("-", " "), **TYPED})
    assert (page.status_code, page.headers["Location"]) == (302, "/setup/usual/")
    school = School.objects.get()
    assert (school.name, school.time_zone, school.language) == (
        "Riverbend Middle School",
        "America/Denver",
        "en",
    )
    staff = Staff.objects.get()
    assert (staff.school, staff.role, staff.user.email) == (school, Role.ADMINISTRATOR, "pia@riverbend.test")
    assert str(staff.user) == "Pia Dahl"
    assert staff.user.check_password(TYPED["password"])
    assert client.session["_auth_user_id"] == str(staff.user.pk)
    assert client.get("/calendar/").status_code == 200


def test_the_school_has_a_year_two_terms_and_the_two_measures_nobody_types(code):
    begin(code=code, **TYPED)
    school = School.objects.get()
    [year] = school.years.all()
    terms = list(Term.objects.filter(year=year).values_list("starts_on", "ends_on"))
    assert len(terms) == 2
    assert (year.starts_on, year.ends_on) == (terms[0][0], terms[1][1])
    assert (terms[1][0] - terms[0][1]).days == 1
    assert year.starts_on <= school.today() <= year.ends_on
    assert {*Measure.objects.values_list("school", "derived_from", "domain")} == {
        (school.pk, "attendance", "attendance"),
        (school.pk, "incidents", "behavior"),
    }


def test_the_code_is_gone_once_used_and_is_stored_as_a_hash_only(code):
    assert code.replace("-", "") not in SetupCode.objects.get().digest
    begin(code=code, **TYPED)
    assert not SetupCode.objects.exists()
    assert make_setup_code() == ""


def test_a_new_code_replaces_the_one_before(code, db):
    newer = make_setup_code()
    with pytest.raises(DomainError, match="not the code"):
        check_code(code)
    check_code(newer)


def test_a_wrong_code_keeps_what_was_typed_and_the_tenth_is_the_last(client, code):
    wrong = {"code": "AAAA-AAAA-AAAA", **TYPED}
    page = client.post("/begin/", wrong)
    assert page.status_code == 422
    assert "You have 9 more tries." in page.content.decode()
    assert "Riverbend Middle School" in page.content.decode()
    assert TYPED["password"] not in page.content.decode()
    for _try in range(9):
        page = client.post("/begin/", wrong)
    assert "There is no code to enter now." in page.content.decode()
    assert client.post("/begin/", {"code": code, **TYPED}).status_code == 422
    assert not User.objects.exists()
    newer = make_setup_code()
    assert client.post("/begin/", {"code": newer, **TYPED}).status_code == 302


def test_a_try_is_counted_only_if_the_rest_of_the_form_is_right(client, code):
    client.post("/begin/", {**TYPED, "code": "AAAA-AAAA-AAAA", "password": "password"})
    assert SetupCode.objects.get().tries_left == 10


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "password1234", "too easy to guess"),
        ("password", "short", "at least 12 characters"),
        ("time_zone", "Mars/Base", "not one of the available choices"),
        ("email", "nobody", "valid email"),
        ("school_name", "x" * 121, "at most 120 characters"),
        ("school_name", "   ", "required"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, code, field, value, sentence):
    page = client.post("/begin/", {"code": code, **TYPED, field: value})
    assert page.status_code == 422
    assert any(sentence in error for error in page.context["form"].errors[field])
    assert not User.objects.exists()


def test_who_comes_second_reads_why(client, code):
    form = Client().get("/begin/").context["form"]
    assert form.fields.keys() >= TYPED.keys()
    begin(code=code, **TYPED)
    page = client.post("/begin/", {"code": code, **TYPED}, follow=True)
    assert page.redirect_chain == [("/accounts/login/", 302)]
    assert "Someone else has just set up Collab here." in page.content.decode()
    assert School.objects.count() == 1


def test_of_two_visitors_at_once_one_begins(transactional_db):
    code, results = make_setup_code(), []
    together = threading.Barrier(2)

    def visit(name):
        together.wait()
        try:
            begin(code=code, **{**TYPED, "school_name": name, "email": f"{name}@riverbend.test"})
            results.append(("began", name))
        except DomainError as error:
            results.append(("refused", str(error)))
        finally:
            connection.close()

    threads = [threading.Thread(target=visit, args=[name]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome for outcome, _text in results) == ["began", "refused"]
    assert "Someone else has just set up Collab here." in dict(results)["refused"]
    assert [school.name for school in School.objects.all()] == [dict(results)["began"]]
    assert User.objects.count() == 1


def test_the_command_prints_a_code_that_works(client, db):
    printed = io.StringIO()
    call_command("setup_code", stdout=printed)
    code = printed.getvalue().split()[-1]
    assert "/begin/" in printed.getvalue()
    assert client.post("/begin/", {"code": code, **TYPED}).status_code == 302


def test_the_command_says_why_there_is_no_code(cast):
    with pytest.raises(CommandError, match="Someone has an account here already"):
        call_command("setup_code")


def test_the_web_server_prints_the_code_when_it_starts(client, db, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    printed = io.StringIO()
    call_command("check_start", stdout=printed)
    code = printed.getvalue().split()[-1]
    assert client.post("/begin/", {"code": code, **TYPED}).status_code == 302
    printed = io.StringIO()
    call_command("check_start", stdout=printed)
    assert printed.getvalue() == ""


@pytest.mark.parametrize("zone", ["UTC", "America/Denver", "Europe/Madrid"])
def test_the_servers_time_zone_is_chosen_whatever_its_name(settings, zone):
    settings.TIME_ZONE = zone
    field = NewSchoolForm()["time_zone"]
    offered = [value for _group, zones in field.field.choices for value, _label in zones]
    assert (field.value(), offered.count(zone)) == (zone, 1)
