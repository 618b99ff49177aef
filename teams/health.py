"""Whether the server can work: for a load balancer or a container's health check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import JsonResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
def health_show(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. Public: it says nothing about anybody."""
    try:
        connection.ensure_connection()
    except DatabaseError:
        return JsonResponse({"database": "gone"}, status=503)
    return JsonResponse({"database": "ok"})
