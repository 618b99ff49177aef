"""Nobody works out the results of a class that is closed to them; opening, closing, and who looked."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.answers.services.cells import TypedCell, save_answers
from datareview.assessments.models import ClassShare
from datareview.assessments.permissions import classes_open_to
from datareview.items.services.items import ItemValues, write_items
from datareview.looks.frames import Seen
from datareview.looks.models import ResultsView
from datareview.looks.services import record_results_view
from datareview.mastery.queries.table import mastery_table
from datareview.records.models import AssessmentItem, HeldAnswer
from datareview.results.queries.page import results_page
from datareview.results.services import close_class, open_class
from datareview.shared_results.queries import team_summary
from teams.directory.models import Role, TeamMember
from tests.conftest import START, make_section, make_staff, make_student
from tests.factories.assessments import absent, answer, make_assessment, make_standard

pytestmark = pytest.mark.django_db

KEYS = "ABCD"


class World:
    """A team with some classes, each with a teacher and students, who sit a check of four items one class at a time."""

    def __init__(self, cast, sizes, seed=0):
        self.cast, self.rng = cast, np.random.default_rng(seed)
        self.teachers, self.sections, self.truth, self.late = [], [], {}, []
        for number, size in enumerate(sizes):
            teacher = make_staff(f"T{number}", "Teach", cast.school, Role.TEACHER)
            TeamMember.objects.create(staff=teacher, team=cast.team, starts_on=START)
            students = [
                make_student(cast.school, f"{number}-{one}", f"N{number}x{one}", "Kid", 4)
                for one in range(size)
            ]
            self.teachers.append(teacher)
            self.sections.append(make_section(teacher, f"C{number}", students))
        self.check = make_assessment(
            cast.team, KEYS, sections=self.sections, standard=make_standard(cast.school)
        )
        self.items = list(AssessmentItem.objects.filter(assessment=self.check).order_by("number"))

    def enter(self, number, *, late=0):
        """Enter a class, but for ``late`` students, who are absent until `enter_late`."""
        rows = list(self.sections[number].enrollments.select_related("student", "section"))
        for row in rows[late:]:
            self.enter_student(row)
        for row in rows[:late]:
            absent(self.check, row.student, section=row.section)
        self.late += rows[:late]

    def enter_late(self, count=1):
        for row in self.late[:count]:
            self.check.sittings.filter(student=row.student).delete()
            self.enter_student(row)
        del self.late[:count]

    def enter_student(self, row):
        right = self.rng.random(4) < 0.6
        letters = "".join(
            item.key if is_right else "Z" for item, is_right in zip(self.items, right, strict=True)
        )
        answer(self.check, row.student, letters, section=row.section)
        self.truth[row.student_id] = right.astype(float)

    def students_of(self, sections):
        """The students who were entered in these classes (primary keys)."""
        rows = self.check.sittings.filter(section__in=sections, is_absent=False)
        return set(rows.values_list("student", flat=True))

    def look(self, user, section=""):
        """The page as its view shows it, which records the look."""
        page = results_page(user, self.check, {"section": section})
        if page.entered:
            record_results_view(
                self.check,
                reader=user,
                section=page.chosen.section if page.chosen else None,
                seen=page.numbers.seen,
            )
        return page

    def open(self, number, words=""):
        return open_class(self.check, self.sections[number], actor=self.teachers[number].user, words=words)

    def close(self, number):
        close_class(self.check, self.sections[number], actor=self.teachers[number].user)


@pytest.fixture
def world(cast):
    return lambda *sizes, seed=0: World(cast, sizes, seed)


def sums_on(page):
    """The right answers by item of what a page shows."""
    return np.array([one.right for one in sorted(page.items, key=lambda one: one.number)], float)


def look_together(place):
    """The students over whom everyone in a meeting sees the team's numbers, in a list; empty if they are not shown."""
    shared = team_summary(place.check)
    if not shared.is_shown:
        return []
    record_results_view(place.check, reader=None, section=None, seen=shared.seen)
    right = [one.right for one in sorted(shared.items, key=lambda one: one.number)]
    assert np.array_equal(right, sum((place.truth[pk] for pk in shared.seen.students), np.zeros(4)))
    return [set(shared.seen.students)]


