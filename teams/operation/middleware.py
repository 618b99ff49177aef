"""Health checks before anything that could fail, and one log line per request."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from teams.lib.requests import route_of
from teams.logs.failures import note_failure
from teams.logs.security import log_security_event
from teams.operation.queries import PAGES_NEED, readiness

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

logger = logging.getLogger("collab.requests")

_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{16,64}")


class HealthMiddleware:
    """Answers `/healthz` and `/readyz` for any host, without TLS, session or database.

    `/healthz` answers while the process is alive. `/readyz` answers 200 or 503 depending on whether pages can be
    answered, for a load balancer; `/readyz?all` on whether everything works, for monitoring. With `READY_TOKEN` both
    name what does not work. Administrators see the same on the page of failed jobs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        if request.path == "/healthz":
            return HttpResponse("alive", content_type="text/plain")
        if request.path == "/readyz":
            return _ready_response(request)
        return self.get_response(request)


def _ready_response(request: HttpRequest) -> JsonResponse:
    checks = readiness()
    is_ready = all(check.is_ok for check in checks if check.name in PAGES_NEED or "all" in request.GET)
    told: dict[str, object] = {"ready": is_ready}
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.READY_TOKEN and constant_time_compare(sent, settings.READY_TOKEN):
        told |= {check.name: check.state for check in checks}
    return JsonResponse(told, status=200 if is_ready else 503, headers={"Cache-Control": "no-store"})


class RequestLogMiddleware:
    """Gives each request an id, which its log lines and its response carry, and logs it without its query string.

    Behind a proxy, the id that the proxy sends is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        request_id = _request_id(request)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        _log_events(request, response)
        milliseconds = round(1000 * (time.perf_counter() - began))
        fields = {"method": request.method, "status": response.status_code, "ms": milliseconds}
        logger.info(route_of(request), extra={"fields": fields})
        response["X-Request-ID"] = request_id
        return response


def _request_id(request: HttpRequest) -> str:
    sent = request.headers.get("X-Request-ID", "") if settings.ENV.behind_proxy else ""
    return sent if _REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)


def _log_events(request: HttpRequest, response: HttpResponse) -> None:
    """Log refusals, rate limits and downloads, wherever they come from."""
    if response.status_code == 403:
        log_security_event("refused", route=route_of(request))
    elif response.status_code == 429:
        log_security_event("locked out", route=route_of(request))
        note_failure(f"too many requests: {route_of(request)}")
    elif response.get("Content-Disposition", "").startswith("attachment"):
        log_security_event("export", route=route_of(request), kind=response["Content-Type"].split(";")[0])
