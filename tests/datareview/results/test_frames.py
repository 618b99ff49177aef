"""What the results page computes from points and choices."""

import numpy as np
import pandas as pd
import pytest

from datareview.records.models import AssessmentItem, Standard, Student
from datareview.results.frames.finding import finding, under_the_finding
from datareview.results.frames.heat import band_map, student_map
from datareview.results.frames.items import item_results, to_talk_about, whole_test
from datareview.results.frames.names import standard_name
from datareview.results.frames.standards import bands_of, standard_results

ADD = Standard(pk=1, code="4.NF.B.3", statement="Add and subtract fractions, with equal denominators.")
COMPARE = Standard(pk=2, code="4.NF.A.2", statement="Compare fractions")
KEYS = "ABCDABCD"


def items_of(options=()):
    """Three items on comparing, five on adding; the first five keys are A, B, C, D, A."""
    return [
        AssessmentItem(
            pk=number,
            number=number,
            standard=COMPARE if number <= 3 else ADD,
            key=KEYS[number - 1],
            options=list(options),
        )
        for number in range(1, 9)
    ]


def answers(rows):
    """Points and choices of students whose answers are the letters of ``rows``; a space is blank, "?" not entered."""
    index = pd.Index(range(1, len(rows) + 1), name="student")
    numbers = list(range(1, 9))
    choices = pd.DataFrame([list(row) for row in rows], index=index, columns=numbers, dtype=object)
    choices = choices.where(choices != "?", None).replace(" ", "")
    points = choices.eq(pd.Series(list(KEYS), index=numbers)).astype(float).where(choices.notna())
    return points, choices


def weak_on_adding():
    """Eight students know everything; four miss the last four items, and choose A on item 6."""
    return answers([KEYS] * 8 + ["ABCDAADC"] * 4)


def test_a_standards_name_is_the_beginning_of_its_statement():
    assert standard_name(ADD) == "Add and subtract fractions"
    assert standard_name(Standard(code="X.1", statement="word " * 30)) == "X.1"
    assert standard_name(Standard(code="X.2", statement="")) == "X.2"
    assert standard_name(Standard(code="X.3", statement="Divide by 0.5. Then by 0.25.")) == "Divide by 0.5"


def test_a_standard_without_words_is_named_by_its_code():
    assert standard_name(Standard(code="5.NF.B.4", statement="5.NF.B.4")) == "5.NF.B.4"
    assert standard_name(Standard(code="RL (5)", statement="RL (5)")) == "RL (5)"


def test_standards_count_who_mastered_them():
    points, _choices = weak_on_adding()
    compare, add = standard_results(items_of(), points, 0.8)
    assert (compare.n, compare.mastering, compare.not_yet, compare.share) == (12, 12, 0, 1.0)
    assert (add.n, add.mastering, add.not_yet) == (12, 8, 4)
    assert add.low < 8 / 12 < add.high
    assert add.right == pytest.approx((8 * 5 + 4 * 2) / 60)
    assert add.note == ""


def test_a_student_who_is_not_entered_whole_counts_on_no_standard_that_lacks_an_item():
    points, _choices = answers([KEYS] * 3 + ["ABCDAB??"])
    compare, add = standard_results(items_of(), points, 0.8)
    assert (compare.n, add.n) == (4, 3)
    assert add.note == "Only 3 students: one more or less changes the picture."


def test_a_standard_with_two_items_judges_nobody():
    points, _choices = weak_on_adding()
    items = items_of()[1:]
    compare = standard_results(items, points, 0.8)[0]
    assert (compare.mastering, compare.not_yet, compare.share) == (None, 0, None)
    assert compare.note == "Fewer than three items: too few to say who is secure."


def test_nobody_entered_gives_no_shares():
    points, _choices = answers([])
    assert [(one.n, one.share) for one in standard_results(items_of(), points, 0.8)] == [(0, None)] * 2


def test_bands_are_by_a_standard_or_by_all_items():
    points, _choices = answers([KEYS, "ABCDADDD", "DDDDABCD", "ABCDAB??"])
    assert bands_of(items_of(), points, 0.8, ADD.pk).fillna("").tolist() == [
        "secure",
        "close",
        "secure",
        "",
    ]
    assert bands_of(items_of(), points, 0.8).fillna("").tolist() == ["secure", "close", "close", ""]


def test_the_finding_names_the_strongest_and_the_weakest_standard():
    points, choices = weak_on_adding()
    standards = standard_results(items_of(), points, 0.8)
    assert finding(standards) == (
        "Secure: Compare fractions. 4 of 12 are not there yet: Add and subtract fractions"
    )
    items = item_results(items_of(["3/4", "3/8", "2/8", "1/2"]), points, choices)
    assert under_the_finding(items) == "Item 6: 4 of 12 chose A: 3/4."


