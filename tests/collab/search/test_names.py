"""Students, people, teams and pages found by name, half a name or number, and only by who may open them."""

import pytest

from collab.search.queries.names import find_names
from datareview.records.models import Student
from teams.access.permissions import abilities_at
from teams.directory.models import Role
from tests import conftest


def found(user, school, text):
    kinds = find_names(user, school, abilities_at(user, school), text)
    return {kind.label: [hit.title for hit in kind.hits] for kind in kinds}


@pytest.mark.parametrize(
    "text", ["Maya", "oka", "maya OKAFOR", "okafor, maya".replace(",", ""), "1001", "100 maya", '"Maya"']
)
def test_a_student_is_found_by_name_half_name_and_number(cast, text):
    assert found(cast.ana, cast.school, text)["Students"] == ["Maya Okafor"]


def test_a_preferred_name_is_found(cast):
    Student.objects.filter(pk=cast.maya.pk).update(preferred_name="Birdie")
    assert len(found(cast.ana, cast.school, "birdie")["Students"]) == 1


@pytest.mark.parametrize(("person", "sees"), [("ana", True), ("cora", True), ("gil", False), ("zed", False)])
def test_a_student_is_found_only_by_who_may_see_them(cast, person, sees):
    user = getattr(cast, person)
    school = user.staff_rows.get().school
    assert ("Maya Okafor" in str(found(user, school, "Maya"))) is sees
    assert "Leak" not in str(found(cast.ana, cast.school, "Leak"))


def test_people_of_the_school_are_found_by_everyone_and_opened_by_who_edits_them(cast):
    assert found(cast.ana, cast.school, "ber")["People"] == ["Tom Berg"]
    assert found(cast.ana, cast.school, "zed") == {}
    hit = find_names(cast.ana, cast.school, abilities_at(cast.ana, cast.school), "Tom")[0].hits[0]
    assert (hit.url, hit.note) == ("", "Teacher")
    hit = find_names(cast.ada, cast.school, abilities_at(cast.ada, cast.school), "Tom")[0].hits[0]
    assert hit.url == "/people/?q=tom%40lincoln.test"


def test_teams_are_found_by_who_may_open_them(cast):
    assert found(cast.ana, cast.school, "grade")["Teams"] == ["Grade 4"]
    assert "Teams" not in found(cast.gil, cast.school, "grade")


def test_pages_are_found_by_who_may_open_them(cast):
    assert found(cast.ada, cast.school, "bell")["Pages"] == ["Bell schedule"]
    assert found(cast.ada, cast.school, "set-up")["Pages"] == ["Set-up"]
    assert "Pages" not in found(cast.ana, cast.school, "bell")
    assert found(cast.ana, cast.school, "prot")["Pages"] == ["Protocols"]


@pytest.mark.sweep
def test_every_page_that_is_found_opens(cast, as_user):
    for person in ("ana", "sol", "cora", "pia", "ada"):
        user = getattr(cast, person)
        client = as_user(user)
        from teams.navigation import pages_open_to

        for link in pages_open_to(abilities_at(user, cast.school)):
            assert client.get(link.url, follow=True).status_code == 200, (person, link.url)


def test_far_too_many_are_cut_and_say_so(cast, as_user):
    for number in range(30):
        conftest.make_student(cast.school, f"9{number:03}", "Alex", f"Long{number}", 4)
        conftest.make_staff(f"Alex{number}", "Lane", cast.school, Role.TEACHER)
    kinds = find_names(cast.cora, cast.school, abilities_at(cast.cora, cast.school), "alex")
    assert [(kind.label, len(kind.hits), kind.is_cut) for kind in kinds] == [
        ("Students", 8, True),
        ("People", 8, True),
    ]
    assert "There are more." in as_user(cast.cora).get("/search/?q=alex").content.decode()


@pytest.mark.parametrize("text", ["", "  ", '"', "%", "_", "-maya", "x" * 300, "maya " * 50])
def test_strange_words_find_nothing_and_break_nothing(cast, as_user, text):
    assert as_user(cast.ana).get("/search/", {"q": text}).status_code == 200


def test_names_are_shown_above_what_was_written_until_a_filter_is_chosen(cast, as_user):
    client = as_user(cast.ana)
    assert (
        f'<a href="{cast.maya.get_absolute_url()}">Maya Okafor</a>'
        in client.get("/search/?q=maya").content.decode()
    )
    assert cast.maya.get_absolute_url() not in client.get("/search/?q=maya&kind=decision").content.decode()


def test_with_names_hidden_an_alias_is_shown(cast, as_user):
    client = as_user(cast.ana)
    client.post("/projector/", {"next": "/"})
    page = client.get("/search/?q=1001").content.decode()
    assert cast.maya.get_absolute_url() in page
    assert "Okafor" not in page
