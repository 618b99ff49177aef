"""A pasted block: what the preview says, and what saving it writes."""

import pytest
from django.urls import reverse

from datareview.answers.queries.grid import grid_revision
from datareview.answers.services.cells import TypedCell, save_answers
from datareview.answers.sheets import code_of
from datareview.pasting.queries.preview import preview_paste
from datareview.records.models import ItemResponse
from tests.conftest import make_student
from tests.factories.assessments import answer, make_assessment

BLOCK = "Name\t1\t2\t3\t4\nOkafor, Maya\tC\tA\tQ\tD\nWeber, Jonsa\tC\t\t-\tB\nOrtega, Dan\tC\tA\tB\tD\n"


@pytest.fixture
def fourth(cast):
    make_student(cast.school, "1009", "Nina", "Stewart", 4).enrollments.create(
        section=cast.section, starts_on=cast.school.year_start()
    )
    return make_assessment(cast.team)


def preview(cast, fourth, text=BLOCK, **choices):
    settled = {name.replace("_", "-"): value for name, value in choices.items()}
    return preview_paste(fourth, cast.section, text, settled, reader=cast.ana)


def address(cast, fourth):
    return f"{reverse('datareview:answer-paste', args=[fourth.uuid])}?section={cast.section.uuid}"


def stored(fourth):
    rows = ItemResponse.objects.filter(item__assessment=fourth).order_by(
        "student__first_name", "item__number"
    )
    return list(rows.values_list("student__first_name", "item__number", "choice"))


def test_the_preview_says_whom_each_row_means_and_what_is_to_settle(cast, fourth):
    answer(fourth, cast.maya, "B...", section=cast.section)
    shown = preview(cast, fourth)
    assert [(row.typed, str(row.student), row.state) for row in shown.rows] == [
        ("Okafor, Maya", "Maya Okafor", "sure"),
        ("Weber, Jonsa", "Jonas Weber", "likely"),
        ("Ortega, Dan", "None", "none"),
    ]
    assert [(one.name, one.question, one.chosen) for one in shown.settlings] == [
        ("empty", "What does an empty cell mean?", "none"),
        ("cell-2-3", "Item 3: “Q” is no answer; A, B, C, D, E are.", "none"),
        ("row-3", "Who is “Weber, Jonsa”?", str(cast.jonas.uuid)),
        ("row-4", "“Ortega, Dan” is no one in 4A.", "out"),
    ]
    assert (len(shown.saved), shown.written, shown.replaced) == (2, 6, 1)
    assert [str(student) for student in shown.without_row] == ["Nina Stewart"]
    assert not ItemResponse.objects.filter(student=cast.jonas).exists()


def test_the_empty_cells_of_an_absent_student_ask_nothing(cast, fourth):
    shown = preview(cast, fourth, "Maya Okafor\tx\t\t\t\nJonas Weber\tC\tA\tB\tD")
    assert (shown.settlings, len(shown.saved), shown.written) == ([], 2, 5)


def test_what_was_settled_holds(cast, fourth):
    nina = cast.section.enrollments.get(student__first_name="Nina").student
    shown = preview(cast, fourth, empty="-", cell_2_3="B", row_3="out", row_4=str(nina.uuid))
    assert [(str(row.student), [cell.text for cell in row.cells]) for row in shown.rows] == [
        ("Maya Okafor", ["C", "A", "B", "D"]),
        ("None", ["C", "-", "-", "B"]),
        ("Nina Stewart", ["C", "A", "B", "D"]),
    ]
    assert [str(student) for student in shown.without_row] == ["Jonas Weber"]


def test_a_student_of_another_class_or_school_cannot_be_chosen(cast, fourth):
    for stranger in (cast.ines, cast.leak):
        shown = preview(cast, fourth, row_4=str(stranger.uuid))
        assert (shown.rows[2].student, len(shown.saved)) == (None, 2)


TWICE = "Maya Okafor\tC\tA\tB\tD\nOkafor, Maya\tA\tA\tA\tA"