def test_wrong_answers_that_equally_many_chose_are_all_named():
    points, choices = answers(["ABCDAACD"] * 4 + ["ABCDACCD"] * 4 + ["ABCDADCD"] * 2 + [KEYS] * 2)
    items = item_results(items_of(), points, choices)
    assert [(one.label, one.n) for one in items[5].top_wrong] == [("A", 4), ("C", 4)]
    assert under_the_finding(items) == "Item 6: 4 of 12 chose A. 4 of 12 chose C."
    assert items[0].top_wrong == []


def test_with_nine_students_nothing_is_found():
    points, _choices = answers([KEYS] * 9)
    assert finding(standard_results(items_of(), points, 0.8)) == ""


def test_if_most_are_secure_the_finding_says_so():
    points, _choices = answers([KEYS] * 12)
    assert finding(standard_results(items_of(), points, 0.8)) == (
        "Most are secure on every standard; the weakest is: Compare fractions"
    )


def reversed_key():
    """The eight best students choose B on item 1, the four worst its key A."""
    return answers(["BBCDABCD"] * 8 + ["ADDDDDDD"] * 4)


def test_an_item_that_high_scorers_miss_has_its_key_checked():
    points, choices = reversed_key()
    first = item_results(items_of(), points, choices)[0]
    assert (first.n, first.right, first.doubt, first.checks_key) == (12, 4, "B", True)
    assert first.finding == (
        "Item 1: more high scorers than low scorers missed it, and those who chose B did better on the rest. Check the key."
    )
    assert first.caution == "With 12 students this can be chance."


def test_from_thirty_students_a_key_in_doubt_is_no_longer_called_chance():
    points, choices = answers(["BBCDABCD"] * 20 + ["ADDDDDDD"] * 10)
    assert item_results(items_of(), points, choices)[0].caution == ""


def test_with_nine_students_no_item_is_judged():
    points, choices = answers(["BBCDABCD"] * 6 + ["ADDDDDDD"] * 3)
    first = item_results(items_of(), points, choices)[0]
    assert (first.n, first.share, first.difficulty, first.fit, first.checks_key) == (
        9,
        3 / 9,
        "",
        None,
        False,
    )


def test_a_blank_counts_as_wrong_and_an_item_not_entered_does_not_count():
    points, choices = answers([KEYS] * 10 + ["ABCDABC "] + ["ABCDABC?"])
    last = item_results(items_of(), points, choices)[-1]
    assert (last.n, last.right, last.blank) == (11, 10, 1)
    assert [(one.label, one.n) for one in last.options] == [("D", 10), ("", 1)]


def test_options_that_nobody_chose_are_listed_if_they_stand_on_the_paper():
    points, choices = weak_on_adding()
    item = item_results(items_of(["3/4", "3/8", "2/8", "1/2"]), points, choices)[5]
    assert [(one.label, one.text, one.n, one.is_key) for one in item.options] == [
        ("A", "3/4", 4, False),
        ("B", "3/8", 8, True),
        ("C", "2/8", 0, False),
        ("D", "1/2", 0, False),
        ("", "", 0, False),
    ]


def test_an_item_that_all_have_right_is_not_judged():
    points, choices = weak_on_adding()
    first = item_results(items_of(), points, choices)[0]
    assert (first.all_alike, first.fit, first.finding) == (True, None, "")


def test_keys_to_check_are_talked_about_first():
    points, choices = answers(["BBCDABCD"] * 8 + ["ADDDDDDD"] * 4)
    talk = to_talk_about(item_results(items_of(), points, choices))
    assert [one.number for one in talk] == [1, 2, 3]


def test_the_whole_test_is_judged_in_words():
    few, _choices = answers([KEYS] * 9)
    assert whole_test(few).words == (
        "With fewer than ten students or two items, nothing can be said about the test as a whole."
    )
    alike, _choices = answers([KEYS] * 12)
    assert whole_test(alike).words == "All totals are equal, so the test does not tell students apart."
    points, _choices = weak_on_adding()
    assert whole_test(points).words.endswith("Unstable, with fewer than 30 students.")


def people(keys):
    return [Student(pk=pk, first_name=f"S{pk}", last_name="Ng") for pk in keys]


def heat(show="letters", banded=ADD.pk, rows=(KEYS, "ABCDAADC", "ABCD ADC", "ABCDAB??")):
    points, choices = answers(rows)
    items = items_of()
    students = people(points.index)
    results = item_results(items, points, choices)
    return student_map(
        items, points, choices, results, mastery=0.8, students=students, banded=banded, show=show
    )


def test_the_banded_standard_comes_first_and_items_are_ordered_by_difficulty():
    found = heat()
    assert [(one.name, one.is_banded) for one in found.groups] == [
        ("Add and subtract fractions", True),
        ("Compare fractions", False),
    ]
    assert [[item.number for item in one.items] for one in found.groups] == [[4, 5, 6, 7, 8], [1, 2, 3]]
    assert [(one.code, one.percent) for one in found.groups] == [("4.NF.B.3", "53%"), ("4.NF.A.2", "100%")]
    assert found.width == 12


