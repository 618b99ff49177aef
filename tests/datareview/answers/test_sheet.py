"""What the page of a grid knows (`static/js/answers`), in Node.js."""

import pytest

from tests.browser_rules import running

ITEMS = [
    {"number": 1, "kind": "choice", "key": "C", "points": 1, "letters": "ABCDE", "dropped": False},
    {"number": 2, "kind": "choice", "key": "A", "points": 1, "letters": "ABCDE", "dropped": False},
    {"number": 3, "kind": "points", "key": "", "points": 3, "letters": "", "dropped": False},
]
START = {"students": ["m", "j"], "items": ITEMS, "cells": [["m", 1, "C", "v1"], ["j", 2, "B", "v1"]]}


@pytest.fixture(scope="module")
def node():
    with running("answers/sheet.js", "Sheet") as call:
        yield call


@pytest.fixture
def sheet(node):
    made = node(None, "new", START)
    return lambda method, *values: node(made, method, *values)


@pytest.fixture(scope="module")
def block():
    with running("answers/block.js", "Block") as call:

        def made(text, html=""):
            number = call(None, "new", text, html)
            return lambda method, *values: call(number, method, *values)

        yield made


def answer(student, number, text, version, **more):
    return {
        "student": student,
        "number": number,
        "text": text,
        "version": version,
        "by": "",
        "at": "",
        "problem": "",
        "conflict": False,
        **more,
    }


def test_what_is_typed_is_sent_once_with_the_version_that_was_seen(sheet):
    assert sheet("put", [["m|1", " b "], ["m|2", "0"], ["m|3", "1,5"]]) == ["m|1", "m|2", "m|3"]
    assert sheet("batch") == [["m", 1, "B", "v1"], ["m", 2, "-", ""], ["m", 3, "1,5", ""]]
    assert sheet("batch") == []
    sheet("answered", [answer("m", 1, "B", "v2"), answer("m", 2, "-", "v2"), answer("m", 3, "1.5", "v2")])
    assert (sheet("waiting"), sheet("kept"), sheet("text", "m|3"), sheet("total", "m")) == (0, {}, "1.5", 1.5)


def test_what_is_typed_while_the_former_text_is_on_its_way_is_sent_after_it(sheet):
    sheet("put", [["m|1", "B"]])
    sheet("batch")
    sheet("put", [["m|1", "D"]])
    sheet("answered", [answer("m", 1, "B", "v2")])
    assert (sheet("text", "m|1"), sheet("batch")) == ("D", [["m", 1, "D", "v2"]])


def test_what_was_typed_back_while_it_is_on_its_way_is_sent_again(sheet):
    sheet("put", [["m|1", "B"]])
    sheet("batch")
    sheet("undo")
    sheet("answered", [answer("m", 1, "B", "v2")])
    assert sheet("batch") == [["m", 1, "C", "v2"]]


def test_without_an_answer_everything_is_sent_again(sheet):
    sheet("put", [["m|1", "B"], ["j|1", "A"]])
    first = sheet("batch")
    assert sheet("kept") == {"m|1": ["B", "v1"], "j|1": ["A", ""]}
    sheet("lost")
    assert sheet("batch") == first


def test_an_answer_that_names_only_some_cells_leaves_the_others_to_be_sent(sheet):
    sheet("put", [["m|1", "B"], ["j|1", "A"]])
    sheet("batch")
    sheet("answered", [answer("m", 1, "B", "v2")])
    assert sheet("batch") == [["j", 1, "A", ""]]


def test_undo_and_redo_take_a_paste_as_one_step(sheet):
    sheet("put", [["m|1", "A"], ["m|2", "B"], ["j|1", "C"]])
    sheet("put", [["m|1", "D"]])
    assert [sheet("undo"), sheet("undo"), sheet("undo")] == [["m|1"], ["m|1", "m|2", "j|1"], []]
    assert (sheet("text", "m|1"), sheet("waiting")) == ("C", 0)
    sheet("redo")
    assert [sheet("text", key) for key in ("m|1", "m|2", "j|1")] == ["A", "B", "C"]
    sheet("put", [["m|2", "E"]])
    assert sheet("redo") == []


