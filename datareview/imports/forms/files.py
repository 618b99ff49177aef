"""The form that maps the columns of a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.imports.forms.absences import absence_fields
from datareview.imports.forms.answers import answer_fields, answer_options, answer_start, person_fields
from datareview.imports.models import Import
from datareview.imports.queries import asked_codes, columns_of, guess_of, school_measures
from datareview.recipes.forms.codes import code_fields, code_meanings
from datareview.recognition.fields import FIELDS
from datareview.recognition.kinds import NEEDED
from datareview.recognition.labels import LABELS
from datareview.records.models import Domain
from teams.lib import formats
from teams.lib.inputs import DayField

# Fields of which a file needs one: the label says so instead of calling each optional.
DAY = ("column_day", "fixed_day", "day_zero")
# Options that are stored as they are.
KEPT = (
    "grade",
    "absences",
    "day_rule",
    "periods",
    "date_order",
    "domain",
    "scale_min",
    "scale_max",
    "new_measures",
)
ONE_OF: dict[str, tuple[str, ...]] = {
    Import.Kind.SCORES: (*DAY, "column_value", "column_measure", "measure", "new_measure", "wide"),
    Import.Kind.COURSE_GRADES: DAY,
}


class MappingForm(forms.Form):
    """The mapping of a file's columns, and values missing from the file."""

    kind = forms.ChoiceField(label=_("Each row is about"), choices=Import.Kind.choices)
    missing = forms.CharField(
        label=_("Codes for missing values"),
        required=False,
        max_length=200,
        help_text=_("Separate them with spaces. Empty, ?, NA and - are recognized already."),
    )

    def __init__(self, *args: Any, row: Import, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.row_kind, missing = row, kind, self.fields.pop("missing")
        columns = [("", "—"), *[(name, name) for name in row.columns]]
        fields = FIELDS.get(kind, {})
        self._add_codes()
        if kind == Import.Kind.ANSWERS:
            self.fields |= person_fields(row)
            missing.help_text = _("Separate them with spaces. Empty, ?, n/a and * are recognized already.")
        for name in fields:
            column = self.initial.get(f"column_{name}", "")
            field = forms.ChoiceField(
                label=LABELS[name],
                choices=columns,
                required=name in NEEDED[kind] and (kind, name) != (Import.Kind.SCORES, "value"),
                help_text=guess_of(row, kind, name, column),
            )
            self.fields[f"column_{name}"] = field
        if kind == Import.Kind.STUDENTS:
            self.fields["grade"] = forms.TypedChoiceField(
                label=_("Grade for all rows"),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("as in the file, or unknown")), (0, _("Kindergarten"))]
                + [(n, str(n)) for n in range(1, 13)],
                help_text=_("Only if the file has no column for it."),
            )
        if kind in (Import.Kind.SCORES, Import.Kind.ATTENDANCE, Import.Kind.COURSE_GRADES):
            self._add_days()
        if kind == Import.Kind.ATTENDANCE:
            self.fields |= absence_fields()
        if {"day", "entered_on", "starts_on"} & fields.keys():
            self.fields["date_order"] = forms.ChoiceField(
                label=_("Order of dates"),
                required=False,
                choices=[("", _("as the file shows")), ("mdy", _("month first")), ("dmy", _("day first"))],
                help_text=_("Needed if dates like 05/10/2026 can be read both ways."),
            )
        if kind == Import.Kind.SCORES:
            self._add_scores()
        if kind == Import.Kind.ANSWERS:
            self.fields |= answer_fields(row)
        self.fields["missing"] = missing
        for name in ONE_OF.get(kind, ()):
            self.fields[name].one_of = True  # type: ignore[attr-defined]

    @property
    def _prefix(self) -> str:
        """The words before each measure's name that its stored names have."""
        return str(self.row.mapping.get("options", {}).get("measure_name", ""))

    def _days(self) -> dict[str, str]:
        """The column with the date of each column that is a measure, as recognized or remembered."""
        guessed: dict[str, str] = self.row.guesses.get(Import.Kind.SCORES, {}).get("days", {})
        return guessed | self.row.mapping.get("days", {})

    def _add_codes(self) -> None:
        asked = asked_codes(self.row, self.row_kind)
        measures = [one.name for one in school_measures(self.row.school)] if asked else []
        self.fields |= code_fields(asked, self.row.mapping.get("codes", {}), measures)

    def _add_days(self) -> None:
        self.fields["fixed_day"] = DayField(
            label=_("One date for the whole file"),
            required=False,
            help_text=_("If no column has the date."),
        )
        self.fields["day_zero"] = DayField(
            label=_("Dates count days since"),
            required=False,
            help_text=_("If the column counts days, 0 is this day."),
        )

    def _add_scores(self) -> None:
        columns = [(name, name) for name in self.row.columns]
        names = {str(one.uuid): one.name for one in school_measures(self.row.school)}
        now = self.initial.get("measure")
        self.initial["measure"] = next((uuid for uuid, name in names.items() if name == now), "")
        self.fields["measure"] = forms.TypedChoiceField(
            label=_("Measure of all rows"),
            required=False,
            coerce=names.get,
            choices=[("", "—"), *names.items()],
            help_text=_("If no column names the measure."),
        )
        self.fields["new_measure"] = forms.CharField(
            label=_("Or: name of a new measure"),
            required=False,
            max_length=100,
            help_text=_("It is added when the file is applied."),
        )
        self.fields["prefix"] = forms.CharField(
            label=_("Words before each measure’s name"),
            required=False,
            max_length=60,
            help_text=_(
                "If a column, or each of several columns, has the measure: “MAP Growth” and “Reading”."
            ),
        )
        self.fields["wide"] = forms.MultipleChoiceField(
            label=_("Or: each of these columns is a measure"),
            required=False,
            choices=columns,
            widget=forms.SelectMultiple(attrs={"size": 6}),
        )
        if days := self._days():
            first, its_day = next(iter(days.items()))
            self.fields["own_days"] = forms.BooleanField(
                label=_("Each of these columns has its own date"),
                required=False,
                help_text=_("For example, the date of “%(column)s” is in “%(day)s”.")
                % {"column": first, "day": its_day},
            )
        self.fields["new_measures"] = forms.BooleanField(
            label=_("Add measures that the school doesn’t have"),
            required=False,
            help_text=_("Otherwise their rows are problems, with the nearest name."),
        )
        self.fields["domain"] = forms.ChoiceField(label=_("Domain of new measures"), choices=Domain.choices)
        self.fields["scale_min"] = forms.FloatField(label=_("Scale of new measures, from"), required=False)
        self.fields["scale_max"] = forms.FloatField(label=_("to"), required=False)
        self.fields["lower_is_better"] = forms.BooleanField(label=_("Lower is better"), required=False)

    def clean(self) -> dict[str, Any]:
        """Require both ends of a scale, or none, and one measure for all rows, or a new one."""
        data = super().clean() or {}
        low, high = data.get("scale_min"), data.get("scale_max")
        if (low is None) != (high is None) or (low is not None and high is not None and low >= high):
            self.add_error("scale_max", _("Enter both ends of the scale, the lower one first, or neither."))
        if self.row_kind == Import.Kind.ANSWERS:
            self._check_answers(data)
        days = self._days() if data.get("own_days") else {}
        if not data.get("prefix") and any(days.get(name) == name for name in data.get("wide") or ()):
            self.add_error("prefix", _("Name the measure: the columns are called by their dates."))
        if data.get("measure") and data.get("new_measure"):
            self.add_error("new_measure", _("Choose a measure, or name a new one."))
        return data

    def _check_answers(self, data: dict[str, Any]) -> None:
        if not data.get("items") and not (data.get("column_item") and data.get("column_answer")):
            self.add_error(
                "items",
                _(
                    "Choose the columns that are items, or the column with the item and the one with its answer."
                ),
            )
        if self.row.team is None and not data.get("assessment"):
            self.add_error("assessment", _("Choose the assessment."))
        for name in ("title", "fixed_day") if self.row.team and not data.get("assessment") else ():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("A new assessment needs it. Or choose an existing one."))

    def mapping(self) -> dict[str, Any]:
        """The mapping as stored in `Import.mapping`."""
        data = self.cleaned_data
        columns = {
            name: data[f"column_{name}"] for name in FIELDS[self.row_kind] if data.get(f"column_{name}")
        }
        options: dict[str, Any] = {"missing": data["missing"].split()}
        for name in ("fixed_day", "day_zero", "covers_from", "covers_until"):
            if data.get(name):
                options[name] = data[name].isoformat()
        for name in KEPT:
            if data.get(name) not in (None, "", False):
                options[name] = data[name]
        if data.get("lower_is_better"):
            options["higher_is_better"] = False
        several = bool(columns.get("measure") or data.get("wide"))
        measure = data.get("prefix") if several else data.get("measure") or data.get("new_measure")
        if measure:
            options["measure_name"] = measure
        mapping: dict[str, Any] = {"columns": columns, "options": options}
        if self.row_kind == Import.Kind.ANSWERS:
            mapping["items"] = data["items"]
            options |= answer_options(self.row, data)
        if codes := code_meanings(asked_codes(self.row, self.row_kind), data):
            mapping["codes"] = codes
        if data.get("wide"):
            mapping |= self._wide(data)
        return mapping

    def _wide(self, data: dict[str, Any]) -> dict[str, Any]:
        """The columns that are each a measure, by their known names or with the words before them, and their dates."""
        prefix, days = data.get("prefix", ""), self._days() if data.get("own_days") else {}
        known = self.row.mapping.get("measures", {}) if prefix == self._prefix else {}
        dated = {name for name, day in days.items() if name == day}  # called by their dates
        names = {name: f"{prefix} {'' if name in dated else name}".strip() for name in data["wide"]}
        found = {"measures": {name: known.get(name) or own for name, own in names.items()}}
        days = {name: day for name, day in days.items() if name in data["wide"]}
        return found | ({"days": days} if days else {})


