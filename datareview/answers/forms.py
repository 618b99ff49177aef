"""The cells that a page sends to be saved, and a block to be pasted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django import forms
from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _

from datareview.answers.marks import MOST_PASTED
from datareview.answers.services.cells import TypedCell

MOST_CELLS = 6_000
LONGEST_TEXT = 60
LARGEST_NUMBER = 32_767


def read_cells(text: str) -> list[TypedCell]:
    """Read the JSON ``[[student, number, text, seen], …]``. Raises BadRequest if it is anything else."""
    try:
        cells = [_cell(one) for one in orjson.loads(text)]
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRequest from error
    if len(cells) > MOST_CELLS:
        raise BadRequest
    return cells


def _cell(one: Any) -> TypedCell:
    student, number, text, seen = one
    if not (isinstance(number, int) and 0 <= number <= LARGEST_NUMBER) or not isinstance(seen, str):
        raise ValueError
    return TypedCell(UUID(student), number, text[:LONGEST_TEXT].replace("\0", ""), seen[:LONGEST_TEXT])


class PasteForm(forms.Form):
    """A pasted block of rows."""

    text = forms.CharField(
        label=_("Rows"),
        strip=False,
        max_length=MOST_PASTED,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One row for each student: a name, a number or the code of a printed sheet, then the answers."
        ),
    )