def test_absence_is_the_rows_and_undo_brings_the_answers_back(sheet):
    assert sheet("put", [["m|2", "ABS"]]) == ["m|1", "m|2", "m|3"]
    assert (sheet("isAbsent", "m"), sheet("total", "m")) == (True, None)
    assert sheet("batch") == [["m", 1, "x", "v1"], ["m", 2, "x", ""], ["m", 3, "x", ""]]
    sheet("answered", [answer("m", number, "x", "x") for number in (1, 2, 3)])
    sheet("undo")
    assert sheet("batch") == [["m", 1, "C", "x"], ["m", 2, "", "x"], ["m", 3, "", "x"]]


def test_an_answer_of_an_absent_student_takes_the_absence_back(sheet):
    sheet("put", [["m|2", "x"]])
    assert sheet("put", [["m|3", "2"]]) == ["m|1", "m|2", "m|3"]
    assert [sheet("text", f"m|{number}") for number in (1, 2, 3)] == ["", "", "2"]


def test_the_empty_cells_of_a_pasted_row_do_not_take_its_absence_back(sheet):
    pasted = [["m|1", "x"], ["m|2", ""], ["m|3", ""], ["j|1", "C"], ["j|2", ""], ["j|3", ""]]
    assert sheet("put", pasted) == ["m|1", "m|2", "m|3", "j|1", "j|2"]
    assert (sheet("isAbsent", "m"), sheet("text", "j|1"), sheet("text", "j|2")) == (True, "C", "")
    assert sheet("put", [["m|1", ""], ["m|2", ""], ["m|3", ""]]) == ["m|1", "m|2", "m|3"]


def test_a_row_is_never_cut_in_two(sheet):
    sheet("put", [["m|1", "x"], ["j|1", "x"]])
    assert [one[0] for one in sheet("batch", 4)] == ["m", "m", "m"]


def test_somebody_elses_text_waits_until_one_has_chosen(sheet):
    sheet("put", [["m|1", "B"]])
    sheet("batch")
    theirs = answer("m", 1, "D", "v9", by="Tom", problem="Maya, item 1: you typed “B”.", conflict=True)
    sheet("answered", [theirs])
    assert (sheet("text", "m|1"), sheet("wrong"), sheet("batch")) == ("B", ["m|1"], [])
    assert sheet("kept") == {"m|1": ["B", "v1"]}
    sheet("settle", "m|1", True)
    assert (sheet("batch"), sheet("wrong")) == ([["m", 1, "B", "v9"]], [])


def test_taking_theirs_sends_nothing(sheet):
    sheet("put", [["m|1", "B"]])
    sheet("batch")
    sheet("answered", [answer("m", 1, "D", "v9", conflict=True, problem="…")])
    sheet("settle", "m|1", False)
    assert (sheet("text", "m|1"), sheet("batch"), sheet("kept")) == ("D", [], {})


def test_a_text_that_was_refused_stays_in_its_cell_and_is_kept(sheet):
    sheet("put", [["m|1", "Q"]])
    sheet("batch")
    sheet("answered", [answer("m", 1, "C", "v1", problem="“Q” is no answer")])
    assert (sheet("text", "m|1"), sheet("wrong"), sheet("kept"), sheet("batch")) == (
        "Q",
        ["m|1"],
        {"m|1": ["Q", "v1"]},
        [],
    )
    sheet("put", [["m|1", "A"]])
    assert (sheet("wrong"), sheet("batch")) == ([], [["m", 1, "A", "v1"]])


def test_others_changes_come_but_never_over_what_is_typed_or_edited(sheet):
    sheet("put", [["m|1", "B"]])
    now = [["m", 1, "D", "v2"], ["m", 2, "A", "v2"], ["m", 3, "2", "v2"]]
    assert sheet("merge", now, 0, "m|2") == ["m|3", "j|2"]
    assert [sheet("text", key) for key in ("m|1", "m|2", "m|3", "j|2")] == ["B", "", "2", ""]
    assert sheet("batch") == [["m", 1, "B", "v1"]]
    assert sheet("merge", [["m", 2, "A", "v2"]], 0) == []  # something is on its way
    sheet("answered", [answer("m", 1, "B", "v3")])
    assert sheet("merge", [["m", 1, "C", "v1"]], 0) == []  # older than the answer
    assert sheet("text", "m|1") == "B"


