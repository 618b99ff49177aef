"""Pasted lines: what each one means, and what is wrong with it."""

import pytest

from teams.people.rows import NewPerson, read_people
from tests.properties import given, st

ANA = NewPerson("ana@lincoln.org", "Ana", "Ruiz", "teacher", "")


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Ana Ruiz, ana@lincoln.org", ANA),
        ("Ana Ruiz\tANA@Lincoln.org\tTeacher\t", ANA),
        ("Ruiz, Ana; ana@lincoln.org; teacher", ANA),
        ('"Ruiz, Ana", ana@lincoln.org', ANA),
        ("Ana\tRuiz\tana@lincoln.org", ANA),
        (
            "Ana Ruiz López,ana@lincoln.org,Specialist,007",
            NewPerson("ana@lincoln.org", "Ana", "Ruiz López", "specialist", "007"),
        ),
        ("Cher, cher@lincoln.org", NewPerson("cher@lincoln.org", "Cher", "")),
        ("ana.ruiz@lincoln.org", NewPerson("ana.ruiz@lincoln.org", "Ana", "Ruiz")),
        ("Ana_Ruiz2@lincoln.org", NewPerson("ana_ruiz2@lincoln.org", "Ana", "Ruiz")),
        ("aruiz@lincoln.org, specialist", NewPerson("aruiz@lincoln.org", "Aruiz", "", "specialist")),
        (", ana@lincoln.org", NewPerson("ana@lincoln.org", "Ana", "")),
        ("Ana Ruiz <ana@lincoln.org>", ANA),
        ('"Ruiz, Ana" <ANA@lincoln.org>', ANA),
    ],
)
def test_a_line_is_a_person(line, person):
    assert [one.person for one in read_people(line)] == [person]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Ana Ruiz", "There is no email address."),
        ("Ana Ruiz, @lincoln.org", "There is no email address."),
        ("Ana Ruiz, ana@lincoln", "The address has no ending, like .org."),
        ("Ana Ruiz, a na@lincoln.org", "“a na@lincoln.org” is not an email address."),
        ("12@lincoln.org", "The name is missing."),
        (
            "Ana Ruiz, ana@lincoln.org, janitor",
            "“janitor” is not a role. The roles are: Teacher, Specialist, Coordinator, Principal, Administrator.",
        ),
        (f"Ana, ana@lincoln.org, {'a' * 80} teacher", "The title is too long."),
        ("Ana Ruiz, ana@lincoln.org, teacher, 1, more", "There are too many columns."),
        ("A, B, C, ana@lincoln.org", "There are too many columns."),
        (f"{'a' * 151} b, ana@lincoln.org", "The name is too long."),
        (f"Ana, ana@lincoln.org, teacher, {'1' * 41}", "The staff id is too long."),
        (f"Ana, {'a' * 60}@{'b.' * 100}org", "The address is too long."),
    ],
)
def test_a_line_with_a_problem_is_no_person(line, problem):
    assert [(one.person, one.problem, one.text) for one in read_people(line)] == [(None, problem, line)]


@pytest.mark.parametrize(
    "line",
    [
        "Ruiz, Ana <ana@lincoln.org>; Lee, Bo <bo@lincoln.org>;",
        "Ana Ruiz <ana@lincoln.org>, Bo Lee <bo@lincoln.org>",
        "Ana Ruiz\tana@lincoln.org\nBo Lee\tbo@lincoln.org",
    ],
)
def test_a_list_of_addresses_is_a_person_each(line):
    assert [(one.person, one.problem) for one in read_people(line)] == [
        (ANA, ""),
        (NewPerson("bo@lincoln.org", "Bo", "Lee"), ""),
    ]


def test_addresses_without_names_are_a_person_each():
    found = read_people("ana.ruiz@lincoln.org, bo.lee@lincoln.org; cy@lincoln\n7@lincoln.org dee@lincoln.org")
    assert [(one.number, str(one.person or one.problem)) for one in found] == [
        (1, "Ana Ruiz"),
        (1, "Bo Lee"),
        (1, "The address has no ending, like .org."),
        (2, "The name is missing."),
        (2, "Dee"),
    ]


def test_lines_keep_their_numbers_and_headings_are_skipped():
    text = "Name,E-mail,Role\n\nAna Ruiz,ana@lincoln.org\r\n   \nBo"
    assert [(line.number, bool(line.person)) for line in read_people(text)] == [(3, True), (5, False)]


def test_a_role_may_be_named_in_the_readers_language(settings):
    from django.utils import translation

    with translation.override("es"):
        found = read_people("Ana, ana@lincoln.org, Docente\nBo, bo@lincoln.org, teacher")
    assert [line.person.role if line.person else line.problem for line in found][1] == "teacher"


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    for line in read_people(text):
        assert (line.person is None) == bool(line.problem)


@pytest.mark.parametrize(
    ("words", "role", "title"),
    [
        ("Math Teacher", "teacher", "Math Teacher"),
        ("teacher", "teacher", ""),
        ("Reading specialist", "specialist", "Reading specialist"),
        ("school psychologist", "specialist", "school psychologist"),
        ("Counselor", "specialist", "Counselor"),
        ("MTSS Coordinator", "coordinator", "MTSS Coordinator"),
        ("Assistant Principal", "principal", "Assistant Principal"),
        ("Administrator", "administrator", ""),
        ("", "teacher", ""),
    ],
)
def test_a_common_title_gives_its_role_and_is_kept(words, role, title):
    [line] = read_people(f"Ana Ruiz\tana@lincoln.org\t{words}")
    assert line.person == NewPerson("ana@lincoln.org", "Ana", "Ruiz", role, title=title)


@pytest.mark.parametrize(
    "words", ["network administrator", "teacher assistant", "principal’s secretary", "!"]
)
def test_no_title_gives_the_role_of_an_administrator_or_of_someone_else(words):
    [line] = read_people(f"Ana Ruiz\tana@lincoln.org\t{words}")
    assert line.person is None
