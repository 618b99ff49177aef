"""Health check for load balancers and containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import JsonResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
def health_show(request: HttpRequest) -> JsonResponse:
    """Respond 200 if the database answers, else 503. Public, since it contains no data about anyone."""
    try:
        connection.ensure_connection()
    except DatabaseError:
        return JsonResponse({"database": "gone"}, status=503)
    return JsonResponse({"database": "ok"})