def test_of_two_rows_of_one_student_the_first_is_taken_until_the_other_is_chosen(cast, fourth):
    shown = preview(cast, fourth, TWICE)
    assert [(row.state, row.student) for row in shown.rows] == [("sure", cast.maya), ("twice", None)]
    assert [(one.question, one.detail) for one in shown.settlings] == [
        ("“Okafor, Maya” is there twice, with different answers.", "rows 1 and 2")
    ]
    assert shown.settlings[0].choices == [("out", "Take row 1"), (str(cast.maya.uuid), "Take row 2")]
    other = preview(cast, fourth, TWICE, row_2=str(cast.maya.uuid))
    assert [row.student for row in other.rows] == [None, cast.maya]
    assert other.typed_cells == [(cast.maya.uuid, number, "A") for number in (1, 2, 3, 4)]
    assert (other.written, other.settlings[0].chosen) == (4, str(cast.maya.uuid))


def test_two_equal_rows_of_one_student_are_not_asked_about(cast, fourth):
    shown = preview(cast, fourth, "Maya Okafor\tC\tA\tB\tD\nOkafor, Maya\tC\tA\tB\tD")
    assert ([row.state for row in shown.rows], shown.settlings) == (["sure", "twice"], [])
    assert shown.title == "2 rows: 1 matches, 1 is there twice"


def test_a_row_with_an_answer_too_many_is_left_out_until_it_is_said_which(cast, fourth):
    text = "Maya Okafor\tC\tA\tA\tB\tD\nJonas Weber\tC\tA\tB\tD"
    for head in ("", "Name\t1\t2\t3\t4\n"):
        shown = preview(cast, fourth, head + text)
        assert [(row.state, row.student) for row in shown.rows] == [("long", None), ("sure", cast.jonas)]
        line = shown.rows[0].line
        assert [(one.name, one.question) for one in shown.settlings] == [
            (f"many-{line}", "“Maya Okafor” has 5 answers for 4 items. Which one is too many?")
        ]
        assert shown.settlings[0].choices[2] == ("1", "Answer 2, “A”")
        assert cast.maya in shown.without_row
        settled = preview(cast, fourth, head + text, **{f"many_{line}": "2"})
        assert [cell.text for cell in settled.rows[0].cells] == ["C", "A", "B", "D"]
        assert (settled.rows[0].student, settled.title) == (cast.maya, "2 rows: 2 match")
    far = preview(cast, fourth, text.replace("\tD\n", "\tD\tD\n"), many_1="2")
    assert (far.rows[0].state, far.rows[0].student) == ("long", None)


def test_names_that_fit_two_students_are_asked_with_both(cast, fourth):
    for number, last in (("1011", "Adams"), ("1012", "Zane")):
        student = make_student(cast.school, number, "Ana", last, 4)
        student.enrollments.create(section=cast.section, starts_on=cast.school.year_start())
    asked = preview(cast, fourth, "Ana\tC\tA\tB\tD").settlings[0]
    assert asked.question == "“Ana” could be: Ana Adams, Ana Zane."
    assert [label for _value, label in asked.choices[:3]] == ["Leave the row out", "Ana Adams", "Ana Zane"]


def test_a_student_of_another_class_of_the_reader_is_said_to_be_there(cast, fourth):
    fourth.sections.set([cast.section, cast.other_section])
    text = f"{cast.ines.full_name}\tC\tA\tB\tD"
    closed = preview(cast, fourth, text).settlings[0]
    assert closed.question == "“Ines Duarte” is no one in 4A."
    cast.other_section.teachers.add(cast.staff.ana)
    own = preview(cast, fourth, text)
    assert own.settlings[0].question == "“Ines Duarte” is in 4B. Paste the row there."
    assert own.saved == []


def test_more_names_than_students_are_each_no_one(cast, fourth):
    shown = preview(cast, fourth, "".join(f"Stranger Number{n}\tC\tA\tB\tD\n" for n in range(31)))
    assert (shown.title, len(shown.settlings), shown.saved) == ("31 rows: 31 match no one", 31, [])


def test_a_column_too_many_is_asked_about(cast, fourth):
    text = "Maya Okafor\tA\tC\tA\tB\tD\nJonas Weber\tA\tC\tA\tB\tD"
    shown = preview(cast, fourth, text)
    assert (shown.settlings[0].name, shown.settlings[0].chosen) == ("column", "5")
    assert [cell.text for cell in preview(cast, fourth, text, column="1").rows[0].cells] == [
        "C",
        "A",
        "B",
        "D",
    ]
    for nonsense in ("99", "-1", "x", "²"):
        assert [cell.text for cell in preview(cast, fourth, text, column=nonsense).rows[0].cells] == [
            "A",
            "C",
            "A",
            "B",
        ]


