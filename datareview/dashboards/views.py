"""The data page: any students, each measure a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from datareview.dashboards.forms import DataFilter
from datareview.dashboards.queries.board import data_board
from datareview.dashboards.queries.file import file_columns, file_rows
from teams.lib.csv_export import csv_response
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def dashboard_show(request: SchoolRequest) -> HttpResponse:
    """Show the measures of the students that the address names, by default of the user's first team."""
    wanted = request.GET.dict()
    board = data_board(request.user, request.school, wanted) if request.school else None
    if board is None and wanted.get("of"):
        raise Http404
    context: dict[str, Any] = {"board": board, "filters": DataFilter(board, wanted) if board else None}
    return render_page(request, "datareview/dashboards/show.html", context, partial="data")


def dashboard_export(request: SchoolRequest) -> HttpResponse:
    """Download the figures of the page as CSV."""
    board = data_board(request.user, request.school, request.GET.dict())
    if board is None:
        raise Http404
    return csv_response("data.csv", file_columns(), file_rows(board))
