"""The page on which an assessment is made or changed: typed in a table, pasted, counted or copied."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.assessments.forms.assessments import MOST_PASTED, AssessmentForm
from datareview.assessments.queries import MOST_STANDARDS, answered_items, former_keys
from datareview.items.forms import ROWS, SEPARATOR, USUAL_LEVEL, item_formset, plain_number
from datareview.items.pasting import read_items, read_ranges
from datareview.items.services.items import MOST_ITEMS, ItemValues
from datareview.records.models import AssessmentItem
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from datareview.assessments.queries import EditorChoices
    from datareview.assessments.services.assessments import AssessmentValues
    from datareview.items.pasting import PastedItem
    from datareview.records.models import Assessment, KeyChange

USUAL_POINTS: dict[str, str] = {AssessmentItem.Kind.RUBRIC: "4", AssessmentItem.Kind.TOTAL: ""}  # else 1
TO_READ = ("pasted", "count", "ranges")
TEXTS = ("number", "kind", "key", "points", "code", "prompt", "options")


@dataclass(frozen=True, slots=True)
class BlueprintRow:
    """A standard ("" for items without one), the numbers of its items and their points."""

    code: str
    statement: str
    numbers: list[int]
    points: float


@dataclass(frozen=True, slots=True)
class EditorLine:
    """A row of the table of items: its form, its former keys in words, and whether it can be deleted."""

    form: Any
    former: list[str]
    may_delete: bool


class Editor:
    """The page on which an assessment is made or changed: its form, its rows, and what was read into them.

    ``assessment`` is None for a new one, which starts with the values and items of ``copied``, if there is one.
    """

    def __init__(
        self,
        data: QueryDict | None,
        choices: EditorChoices,
        *,
        assessment: Assessment | None = None,
        start: AssessmentValues | None = None,
        items: Sequence[ItemValues] = (),
    ) -> None:
        self.choices, self.assessment = choices, assessment
        self.problems: list[str] = []
        self.was_sent = data is not None
        self.was_read = data is not None and (
            "read" in data or any(data.get(name, "").strip() for name in TO_READ)
        )
        rows = [_shown(item) for item in items]
        initial: dict[str, Any] = {"given_on": choices.day, "seen": assessment.version if assessment else 0}
        if start:
            initial |= {
                "title": start.title,
                "mastery": round(100 * start.mastery),
                "note": start.note,
                "sections": [str(one.uuid) for one in start.sections],
                "again_of": str(start.again_of.uuid) if start.again_of else "",
            }
            if assessment:
                initial["given_on"] = start.given_on
        if data is None or not self.was_read:
            self.form = AssessmentForm(data, initial=initial, choices=choices)
            self.rows: Any = item_formset(1 if rows else 5)(data, initial=None if data else rows, prefix=ROWS)
            self._leave_out_one_class(data)
            return
        typed = _typed_rows(data)
        rows = self._read(data, typed)
        left: dict[str, Any] = {name: data.get(name, "") for name in AssessmentForm.base_fields}
        left |= {"sections": data.getlist("sections"), "add_standards": bool(data.get("add_standards"))}
        if not self.problems:
            left |= dict.fromkeys(TO_READ, "")
        self.form = AssessmentForm(initial=left, choices=choices)
        self.rows = item_formset(1)(initial=rows, prefix=ROWS)

    def _leave_out_one_class(self, data: QueryDict | None) -> None:
        """The team's only class needs no choice."""
        if data is None and len(self.choices.classes) < 2 and not self.form.initial.get("sections"):
            del self.form.fields["sections"]

    @property
    def is_valid(self) -> bool:
        """Whether both the form and its rows are valid, of a form that was sent to be saved."""
        return self.form.is_bound and self.form.is_valid() and self.rows.is_valid()

    @property
    def has_errors(self) -> bool:
        """Whether something that was typed has to be corrected."""
        return bool(self.problems or self.form.errors or (self.rows.is_bound and not self.rows.is_valid()))

    def values(self) -> AssessmentValues:
        """What a valid form says about the assessment."""
        return self.form.values()

    def items(self) -> list[ItemValues]:
        """The items of a valid form."""
        return list(self.rows.items())

    def lines(self) -> list[EditorLine]:
        """The rows of the table."""
        former = former_keys(self.assessment) if self.assessment else {}
        answered = answered_items(self.assessment) if self.assessment else set()
        found = []
        for form in self.rows:
            pk = int(_number_or(form["pk"].value(), 0))
            found.append(EditorLine(form, [_former(one) for one in former.get(pk, [])], pk not in answered))
        return found

    def blueprint(self) -> list[BlueprintRow]:
        """The standards with their items and points, as far as they are typed; dropped items are left out."""
        statements = {
            code.casefold(): (code, "" if statement == code else statement)
            for code, statement in self.choices.standards
        }
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row in self.rows.initial or _typed_rows(self.form.data):
            number, points = _number_or(row["number"], 0), _number_or(row["points"], 1)
            if number and not row.get("is_dropped"):
                found[row["code"].strip()].append((int(number), points))
        return [
            BlueprintRow(
                *statements.get(code.casefold(), (code, "")),
                numbers=[number for number, _points in rows],
                points=sum(points for _number, points in rows),
            )
            for code, rows in sorted(found.items(), key=lambda pair: min(pair[1]))
        ]

    def unknown(self) -> list[str]:
        """Codes in the table that the school does not have; none if it has more standards than are known here."""
        if len(self.choices.standards) >= MOST_STANDARDS:
            return []
        known = {code.casefold() for code, _statement in self.choices.standards}
        codes = dict.fromkeys(row["code"].strip() for row in self.rows.initial or ())
        return [code for code in codes if code and code.casefold() not in known]

    def _read(self, data: QueryDict, typed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The typed rows with what was pasted, counted and assigned; a new assessment's rows are replaced by a paste."""
        pasted, self.problems = read_items(data.get("pasted", "")[:MOST_PASTED])
        by_number = {str(row["number"]).strip(): row for row in typed if row["pk"] or not pasted}
        for item in pasted:
            row = by_number.setdefault(str(item.number), _empty_row(item.number))
            row.update(_pasted(item))
        most = min(int(_number_or(data.get("count", ""), 0)), MOST_ITEMS)
        for number in range(1, most + 1):
            kind = data.get("count_kind") or AssessmentItem.Kind.CHOICE
            points = data.get("count_points") or USUAL_POINTS.get(kind, "1")
            by_number.setdefault(str(number), {**_empty_row(number), "kind": kind, "points": points})
        ranges, problems = read_ranges(data.get("ranges", ""))
        self.problems += problems
        for number, code in ranges.items():
            if str(number) in by_number:
                by_number[str(number)]["code"] = code
            else:
                self.problems.append(_("There is no item %(n)s.") % {"n": number})
        return sorted(by_number.values(), key=lambda row: _number_or(row["number"], MOST_ITEMS))


def _former(change: KeyChange) -> str:
    day = formats.short_day(change.changed_at.astimezone(change.item.assessment.team.school.tz).date())
    return _("was %(key)s until %(day)s") % {"key": change, "day": day}


def _shown(item: ItemValues) -> dict[str, Any]:
    """A stored item as it stands in its row."""
    return {
        "pk": item.pk,
        "number": item.number,
        "kind": item.kind,
        "key": item.key,
        "points": plain_number(item.max_points),
        "code": item.code,
        "prompt": item.prompt,
        "options": f" {SEPARATOR} ".join(item.options),
        "is_dropped": item.is_dropped,
    }


def _empty_row(number: int) -> dict[str, Any]:
    return {
        **dict.fromkeys(TEXTS, ""),
        "pk": None,
        "number": number,
        "kind": AssessmentItem.Kind.CHOICE,
        "points": "1",
    }


def _pasted(item: PastedItem) -> dict[str, Any]:
    """What a pasted item says; what it does not say stays as it is."""
    usual = USUAL_LEVEL if item.kind == AssessmentItem.Kind.RUBRIC else None
    points = item.points if item.points is not None else usual
    said = {
        "key": item.key,
        "points": "" if points is None else plain_number(points),
        "code": item.code,
        "prompt": item.prompt,
        "options": f" {SEPARATOR} ".join(item.options),
    }
    return {"kind": item.kind, **{name: text for name, text in said.items() if text}}


def _typed_rows(data: Any) -> list[dict[str, Any]]:
    """The rows that were sent, as typed, without those that are empty or marked to be deleted."""
    rows: list[dict[str, Any]] = []
    for place in range(min(int(_number_or(data.get(f"{ROWS}-TOTAL_FORMS", ""), 0)), 2 * MOST_ITEMS)):
        row: dict[str, Any] = {name: data.get(f"{ROWS}-{place}-{name}", "") for name in TEXTS}
        row["pk"] = data.get(f"{ROWS}-{place}-pk", "")
        row["is_dropped"] = bool(data.get(f"{ROWS}-{place}-is_dropped"))
        if not row["number"] and any(row[name] for name in ("key", "code", "prompt", "options")):
            row["number"] = str(len(rows) + 1)
        if row["number"] and not data.get(f"{ROWS}-{place}-DELETE"):
            rows.append(row)
    return rows


def _number_or(text: Any, otherwise: float) -> float:
    try:
        number = float(str(text).replace(",", "."))
    except ValueError:
        return otherwise
    return number if math.isfinite(number) else otherwise