def assert_unsolved(place, sums, known):
    """No student, two students or class follows from the sums over students for whom ``known`` students are known."""
    unknown = [pk for pk in place.truth if pk not in known]
    seen = {frozenset(one) - known for one in sums} - {frozenset()}
    matrix = np.array([[pk in one for pk in unknown] for one in seen], float).reshape(-1, len(unknown))
    rank = np.linalg.matrix_rank(matrix) if matrix.size else 0
    parts = [{pk} for pk in unknown] + [set(one) for one in combinations(unknown, 2)]
    parts += [place.students_of({one.pk}) - known for one in place.sections]
    for part in parts if matrix.size else ():
        unit = np.array([[pk in part for pk in unknown]], float)
        assert not unit.any() or np.linalg.matrix_rank(np.vstack([matrix, unit])) > rank, part


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(3))
def test_no_reader_can_solve_for_a_class_that_was_never_open_to_them(world, cast, seed):
    """Classes and late students come in at random, classes open and close while people look; then equations are solved."""
    rng = np.random.default_rng(seed)
    place = world(*rng.integers(3, 7, int(rng.integers(3, 5))), seed=seed)
    readers = [*(one.user for one in place.teachers), cast.pia]
    equations = {reader: [] for reader in readers}
    allowed = {reader: set() for reader in readers}
    known = {reader: set() for reader in readers}
    left = list(rng.permutation(len(place.sections)))
    at_once = []
    for step in range(9):
        move = rng.integers(4) if step > 2 else 0
        number = int(rng.integers(len(place.sections)))
        if left and move == 0:
            place.enter(left.pop(), late=int(rng.integers(3)))
        elif move in (0, 3):
            place.enter_late(int(rng.integers(1, 4)))
        elif move == 1:
            place.open(number)
        elif move == 2:
            place.close(number)
        for reader in readers:
            allowed[reader] |= set(classes_open_to(reader, place.check).values_list("pk", flat=True))
            for wanted in ("", "team", str(place.sections[number].uuid)):
                page = place.look(reader, wanted)
                if not page.items or not page.entered:
                    continue
                in_class = place.students_of({page.chosen.section.pk}) if page.chosen else set()
                shown = in_class or set(page.numbers.students)
                truth = sum((place.truth[pk] for pk in shown), np.zeros(4))
                assert np.array_equal(sums_on(page), truth)
                assert page.chosen is None or page.chosen.section.pk in allowed[reader]
                assert {row.student.pk for band in page.map.bands for row in band.rows if row.student} <= (
                    place.students_of(allowed[reader])
                )
                equations[reader] += [shown, set(page.numbers.students)]
            known[reader] |= place.students_of(
                classes_open_to(reader, place.check).values_list("pk", flat=True)
            )
        at_once += look_together(place)
    for reader in readers:
        assert_unsolved(place, [*at_once, *equations[reader]], known[reader])


def test_a_class_that_comes_in_later_does_not_change_the_numbers_by_its_own(world, cast):
    place = world(6, 6, 6)
    place.enter(0)
    place.enter(1)
    assert place.look(cast.pia).counted == {one.pk for one in place.sections[:2]}
    place.enter(2)
    page = place.look(cast.pia)
    assert page.counted == {one.pk for one in place.sections[:2]}
    assert page.entered == 12


def test_a_student_who_is_entered_late_changes_no_number_until_there_are_five_of_several_teachers(
    world, cast
):
    place = world(10, 6, 6)
    place.enter(0, late=4)
    for number in (1, 2):
        place.enter(number, late=1)
    page = place.look(cast.pia)
    assert (page.entered, page.numbers.late) == (16, 0)
    for late in (1, 4):  # four of one class are as many as one of them
        place.enter_late(late - page.numbers.late)
        page = place.look(cast.pia)
        assert (page.entered, page.numbers.late) == (16, late)
        assert team_summary(place.check).entered == 16
    place.enter_late()
    page = place.look(cast.pia)
    assert (page.entered, page.numbers.late) == (21, 0)


def test_the_late_students_of_ones_own_class_count_at_once(world):
    place = world(6, 6, 6)
    place.enter(0, late=1)
    place.enter(1)
    place.enter(2)
    teacher = place.teachers[0].user
    assert place.look(teacher, "team").entered == 17
    place.enter_late()
    assert place.look(teacher, "team").entered == 18


def test_a_student_of_whom_an_answer_is_missing_is_not_counted_and_does_not_follow(world, cast):
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    one = place.items[0].responses.first()
    one.delete()
    assert place.look(cast.pia).entered == 17
    one.save()
    assert place.look(cast.pia).entered == 17


def test_a_leader_who_did_not_look_before_sees_all_three(world, cast):
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    assert place.look(cast.pia).entered == 18


def test_a_class_that_is_half_entered_is_not_counted_for_the_team(world, cast):
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    place.check.sittings.filter(section=place.sections[2])[:1].get().delete()
    page = place.look(cast.pia)
    assert (page.entered, page.numbers.waits) == (12, (place.sections[2],))


