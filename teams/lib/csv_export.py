"""Write CSV files that are safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from teams.lib.hidden_names import hide_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> str:
    """Prefix text that a spreadsheet would read as a formula with a quote; a whole number has no decimals."""
    text = "" if value is None else str(value).removesuffix(".0" if isinstance(value, float) else "")
    if text.startswith(FORMULA) and not _is_number(text):
        return "'" + text
    return text


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a CSV download with a byte order mark, so that Excel decodes accents."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{hide_names(name)}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([safe_cell(hide_names(column)) for column in columns])
    writer.writerows(
        [safe_cell(hide_names(cell) if isinstance(cell, str) else cell) for cell in row] for row in rows
    )
    return response


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
