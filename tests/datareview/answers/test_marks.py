"""What people type into cells."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from datareview.answers.marks import Answer, Mark, letters_of, read_answer, split_letters, text_of
from teams.lib.errors import DomainError


def item(kind="choice", *, key="C", most=1.0, options=()):
    return SimpleNamespace(kind=kind, key=key, max_points=most, options=list(options))


POINTS, RUBRIC = item("points", key="", most=3), item("rubric", key="", most=4)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("c", Answer(1, "C")),
        (" B ", Answer(0, "B")),
        ("(C)", Answer(1, "C")),
        ("\uff23", Answer(1, "C")),
        ("-", Answer(0)),
        ("–", Answer(0)),
        ("0", Answer(0)),
        ("", Mark.EMPTY),
        ("  ", Mark.EMPTY),
        ("x", Mark.ABSENT),
        ("ABS", Mark.ABSENT),
        ("Ausente", Mark.ABSENT),
    ],
)
def test_letters_blanks_and_absences(text, answer):
    assert read_answer(item(), text) == answer


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("½", 0.5),
        ("1½", 1.5),
        ("2 ¼", 2.25),
        (",5", 0.5),
        ("3.", 3),
        ("3", 3),
        ("0", 0),
        ("-", 0),
    ],
)
def test_points(text, points):
    assert read_answer(POINTS, text) == Answer(points)


@pytest.mark.parametrize(
    ("asked", "text", "sentence"),
    [
        (item(options="abcd"), "E", "“E” is no answer; A, B, C, D are."),
        (item(), "F", "“F” is no answer; A, B, C, D, E are."),
        (item(), "CC", "“CC” is no answer; A, B, C, D, E are."),
        (item(), "1", "“1” is no answer; A, B, C, D, E are."),
        (item(), "<b>" * 30, "“<b><b><b><b><b><b><b…” is no answer; A, B, C, D, E are."),
        (POINTS, "3.5", "3.5 is more than the 3 points of the item."),
        (POINTS, "½½", "“½½” is not a number of points."),
        (POINTS, "-1", "“-1” is not a number of points."),
        (POINTS, "1,000", "“1,000” is not a number of points."),
        (POINTS, "75%", "“75%” is not a number of points."),
        (POINTS, "C", "“C” is not a number of points."),
        (POINTS, "nan", "“nan” is not a number of points."),
        (POINTS, "².5", "“².5” is not a number of points."),
        (RUBRIC, "5", "5 is more than the 4 points of the item."),
        (RUBRIC, "2.3", "“2.3” is no level; whole and half levels are."),
    ],
)
def test_what_cannot_be_is_refused(asked, text, sentence):
    with pytest.raises(DomainError) as error:
        read_answer(asked, text)
    assert str(error.value) == sentence


def test_a_level_may_be_half_a_level():
    assert [read_answer(RUBRIC, text) for text in ("4", "2.5", "0")] == [Answer(4), Answer(2.5), Answer(0)]


def test_letters_follow_the_options_or_the_key():
    assert [letters_of(one) for one in (item(), item(options="ab"), item(key="G"), item(key="T"))] == [
        "ABCDE",
        "ABC",
        "ABCDEFG",
        "ABCDETF",
    ]


def test_several_letters_are_right_in_any_order():
    both = item(key="BD", most=2)
    assert [read_answer(both, text) for text in ("DB", "b, d", "B")] == [
        Answer(2, "BD"),
        Answer(2, "BD"),
        Answer(0, "B"),
    ]
    assert read_answer(item(key="DB", most=2), "bd") == Answer(2, "DB")  # as it is compared with its key


def test_a_key_may_be_a_number():
    two, twelve = item(key="2"), item(key="12")
    assert [read_answer(two, text) for text in ("2", "0", "-")] == [Answer(1, "2"), Answer(0, "0"), Answer(0)]
    assert [read_answer(twelve, text) for text in ("12", "21", "112")] == [
        Answer(1, "12"),
        Answer(0, "21"),
        Answer(0, "112"),
    ]
    assert (letters_of(two), letters_of(item(key="7"))) == ("12345", "1234567")


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_shown_is_read_as_the_same(language):
    with translation.override(language):
        for asked, texts in (
            (item(), ["A", "C", "-"]),
            (POINTS, ["0", "1.5", "2.25", "3"]),
            (RUBRIC, ["3.5"]),
        ):
            for text in texts:
                answer = read_answer(asked, text)
                assert read_answer(asked, text_of(asked, answer.points, answer.choice)) == answer


def test_what_is_keyed_in_is_split_into_cells():
    letters, mixed = [item()] * 5, [item(), item(), POINTS, item()]
    assert [
        split_letters(letters, text.split()) for text in ("CABDB", "CA BD B", "C.-DB", "CABDBA", "x")
    ] == [
        ["C", "A", "B", "D", "B"],
        ["C", "A", "B", "D", "B"],
        ["C", "", "-", "D", "B"],
        ["C", "A", "B", "D", "B", "A"],
        ["x"],
    ]
    assert split_letters(mixed, ["CA", "1.5", "B"]) == ["C", "A", "1.5", "B"]