def test_what_a_closed_page_kept_is_sent_with_what_it_had_seen(sheet):
    assert sheet("restore", {"m|1": ["B", "v0"], "j|2": ["B", "v0"], "gone|1": ["A", ""]}) == ["m|1"]
    assert sheet("batch") == [["m", 1, "B", "v0"]]


def test_only_students_whose_items_are_all_good_are_entered_whole(sheet):
    assert sheet("entered") == {"whole": 0, "partly": 2}
    sheet("put", [["m|2", "A"], ["m|3", "9"], ["j|1", "x"]])
    assert (sheet("entered"), sheet("stateOf", "j")) == ({"whole": 2, "partly": 0}, "whole")
    sheet("batch")
    sheet("answered", [answer("m", 3, "", "", problem="9 is more than 3.")])
    assert sheet("entered") == {"whole": 1, "partly": 1}
    sheet("put", [["m|3", "3"]])
    assert sheet("entered") == {"whole": 2, "partly": 0}
    sheet("put", [["m|1", ""], ["m|2", ""], ["m|3", ""]])
    assert (sheet("entered"), sheet("stateOf", "m")) == ({"whole": 1, "partly": 0}, "none")


def test_a_dropped_item_is_not_missed(node):
    items = [{**ITEMS[0], "dropped": True}, *ITEMS[1:2]]
    made = node(None, "new", {"students": ["m"], "items": items, "cells": [["m", 2, "A", "v1"]]})
    assert node(made, "entered") == {"whole": 1, "partly": 0}


@pytest.mark.parametrize(
    ("key", "typed", "changes"),
    [
        ("m|1", "ca2", [["m|1", "c"], ["m|2", "a"], ["m|3", "2"]]),
        ("m|1", " C, A 1,5", None),  # four words for three items
        ("m|1", "C A 1.5", [["m|1", "C"], ["m|2", "A"], ["m|3", "1.5"]]),
        ("m|1", "C.1", [["m|1", "C"], ["m|3", "1"]]),
        ("m|1", "-A3", [["m|1", "-"], ["m|2", "A"], ["m|3", "3"]]),
        ("m|1", "CA", None),  # as likely one letter hit twice
        ("m|1", "CAB", None),  # the third item has points
        ("m|1", "CQ2", None),
        ("m|1", "CA22", None),  # more than there are items
        ("m|2", "CA2", None),
        ("m|1", "abs", None),
        ("m|3", "123", None),
    ],
)
def test_letters_of_several_items_in_one_cell_fill_the_row(sheet, key, typed, changes):
    assert sheet("along", key, typed) == changes


def test_blocks_of_spreadsheets_files_and_pages_are_read(block):
    texts = ["C\tA\r\nB\t\r\n", "C;1,5\nB;2", "Weber, J,C,A", '"Weber, J",C\nx,A', "1,5\n2,5", '"a ""b"""\tC']
    assert [block(text)("all") for text in texts] == [
        [["C", "A"], ["B", ""]],
        [["C", "1,5"], ["B", "2"]],
        [["Weber", "J", "C", "A"]],
        [["Weber, J", "C"], ["x", "A"]],
        [["1,5"], ["2,5"]],
        [['a "b"', "C"]],
    ]
    html = (
        "<table><tr><th>Thea&nbsp;A</th><td>C<br></td></tr><tr><td>Zoë &amp; &#65;</td><td></td></tr></table>"
    )
    assert block("Thea A C", html)("all") == [["Thea A", "C"], ["Zoë & A", ""]]


def test_a_block_with_names_or_numbers_of_students_is_told_from_answers(block):
    assert [
        block(text)("hasNames", 4)
        for text in ("Thea\tC\nKai\tA", "1001\tC\n1002\tA", "a@b.org\tC", "C\tA\nabs\t", "3\t4", "Thea\nKai")
    ] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_cell_fills_the_chosen_range_and_a_block_keeps_its_shape(block):
    assert block("C")("spread", 2, 2) == [["C", "C"], ["C", "C"]]
    assert block("C\tA")("spread", 2, 2) == [["C", "A"], ["C", "A"]]
    assert block("C\tA")("spread", 1, 1) == [["C", "A"]]