def test_rows_are_ordered_by_band_and_then_by_total():
    bands = [(band.name, [row.student.pk for row in band.rows]) for band in heat().bands]
    assert bands == [
        ("Needs more time", [3]),
        ("Developing", [2]),
        ("Secure", [1]),
        ("Not entered whole", [4]),
    ]


def test_a_cell_has_the_wrong_letter_and_a_right_one_is_empty():
    rows = {row.student.pk: row.cells for band in heat().bands for row in band.rows}
    assert rows[1] == '<td class="gap">' + "<td>" * 5 + '<td class="gap">' + "<td>" * 3
    assert rows[3] == (
        '<td class="gap"><td><td class=o>–<td class=w>A<td class=w>D<td class=w>C<td class="gap"><td><td><td>'
    )
    assert rows[4] == ('<td class="gap"><td><td><td><td class=n>·<td class=n>·<td class="gap"><td><td><td>')


def test_cells_can_show_right_or_wrong_or_points():
    rows = {row.student.pk: row.cells for band in heat("right").bands for row in band.rows}
    assert "<td class=w>×" in rows[2]
    assert ">A" not in rows[2]
    rows = {row.student.pk: row.cells for band in heat("points").bands for row in band.rows}
    assert rows[1].count("<td>1") == 8
    assert "<td class=w>0" in rows[2]


def test_a_typed_answer_is_escaped():
    rows = {row.student.pk: row.cells for band in heat(rows=("<BCDABCD",) * 2).bands for row in band.rows}
    assert "<td class=v>&lt;" in rows[1]


def test_rubrics_show_their_points():
    items = [AssessmentItem(pk=n, number=n, kind="rubric", max_points=4, standard=ADD) for n in range(1, 4)]
    points = pd.DataFrame([[4.0, 2.0, 0.0]], index=[1], columns=[1, 2, 3])
    choices = pd.DataFrame([["", "", ""]], index=[1], columns=[1, 2, 3], dtype=object)
    results = item_results(items, points, choices)
    found = student_map(items, points, choices, results, mastery=0.8, students=people([1]), banded=ADD.pk)
    assert found.bands[0].rows[0].cells == '<td class="gap"><td><td class=p>2<td class=w>0'
    assert (found.possible, found.bands[0].rows[0].total) == ("12", "6")


def test_the_map_without_students_shows_bands():
    points, choices = answers([KEYS] * 3 + ["ABCDAADC"] * 2 + ["ABCDAB??"])
    items = items_of()
    found = band_map(items, points, item_results(items, points, choices), mastery=0.8, banded=ADD.pk)
    assert [(band.name, band.n, band.rows[0].total) for band in found.bands] == [
        ("Developing", 2, "5"),
        ("Secure", 3, "8"),
    ]
    assert found.bands[0].rows[0].cells.startswith('<td class="gap"><td class="p4">100')


@pytest.mark.parametrize(
    ("closed", "rows"),
    [
        ([], [("Developing", 2), ("Secure", 6)]),
        ([3, 4, 5, 6, 8], [("Developing", 2), ("Secure", 6)]),
        ([3, 4, 5, 6], [("Developing, Secure", 8)]),  # four of them are one row less the reader's own two
        ([1], [("Developing, Secure", 8)]),
        ([1, 2, 3, 4, 5, 6, 8], [("Developing, Secure", 8)]),
    ],
)
def test_no_row_of_bands_has_only_a_few_students_of_closed_classes(closed, rows):
    points, choices = answers(["ABCDAADC"] * 2 + [KEYS] * 6)
    points.index = choices.index = pd.Index([1, 2, 3, 4, 5, 6, 7, 8])
    items = items_of()
    results = item_results(items, points, choices)
    found = band_map(items, points, results, mastery=0.8, banded=ADD.pk, closed=closed)
    assert [(band.name, band.n) for band in found.bands] == rows
    assert ("put together" in found.sentence) == (len(rows) == 1)


def test_a_large_map_is_small_in_bytes():
    rng = np.random.default_rng(0)
    items = [
        AssessmentItem(pk=n, number=n, standard=ADD if n % 2 else COMPARE, key="A") for n in range(1, 61)
    ]
    choices = pd.DataFrame(rng.choice(list("AAAABCD"), (150, 60)), index=range(1, 151), columns=range(1, 61))
    points = (choices == "A").astype(float)
    results = item_results(items, points, choices)
    students = people(range(1, 151))
    found = student_map(items, points, choices, results, mastery=0.8, students=students)
    assert sum(len(row.cells.encode()) for band in found.bands for row in band.rows) < 90_000
