"""The form that corrects how a file is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from datareview.file_words.ways import DELIMITER_NAMES, ENCODING_NAMES
from teams.lib import formats
from teams.lib.hidden_names import are_hidden
from teams.tables.reading import SHEETS
from teams.tables.ways import DELIMITERS, ENCODINGS, FIXED, NAMELESS, Way, way_of

if TYPE_CHECKING:
    from datareview.imports.models import Import

TAB = "tab"  # a form's value without spaces, which browsers and forms cut
_PLACES = re.compile(r"\d{1,5}(?:[\s,;]+\d{1,5})*")


class WayForm(forms.Form):
    """How a file is read, as far as a person says it; what is left open is found by the contents."""

    def __init__(self, *args: Any, row: Import, **kwargs: Any) -> None:
        way, found = way_of(row.way), row.as_read
        start = {
            **row.way,
            "delimiter": TAB if way.delimiter == "\t" else way.delimiter,
            "widths": ", ".join(map(str, way.widths or found.get("widths", []))),
        }
        super().__init__(*args, **{**kwargs, "initial": start})
        if row.name.lower().endswith(SHEETS):
            self._add_sheet(way, found)
        else:
            self._add_text(way, found)
        self._add_table(way, found)

    def _add_sheet(self, way: Way, found: dict[str, Any]) -> None:
        if len(sheets := found.get("sheets", [])) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet"),
                required=False,
                choices=[
                    ("", _found(found.get("sheet", "") if not way.sheet else "")),
                    *((one, one) for one in sheets),
                ],
            )

    def _add_text(self, way: Way, found: dict[str, Any]) -> None:
        encoding = "" if way.encoding else str(ENCODING_NAMES.get(found.get("encoding", ""), ""))
        delimiter = "" if way.delimiter else str(DELIMITER_NAMES.get(found.get("delimiter", ""), ""))
        self.fields["encoding"] = forms.ChoiceField(
            label=_("Encoding"),
            required=False,
            choices=[("", _found(encoding)), *((one, ENCODING_NAMES[one]) for one in ENCODINGS)],
            help_text=_("If characters with accents are wrong."),
        )
        self.fields["delimiter"] = forms.ChoiceField(
            label=_("Columns are separated by"),
            required=False,
            choices=[
                ("", _found(delimiter)),
                *((TAB if one == "\t" else one, DELIMITER_NAMES[one]) for one in (*DELIMITERS, FIXED)),
            ],
        )
        self.fields["widths"] = forms.CharField(
            label=_("Fixed widths: where each column begins"),
            required=False,
            max_length=400,
            help_text=_("Places in a line, such as 1, 9, 30. Leave it empty to find them by the spaces."),
        )

    def _add_table(self, way: Way, found: dict[str, Any]) -> None:
        if tables := found.get("tables"):
            told = str(found["table"]) if not way.table else ""
            self.fields["table"] = forms.TypedChoiceField(
                label=_("Which table"),
                required=False,
                coerce=int,
                empty_value="0",
                choices=[
                    ("", _found(told)),
                    *((n, f"{n}: {name}") for n, name in enumerate(tables, start=1)),
                ],
            )
        lines = dict(found.get("lines", []))
        if way.header:
            lines.setdefault(way.header, "")
        header = _row(found["header"], lines) if way.header is None and "header" in found else ""
        self.fields["header"] = forms.TypedChoiceField(
            label=_("Row with the names of the columns"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[
                ("", _found(header)),
                (NAMELESS, _("No row: columns have no names")),
                *((number, _row(number, lines)) for number in sorted(lines)),
            ],
        )
        self.fields["header_rows"] = forms.TypedChoiceField(
            label=_("Names are in"),
            required=False,
            coerce=int,
            empty_value="0",
            choices=[("", _found("")), (1, _("this row")), (2, _("this row and the one above it"))],
        )
        self.fields["last"] = forms.IntegerField(
            label=_("Last row to read"),
            required=False,
            min_value=1,
            help_text=_("If totals or notes below the table are read as rows."),
        )

    def clean_widths(self) -> list[int]:
        """The places in order."""
        text = self.cleaned_data["widths"].strip(" ,;")
        if text and not _PLACES.fullmatch(text):
            raise forms.ValidationError(_("Write numbers with commas between them: 1, 9, 30."))
        return sorted({int(place) for place in re.findall(r"\d+", text)})

    def way(self) -> dict[str, Any]:
        """What a valid form says, as `Import.way` has it."""
        data = self.cleaned_data
        delimiter = "\t" if data.get("delimiter") == TAB else data.get("delimiter", "")
        return Way(
            encoding=data.get("encoding", ""),
            delimiter=delimiter,
            widths=tuple(data.get("widths") or ()) if delimiter == FIXED else (),
            sheet=data.get("sheet", ""),
            table=int(data.get("table") or 0),
            header=data.get("header"),
            header_rows=int(data.get("header_rows") or 0),
            last=data.get("last") or 0,
        ).stored()


def _found(what: str) -> str:
    return _("As found: %(what)s") % {"what": what} if what else _("As found")


def _row(number: int, lines: dict[int, str]) -> str:
    if number == NAMELESS:
        return _("no row")
    text = "" if are_hidden() else lines.get(number, "")  # rows have students in them
    words = {"n": formats.number(number), "text": text}
    return _("Row %(n)s: %(text)s") % words if text else _("Row %(n)s") % words
