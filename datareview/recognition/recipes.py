"""Files whose columns their makers have published, recognized by the set of their column names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datareview.recognition.kinds import FileKind
from datareview.recognition.names import compact_name

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Recipe:
    """A file that is known: ``signs`` are columns that all have to be there, in any order and spelling.

    ``columns`` has the fields, each with the names its column had over the years, and ``measures`` the columns that are
    each a measure, with its name. An empty ``kind`` is a file that is known, and not kept.
    """

    name: str
    kind: str
    signs: tuple[str, ...]
    columns: dict[str, str | tuple[str, ...]]
    measures: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    def columns_in(self, columns: Iterable[str]) -> dict[str, str]:
        """The fields whose column is in the file, with its name there."""
        there = {compact_name(name): name for name in columns}
        found: dict[str, str] = {}
        for name, names in self.columns.items():
            for column in (names,) if isinstance(names, str) else names:
                if name not in found and (words := compact_name(column)) in there:
                    found[name] = there[words]
        return found

    def measures_in(self, columns: Iterable[str]) -> dict[str, str]:
        """The file's columns that are measures, with their names."""
        there = {compact_name(name): name for name in columns}
        return {
            there[words]: name
            for column, name in self.measures.items()
            if (words := compact_name(column)) in there
        }


def _star(subject: str, sign: str) -> Recipe:
    """Renaissance's export of Star tests: each subject has a column of its own."""
    return Recipe(
        f"Star {subject}",
        FileKind.SCORES,
        ("StudentRenaissanceID", "CompletedDateLocal", "ScaledScore", "GradePlacement", sign),
        {"student": "StudentIdentifier", "day": "CompletedDateLocal", "value": "ScaledScore"},
        options={"measure_name": f"Star {subject}"},
    )


def _iready(subject: str, sign: str) -> Recipe:
    """Curriculum Associates' export of diagnostics: the subject is not said, but each has a column of its own."""
    return Recipe(
        f"i-Ready {subject}",
        FileKind.SCORES,
        ("Student ID", "Completion Date", "Overall Scale Score", "Overall Relative Placement", sign),
        {"student": "Student ID", "day": "Completion Date", "value": "Overall Scale Score"},
        options={"measure_name": f"i-Ready {subject}"},
    )


RECIPES = (
    _star("Reading", "InstructionalReadingLevel"),
    _star("Math", "Quantile"),
    _star("Early Literacy", "LiteracyClassification"),
    _iready("Reading", "Lexile Measure"),
    _iready("Math", "Quantile Measure"),
    Recipe(
        "MAP Growth",
        FileKind.SCORES,
        ("TermName", "TestRITScore", "TestStartDate", "StudentID"),
        {
            "student": "StudentID",
            "day": "TestStartDate",
            "value": "TestRITScore",
            "measure": ("Subject", "Discipline"),
        },
        options={"measure_name": "MAP Growth"},
    ),
    Recipe(
        "mCLASS with DIBELS 8",
        FileKind.SCORES,
        ("Benchmark Period", "Composite Score", "Student Primary ID", "Client Date"),
        {"student": ("Student Primary ID", "Student ID (District ID or School ID)"), "day": "Client Date"},
        measures={
            "Composite Score": "DIBELS 8 composite",
            "Letter Names (LNF) - Score": "DIBELS 8 LNF",
            "Phonemic Awareness (PSF) - Score": "DIBELS 8 PSF",
            "Letter Sounds (NWF-CLS) - Score": "DIBELS 8 NWF-CLS",
            "Decoding (NWF-WRC) - Score": "DIBELS 8 NWF-WRC",
            "Word Reading (WRF) - Score": "DIBELS 8 WRF",
            "Reading Accuracy (ORF-Accu) - Score": "DIBELS 8 ORF accuracy",
            "Reading Fluency (ORF) - Score": "DIBELS 8 ORF",
            "Reading Comprehension (Maze) - Score": "DIBELS 8 Maze",
        },
    ),
    Recipe(
        "mCLASS composite",
        FileKind.SCORES,
        ("Benchmark Period", "Composite Score", "Date Tested", "Student Local ID"),
        {"student": "Student Local ID", "day": "Date Tested", "value": "Composite Score"},
        options={"measure_name": "DIBELS 8 composite"},
    ),
    Recipe(
        "Smarter Balanced (CERS)",
        FileKind.SCORES,
        ("StudentIdentifier", "SubmitDateTime", "ScaleScore", "AssessmentName"),
        {
            "student": "StudentIdentifier",
            "day": "SubmitDateTime",
            "value": "ScaleScore",
            "measure": "AssessmentName",
        },
    ),
    Recipe(
        "BASC-3 BESS",
        FileKind.SCORES,
        ("BERI", "BERI Raw Score", "BERI Risk", "Student Number", "Submitted"),
        {"student": "Student Number", "day": "Submitted", "value": "BERI", "measure": "Form"},
        options={"measure_name": "BERI", "domain": "behavior", "higher_is_better": False},
    ),
    Recipe(
        "OneRoster users",
        FileKind.STUDENTS,
        ("sourcedId", "role", "givenName", "familyName"),
        {
            "student": "sourcedId",
            "first_name": "givenName",
            "last_name": "familyName",
            "preferred_name": "preferredFirstName",
            "grade": "grades",
            "role": "role",
        },
    ),
    Recipe(
        "OneRoster classes",
        FileKind.SECTIONS,
        ("sourcedId", "title", "courseSourcedId"),
        {
            "section": "sourcedId",
            "name": "title",
            "course": "courseSourcedId",
            "subject": "subjects",
            "grade": "grades",
            "period": "periods",
        },
    ),
    Recipe(
        "OneRoster enrollments",
        FileKind.ENROLLMENTS,
        ("classSourcedId", "userSourcedId", "role"),
        {
            "section": "classSourcedId",
            "student": "userSourcedId",
            "role": "role",
            "starts_on": "beginDate",
            "ends_on": "endDate",
        },
    ),
    Recipe("OneRoster orgs", "", ("sourcedId", "name", "type", "parentSourcedId"), {}),
    Recipe("OneRoster courses", "", ("sourcedId", "title", "courseCode", "orgSourcedId"), {}),
    Recipe("OneRoster academic sessions", "", ("sourcedId", "title", "type", "startDate", "schoolYear"), {}),
    Recipe("OneRoster demographics", "", ("sourcedId", "birthDate", "americanIndianOrAlaskaNative"), {}),
)


def matching_recipe(columns: Iterable[str]) -> Recipe | None:
    """The recipe whose signs are all among ``columns``; of several, the one with the most signs."""
    there = {compact_name(name) for name in columns}
    found = [recipe for recipe in RECIPES if {compact_name(sign) for sign in recipe.signs} <= there]
    return max(found, key=lambda recipe: len(recipe.signs), default=None)