def test_one_class_that_would_expose_another_waits_and_both_open_together(world, cast):
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    assert place.look(place.teachers[0].user, "team").entered == 18
    assert place.open(1, "Strips first").is_waiting
    assert not classes_open_to(cast.pia, place.check).exists()
    assert not place.open(2).is_waiting
    assert set(classes_open_to(cast.pia, place.check)) == set(place.sections[1:])
    assert ClassShare.objects.get(section=place.sections[1]).words == "Strips first"


@pytest.fixture
def two_of_one(world):
    """Two teachers: the first leads two classes, the second one; all are entered."""
    place = world(6, 6, 6)
    place.sections[1].teacher_links.update(staff=place.teachers[0])
    place.teachers[1] = place.teachers[0]
    for number in range(2):
        place.enter(number)
    return place


def test_the_classes_of_one_teacher_are_no_team(two_of_one, cast):
    """Numbers over two classes are that teacher's for everyone else; with a colleague's class they are the team's."""
    both = tuple(two_of_one.sections[:2])
    page = two_of_one.look(cast.pia)
    assert (page.map, page.numbers.counted, page.numbers.hides) == (None, None, both)
    assert two_of_one.look(two_of_one.teachers[0].user, "team").entered == 12
    assert team_summary(two_of_one.check).hides
    two_of_one.enter(2)
    assert two_of_one.look(cast.pia).entered == 18
    page = two_of_one.look(two_of_one.teachers[2].user, "team")
    assert (page.numbers.counted, page.numbers.hides) == (None, both)


def test_a_class_waits_whose_opening_would_leave_those_of_one_teacher(two_of_one, cast):
    two_of_one.enter(2)
    assert two_of_one.look(cast.pia).entered == 18
    assert two_of_one.open(2).is_waiting
    assert not two_of_one.open(0).is_waiting
    assert set(classes_open_to(cast.pia, two_of_one.check)) == {two_of_one.sections[0]}


def test_a_sum_that_is_known_already_lets_other_classes_open(two_of_one, cast):
    """Two teachers' classes were shown together before one of them led both."""
    record_results_view(
        two_of_one.check,
        reader=cast.pia,
        section=None,
        seen=Seen(
            frozenset(one.pk for one in two_of_one.sections[:2]),
            frozenset(two_of_one.students_of(two_of_one.sections[:2])),
        ),
    )
    two_of_one.enter(2)
    assert not two_of_one.open(2).is_waiting
    assert two_of_one.open(0).is_waiting  # the other one would follow


def test_without_numbers_seen_a_class_opens_at_once(world):
    place = world(6, 6, 6)
    place.enter(0)
    assert not place.open(0).is_waiting


def test_a_wish_to_open_is_withdrawn(world):
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    place.look(place.teachers[0].user, "team")
    place.open(1)
    place.close(1)
    assert not ClassShare.objects.exists()
    assert place.open(2).is_waiting


def test_a_closed_class_is_hidden_and_still_counts_as_known(world):
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    place.open(1)
    place.close(1)
    place.close(1)
    page = place.look(place.teachers[0].user, "team")
    assert (page.map, page.numbers.counted, page.numbers.hides) == (None, None, (place.sections[2],))


def test_only_a_teacher_of_the_class_opens_and_closes_it(world, cast):
    place = world(3, 3)
    for actor in (place.teachers[1].user, cast.pia, cast.ana):
        with pytest.raises(PermissionDenied):
            open_class(place.check, place.sections[0], actor=actor, words="")
        with pytest.raises(PermissionDenied):
            close_class(place.check, place.sections[0], actor=actor)
    assert not ClassShare.objects.exists()


def test_opening_is_saved_from_the_page_with_its_words(world, as_user):
    place = world(3)
    place.enter(0)
    client = as_user(place.teachers[0].user)
    here = reverse("datareview:assessment-detail", args=[place.check.uuid])
    assert "Only you see your class" in client.get(here).content.decode()
    arguments = [place.check.uuid, place.sections[0].uuid]
    client.post(reverse("datareview:class-open", args=arguments), {"words": "Strips, then the line."})
    html = client.get(here).content.decode()
    assert "Your class is open" in html
    assert "Strips, then the line." in html
    client.post(reverse("datareview:class-close", args=arguments))
    assert "Only you see your class" in client.get(here).content.decode()


def test_too_many_words_come_back_as_typed(world, as_user):
    place = world(3)
    place.enter(0)
    address = reverse("datareview:class-open", args=[place.check.uuid, place.sections[0].uuid])
    response = as_user(place.teachers[0].user).post(address, {"words": "strips " * 200})
    assert "strips strips" in response.content.decode()
    assert not ClassShare.objects.exists()