def test_rows_are_keyed_in_by_the_codes_of_the_sheet(cast, fourth):
    first, second = (
        code_of(1, cast.maya),
        code_of(2, cast.section.enrollments.get(student__first_name="Nina").student),
    )
    shown = preview(cast, fourth, f"{first} CABD\n{second[:-1]} x\n77K CABD")
    assert [(str(row.student), row.state) for row in shown.rows] == [
        ("Maya Okafor", "sure"),
        ("Nina Stewart", "likely"),
        ("None", "none"),
    ]


def test_saving_writes_the_rows_and_opens_the_grid(cast, fourth, as_user):
    ana = as_user(cast.ana)
    page = ana.post(address(cast, fourth), {"text": BLOCK})
    text = " ".join(page.content.decode().split())
    assert (
        "3 rows: 1 matches, 1 is likely, 1 matches no one" in text,
        "Save 2 rows" in text,
        stored(fourth),
    ) == (True, True, [])
    seen = page.context["settle"]["seen"].value()
    result = ana.post(address(cast, fourth), {"text": BLOCK, "seen": seen, "cell-2-3": "B", "save": "yes"})
    assert (
        result.url == f"{reverse('datareview:answer-enter', args=[fourth.uuid])}?section={cast.section.uuid}"
    )
    assert stored(fourth) == [
        ("Jonas", 1, "C"),
        ("Jonas", 3, ""),
        ("Jonas", 4, "B"),
        ("Maya", 1, "C"),
        ("Maya", 2, "A"),
        ("Maya", 3, "B"),
        ("Maya", 4, "D"),
    ]
    assert "7 answers were saved." in ana.get(result.url).content.decode()


def test_what_somebody_saved_meanwhile_is_shown_before_it_is_replaced(cast, fourth, as_user):
    ana = as_user(cast.ana)
    sent = {"text": BLOCK, "seen": grid_revision(fourth, cast.section), "save": "yes"}
    save_answers(fourth, [TypedCell(cast.maya.uuid, 1, "E")], actor=cast.ana, section=cast.section)
    page = ana.post(address(cast, fourth), sent)
    assert (page.status_code, page.context["preview"].replaced, stored(fourth)) == (
        422,
        1,
        [("Maya", 1, "E")],
    )
    assert "Someone saved answers of this class meanwhile" in page.content.decode()
    again = ana.post(address(cast, fourth), sent | {"seen": page.context["settle"]["seen"].value()})
    assert (again.status_code, stored(fourth)[2]) == (302, ("Jonas", 4, "B"))


def test_an_absent_row_replaces_answers_only_after_it_was_seen(cast, fourth):
    answer(fourth, cast.maya, "CABD", section=cast.section)
    shown = preview(cast, fourth, "Maya Okafor\tx\t\t\t")
    assert (shown.replaced, shown.typed_cells) == (4, [(cast.maya.uuid, 1, "x")])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This field is required."),
        ("C\tA\tB\tD", "No column names the students."),
        ("Name\t1\t2\t3\t4", "no row with a student"),
    ],
)
def test_a_block_that_cannot_be_used_comes_back_as_it_was_typed(cast, fourth, as_user, text, sentence):
    page = as_user(cast.ana).post(address(cast, fourth), {"text": text, "save": "yes"})
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    assert page.context["form"]["text"].value() == text


def test_nothing_is_saved_from_a_block_without_a_row_for_the_class(cast, fourth, as_user):
    sent = {"text": "Dan Ortega\tC\tA\tB\tD", "seen": grid_revision(fourth, cast.section), "save": "yes"}
    page = as_user(cast.ana).post(address(cast, fourth), sent)
    assert (page.status_code, "There is nothing to save" in page.content.decode()) == (422, True)


def test_the_sheet_has_a_code_for_each_student_and_a_box_for_each_item(cast, fourth, as_user):
    sheet = reverse("datareview:answer-sheet", args=[fourth.uuid])
    page = as_user(cast.ana).get(sheet, {"section": cast.section.uuid})
    codes = [code for code, _student in page.context["sheet"].students]
    assert codes[0] == code_of(1, cast.maya)
    assert all(code in page.content.decode() for code in codes)
    slips = as_user(cast.ana).get(sheet, {"section": cast.section.uuid, "per": "student"})
    assert slips.content.decode().count('class="slip"') == 3
