"""The list of people: who is in it, its tabs, filters, order and pages, and its file."""

import csv
import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings

from teams.access.permissions import ABILITIES, ABILITY_SENTENCES
from teams.access.queries import roles_in_words
from teams.directory.models import Role, Staff
from teams.lib import clock
from teams.people.queries.people import people_list
from tests.conftest import make_team
from tests.factories.second_factors import add_totp


def names(school, **wanted):
    return [str(row.staff) for row in people_list(school, wanted).rows]


def signed_in(*users):
    for user in users:
        user.last_login = clock.now() - settings.CLOCK_OFFSET
        user.save(update_fields=["last_login"])


@pytest.fixture
def everyone_signed_in(cast):
    signed_in(cast.ana, cast.tom, cast.gil, cast.sol, cast.cora, cast.pia, cast.ada)


def test_the_list_is_of_the_school_by_last_name(cast):
    assert names(cast.school) == [
        "Tom Berg",
        "Ada Cole",
        "Gil Hart",
        "Cora Lind",
        "Pia Moss",
        "Ana Ruiz",
        "Sol Vega",
    ]
    assert names(cast.other_school) == ["Zed Stone"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"q": "ru an"}, ["Ana Ruiz"]),
        ({"q": "SOL@lincoln"}, ["Sol Vega"]),
        ({"q": "4711"}, ["Gil Hart"]),
        ({"q": "stone"}, []),
        ({"role": "specialist"}, ["Sol Vega"]),
        ({"role": "unknown", "tab": "unknown", "team": "unknown", "q": "berg"}, ["Tom Berg"]),
        ({"sort": "role", "q": "an"}, ["Ana Ruiz"]),
    ],
)
def test_filters(cast, wanted, found):
    Staff.objects.filter(pk=cast.staff.gil.pk).update(local_id="4711")
    assert names(cast.school, **wanted) == found


def test_a_team_filters_and_one_of_another_school_finds_no_one(cast):
    assert names(cast.school, team=str(cast.team.uuid)) == ["Tom Berg", "Ana Ruiz"]
    assert names(cast.school, team=str(cast.other_team.uuid)) == []


def test_tabs(cast, everyone_signed_in):
    cast.sol.last_login = None
    cast.sol.save()
    Staff.objects.filter(pk=cast.staff.pia.pk).update(ends_on=cast.school.today() - dt.timedelta(days=1))
    Staff.objects.filter(pk=cast.staff.cora.pk).update(ends_on=cast.school.today())
    tabs = people_list(cast.school, {}).tabs
    assert [(value, many) for value, _label, many in tabs] == [
        ("", 6),
        ("need", 2),
        ("unseen", 1),
        ("no-team", 2),
        ("left", 1),
    ]
    assert names(cast.school, tab="need") == ["Gil Hart", "Sol Vega"]
    assert names(cast.school, tab="unseen") == ["Sol Vega"]
    assert names(cast.school, tab="left") == ["Pia Moss"]


def test_a_row_has_teams_classes_and_sign_in(cast, everyone_signed_in):
    add_totp(cast.ana)
    Authenticator.objects.create(user=cast.ana, type="recovery_codes", data={})
    rows = {str(row.staff): row for row in people_list(cast.school, {}).rows}
    ana, gil = rows["Ana Ruiz"], rows["Gil Hart"]
    assert (ana.teams, ana.classes, ana.second_factor, ana.need) == (["Grade 4, lead"], ["4A"], "codes", "")
    assert (gil.teams, gil.classes, gil.second_factor, gil.need) == ([], [], "password only", "in no team")
    assert ana.seen_at.date() == cast.school.today()


def test_a_sign_in_before_they_were_added_here_is_not_shown(cast):
    signed_in(cast.zed)
    add_totp(cast.zed)
    staff = Staff.objects.create(user=cast.zed, school=cast.school, role="teacher")
    Staff.objects.filter(pk=staff.pk).update(created_at=staff.created_at + dt.timedelta(hours=1))
    row = next(row for row in people_list(cast.school, {"q": "zed"}).rows)
    assert (row.seen_at, row.second_factor, row.need) == (None, "", "not invited")


def test_pages(cast, as_user, monkeypatch):
    monkeypatch.setattr("teams.people.queries.people.A_PAGE", 3)
    client = as_user(cast.ada)
    page = client.get("/people/?sort=role&page=2").content.decode()
    assert [str(row.staff) for row in client.get("/people/?sort=role").context["list"].rows] == [
        "Tom Berg",
        "Gil Hart",
        "Ana Ruiz",
    ]
    assert "sort=role" in page
    assert "page=3" in page


def test_the_file_has_all_pages_of_the_filtered_list(cast, as_user, monkeypatch):
    monkeypatch.setattr("teams.people.queries.people.A_PAGE", 1)
    cast.tom.first_name = "=Tom"
    cast.tom.save()
    answer = as_user(cast.ada).get("/people/list.csv?role=teacher")
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert [row[:4] for row in rows[1:]] == [
        ["'=Tom", "Berg", "tom@lincoln.test", "Teacher"],
        ["Gil", "Hart", "gil@lincoln.test", "Teacher"],
        ["Ana", "Ruiz", "ana@lincoln.test", "Teacher"],
    ]


def test_no_one_matches(cast, as_user):
    assert "No people here" in as_user(cast.ada).get("/people/?q=nothing").content.decode()


# Roles in words --------------------------------------------------------------------------------------------


def test_every_ability_has_a_sentence():
    assert ABILITY_SENTENCES.keys() == ABILITIES.keys()
    assert len(set(map(str, ABILITY_SENTENCES.values()))) == len(ABILITIES)


def test_a_role_may_what_the_table_says(cast):
    for words in roles_in_words(cast.school):
        may = {str(ABILITY_SENTENCES[one]) for one, roles in ABILITIES.items() if Role(words.value) in roles}
        assert {str(sentence) for sentence in words.may} == may
        assert {str(one) for one in words.may_not} == {str(one) for one in ABILITY_SENTENCES.values()} - may


def test_roles_count_the_people_who_have_them_now(cast):
    Staff.objects.filter(pk=cast.staff.gil.pk).update(ends_on=cast.school.today() - dt.timedelta(days=1))
    assert [(words.value, words.people) for words in roles_in_words(cast.school)] == [
        ("teacher", 2),
        ("specialist", 1),
        ("coordinator", 1),
        ("principal", 1),
        ("administrator", 1),
    ]


def test_of_many_teams_the_list_names_three_and_counts_the_rest(cast, as_user):
    for number in range(5):
        make_team(cast.school, f"Team {number}", 4, [cast.staff.gil])
    page = " ".join(as_user(cast.ada).get("/people/?q=hart").content.decode().split())
    assert len(people_list(cast.school, {"q": "hart"}).rows[0].teams) == 5
    row = page.split("<tbody>")[1].split("</tbody>")[0]
    assert [f"Team {number}" in row for number in range(5)] == [True, True, True, False, False]
    assert "and 2 more" in row