def test_the_team_sees_who_looked_and_others_do_not(world, cast, as_user):
    place = world(3, 3)
    place.enter(0)
    place.open(0)
    here = reverse("datareview:assessment-detail", args=[place.check.uuid])
    chosen = {"section": str(place.sections[0].uuid)}
    as_user(cast.pia).get(here, chosen)
    assert ResultsView.objects.filter(reader=cast.pia, section=place.sections[0]).count() == 1
    html = as_user(place.teachers[1].user).get(here, chosen).content.decode()
    assert "Who looked at these results" in html
    assert "Pia Moss: C0" in html
    assert "Who looked at these results" not in as_user(cast.pia).get(here, chosen).content.decode()


def test_a_row_of_the_map_takes_no_few_who_came_later(world, cast):
    """Of five who are late, each band has fewer than five: the rows of the map stay, while the totals have them."""
    place = world(12, 8, 8)
    place.enter(0, late=4)
    for number in (1, 2):
        place.enter(number, late=1)
    rows = [(band.level, row.n, row.total) for band in place.look(cast.pia).map.bands for row in band.rows]
    place.enter_late(5)
    page = place.look(cast.pia)
    after = [(band.level, row.n, row.total) for band in page.map.bands for row in band.rows]
    assert page.entered == 27
    assert after == rows or sum(n for _level, n, _total in after) == 27  # all five in one band


def correct(place, rows, text):
    """Type ``text`` into every cell of these students, as their teacher does."""
    section = rows[0].section
    number = place.sections.index(section)
    cells = [TypedCell(row.student.uuid, item.number, text) for row in rows for item in place.items]
    save_answers(place.check, cells, actor=place.teachers[number].user, section=section)
    place.check.refresh_from_db()


@pytest.mark.parametrize("text", ["D", "", "x"])
def test_a_correction_or_a_deletion_moves_no_number_until_there_are_enough(world, cast, text):
    """One answer, and all of a student's answers, stay in the numbers that were shown without them."""
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    rows = [
        list(one.enrollments.select_related("student", "section").order_by("pk")) for one in place.sections
    ]
    shown = place.look(cast.pia)
    standards = [one.latest.right for one in mastery_table(cast.pia, cast.school, {}).page]
    right = sums_on(shown)
    correct(place, rows[0][:1], text)
    correct(place, rows[1][:4], text)
    later = place.look(cast.pia)
    assert np.array_equal(sums_on(later), right)
    assert (later.entered, later.numbers.corrected) == (18, 5)
    assert [one.latest.right for one in mastery_table(cast.pia, cast.school, {}).page] == standards
    assert look_together(place)  # with the answers that were true then
    own = place.look(place.teachers[0].user, str(place.sections[0].uuid))
    assert own.entered == (6 if text == "D" else 5)
    correct(place, rows[0][1:5], text)
    correct(place, rows[1][4:5], text)
    now = place.look(cast.pia)
    assert not place.check.holds_answers
    assert now.numbers.corrected == 0
    assert now.entered == (18 if text == "D" else 0)  # without ten of them, too few are left of two classes
    fixed = {row.student_id for row in (*rows[0][:5], *rows[1][:5])}
    kept = sum(answers for pk, answers in place.truth.items() if pk not in fixed)
    if text == "D":
        assert np.array_equal(sums_on(now), kept + np.array([0, 0, 0, 10.0]))


def test_corrections_in_an_open_class_count_at_once(world, cast):
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    place.look(cast.pia)
    row = place.sections[0].enrollments.select_related("student", "section").first()
    correct(place, [row], "D")
    assert place.check.holds_answers
    place.open(0)
    place.open(1)
    place.check.refresh_from_db()
    assert not place.check.holds_answers


def test_a_new_key_counts_in_answers_that_are_held_as_well(world, cast):
    place = world(6, 6, 6)
    for number in range(3):
        place.enter(number)
    place.look(cast.pia)
    row = place.sections[0].enrollments.select_related("student", "section").first()
    before = place.check.items.get(number=1).responses.get(student=row.student).choice
    correct(place, [row], "D")
    values = [ItemValues.of(one) for one in place.check.items.order_by("number")]
    values[0] = replace(values[0], key="E")
    held = HeldAnswer.objects.filter(student=row.student, item=place.items[0])
    assert held.get().choice == before
    write_items(place.check, values, actor=cast.ana, add_standards=False)
    assert held.get().points == 0
