"""What the form of a file asks about codes in its cells: what each stands for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.imports.queries import school_measures
from datareview.recognition.codes import EXPLAINED, NOTHING, meanings
from datareview.recognition.labels import LABELS
from teams.lib import formats
from teams.tables.numbers import read_number

if TYPE_CHECKING:
    from datareview.imports.models import Import

LONGEST = 40  # characters of a number


def code_fields(row: Import, kind: str) -> dict[str, forms.Field]:
    """A field for each code that was explained before, or that the last check, as this kind, could not read."""
    fields: dict[str, forms.Field] = {}
    for (name, text), many in _codes(row, kind).items():
        meaning = row.mapping.get("codes", {}).get(name, {}).get(text, "")
        column = LABELS["measure" if name == "measure" else name]
        label = _("What does “%(text)s” mean? (%(field)s)") % {"text": text, "field": column}
        rows = (
            ngettext("%(n)s row has it.", "%(n)s rows have it.", many) % {"n": formats.number(many)}
            if many
            else ""
        )
        choices = meanings(name)
        if name == "measure":
            choices = [(one.name, one.name) for one in school_measures(row.school)]
        fields[_field_of(name, text)] = (
            forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _("Not explained: its rows are left out")), *choices],
                initial=meaning,
                help_text=rows,
            )
            if choices
            else forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST,
                initial=meaning,
                validators=[_require_number],
                help_text=" ".join([rows, _("A number, or “-” for no score.")]).strip(),
            )
        )
    return fields


def code_meanings(row: Import, kind: str, data: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The codes that a valid form explains, by field, as `Import.mapping` has them."""
    found: dict[str, dict[str, str]] = {}
    for name, text in _codes(row, kind):
        if meaning := data.get(_field_of(name, text)):
            found.setdefault(name, {})[text] = meaning
    return found


def _codes(row: Import, kind: str) -> dict[tuple[str, str], int]:
    """The codes that are asked about, by field and text, with how many rows have them (0 if they are explained)."""
    fields = {*EXPLAINED.get(kind, {}).values()} if kind == row.kind else set()
    before = {
        (name, text): 0
        for name, codes in row.mapping.get("codes", {}).items()
        for text in codes
        if name in fields
    }
    return before | {(name, text): many for name, text, many in row.counts.get("codes", []) if name in fields}


def _field_of(name: str, text: str) -> str:
    return f"code_{name}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _require_number(text: str) -> None:
    if text.strip() != NOTHING and read_number(text) is None:
        raise ValidationError(_("Write a number, or “-” for no score."))