class ApplyForm(forms.Form):
    """Asks for confirmation before many stored values are replaced, or students added who seem to be here."""

    confirm = forms.BooleanField()

    def __init__(self, *args: Any, changed: int = 0, seconds: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirm"].label = (
            _(
                "%(n)s new students have the name and grade of students here. I have checked that they are others."
            )
            % {"n": formats.number(seconds)}
            if seconds
            else _("%(n)s stored values would change. I have reviewed them, and they are right.")
            % {"n": formats.number(changed)}
        )


def initial_of(row: Import, kind: str) -> dict[str, Any]:
    """Initial values from the guessed or remembered mapping."""
    options = row.mapping.get("options", {})
    values: dict[str, Any] = {"kind": kind, "missing": " ".join(options.get("missing", []))}
    values |= {f"column_{name}": column for name, column in columns_of(row, kind).items()}
    values |= {name: value for name, value in options.items() if name != "missing"}
    if name := values.pop("measure_name", ""):
        several = values.get("column_measure") or row.mapping.get("measures")
        known = name in {one.name for one in school_measures(row.school)}
        values["prefix" if several else "measure" if known else "new_measure"] = name
    values["lower_is_better"] = options.get("higher_is_better") is False
    guessed = row.guesses.get(kind, {}).get("measures", {}) if kind != row.kind else {}
    values["wide"] = list(row.mapping.get("measures", {}) or guessed)
    values["own_days"] = bool(row.mapping.get("days") or row.guesses.get(kind, {}).get("days"))
    if kind == Import.Kind.ANSWERS:
        values |= answer_start(row)
    return values
