"""What a form asks about codes in the cells of a file: what each means."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.file_words.codes import NOTHING, meanings
from datareview.recognition.labels import LABELS
from teams.lib import formats
from teams.tables.numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    Codes = dict[tuple[str, str], int]  # field and text → how many rows have it, 0 if that is not known

LONGEST = 40  # characters of a number


def code_fields(
    asked: Codes, explained: dict[str, dict[str, str]], measures: list[str]
) -> dict[str, forms.Field]:
    """A field for each code that is ``asked`` about, with its meaning as ``explained``, by field and text.

    ``measures`` are the names that a measure can have.
    """
    fields: dict[str, forms.Field] = {}
    for (name, text), many in asked.items():
        label = _("What does “%(text)s” mean? (%(field)s)") % {"text": text, "field": LABELS[name]}
        rows = ngettext("%(n)s row has it.", "%(n)s rows have it.", many) % {"n": formats.number(many)}
        choices = [(one, one) for one in measures] if name == "measure" else meanings(name)
        start, rows = explained.get(name, {}).get(text, ""), rows if many else ""
        fields[_field_of(name, text)] = (
            forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _("Not explained: its rows are left out")), *choices],
                initial=start,
                help_text=rows,
            )
            if choices
            else forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST,
                initial=start,
                validators=[_require_number],
                help_text=" ".join([rows, _("A number, or “-” for no score.")]).strip(),
            )
        )
    return fields


def code_meanings(asked: Iterable[tuple[str, str]], data: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The codes that a valid form explains, by field and text."""
    found: dict[str, dict[str, str]] = {}
    for name, text in asked:
        if meaning := data.get(_field_of(name, text)):
            found.setdefault(name, {})[text] = meaning
    return found


def _field_of(name: str, text: str) -> str:
    return f"code_{name}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _require_number(text: str) -> None:
    if text.strip() != NOTHING and read_number(text) is None:
        raise ValidationError(_("Write a number, or “-” for no score."))
