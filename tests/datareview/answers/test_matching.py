"""Whom a pasted name means."""

import uuid

import pytest

from datareview.answers.matching import Person, match_code, match_person

CLASS = [
    Person(uuid.UUID(int=n), number, first, last, preferred, f"{n}K")
    for n, (number, first, last, preferred) in enumerate(
        [
            ("1001", "Thea", "Aguilar", ""),
            ("1002", "Leonard", "Barnes", "Leo"),
            ("1003", "Bruno", "Chavez", ""),
            ("1004", "José Luis", "Núñez-Vega", ""),
            ("1005", "Ana", "Barros", ""),
            ("1006", "Ann", "O’Brien", ""),
            ("1007", "Mia", "Diaz", ""),
            ("1008", "Mia", "Diaz", ""),
            ("1009", "Bo", "", ""),
        ],
        start=1,
    )
]


def found(*names):
    match = match_person(names, CLASS)
    return (match.person.number, match.is_sure) if match.person else None


@pytest.mark.parametrize(
    ("names", "number"),
    [
        (["1003"], "1003"),
        (["Thea Aguilar"], "1001"),
        (["Aguilar, Thea"], "1001"),
        (["AGUILAR", "thea"], "1001"),
        (["Leo Barnes"], "1002"),
        (["Leonard Barnes"], "1002"),
        (["jose luis nunez vega"], "1004"),
        (["OBrien, Ann"], "1006"),
        (["O'Brien, Ann"], "1006"),
        (["1001@school.org"], "1001"),
        (["thea.aguilar@school.org"], "1001"),
        (["Mia Diaz", "1008"], "1008"),
        (["Bo"], "1009"),
        (["12. Thea Aguilar"], "1001"),
        (["3) Aguilar, Thea"], "1001"),
    ],
)
def test_a_number_or_a_whole_name_is_sure(names, number):
    assert found(*names) == (number, True)


@pytest.mark.parametrize(
    ("names", "number"),
    [
        (["Barnes, L."], "1002"),
        (["Chaves, Bruno"], "1003"),
        (["Thea"], "1001"),
        (["Thea M. Aguilar"], "1001"),
        (["José Núñez"], "1004"),
        (["taguilar@school.org"], "1001"),
        (["Agular, Thea"], "1001"),
    ],
)
def test_what_is_nearly_one_name_is_likely(names, number):
    assert found(*names) == (number, False)


@pytest.mark.parametrize(
    "names", [["Ortega, Dan"], ["Mia Diaz"], ["M. Diaz"], ["9999"], ["?"], ["A."], ["nobody@x.org"]]
)
def test_what_means_nobody_or_several_is_not_guessed(names):
    assert found(*names) is None


def test_codes_of_sheets_need_their_letter():
    assert match_code("3K", CLASS).person == CLASS[2]
    assert match_code("3K", CLASS).is_sure
    assert (match_code("3", CLASS).person, match_code("3", CLASS).is_sure) == (CLASS[2], False)
    assert match_code("3X", CLASS).person is None


def test_names_that_fit_several_are_said_with_whom():
    assert [one.number for one in match_person(["Mia Diaz"], CLASS).among] == ["1007", "1008"]
    assert [one.number for one in match_person(["M. Diaz"], CLASS).among] == ["1007", "1008"]
    assert match_person(["Ortega, Dan"], CLASS).among == ()
