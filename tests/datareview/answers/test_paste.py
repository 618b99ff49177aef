"""A pasted block: what the preview says, and what saving it writes."""

import pytest
from django.urls import reverse

from datareview.answers.queries.grid import grid_revision
from datareview.answers.queries.preview import preview_paste
from datareview.answers.services.cells import TypedCell, save_answers
from datareview.answers.sheets import code_of
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
    return preview_paste(
        fourth, cast.section, text, {name.replace("_", "-"): value for name, value in choices.items()}
    )


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


def test_one_name_twice_takes_the_first_row(cast, fourth):
    shown = preview(cast, fourth, "Maya Okafor\tC\tA\tB\tD\nOkafor, Maya\tA\tA\tA\tA")
    assert [(row.state, row.student) for row in shown.rows] == [("sure", cast.maya), ("twice", None)]
    assert shown.settlings[0].question == "“Okafor, Maya” is there twice."
    swapped = preview(
        cast,
        fourth,
        "Maya Okafor\tC\tA\tB\tD\nOkafor, Maya\tA\tA\tA\tA",
        row_1="out",
        row_2=str(cast.maya.uuid),
    )
    assert [row.student for row in swapped.rows] == [None, cast.maya]


def test_more_names_than_students_are_each_no_one(cast, fourth):
    shown = preview(cast, fourth, "".join(f"Stranger Number{n}\tC\tA\tB\tD\n" for n in range(31)))
    assert (shown.unclear, len(shown.settlings), shown.saved) == (31, 31, [])


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
        "3 rows: 1 match, 1 are likely, 1 match no one" in text,
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
