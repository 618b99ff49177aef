"""What the views of sections and of the roster share."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from teams.lib.hidden_names import are_hidden

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def needs_names(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a form for names while they are hidden: it would show aliases, and store them."""

    @wraps(view)
    def guarded(request: SchoolRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if are_hidden():
            messages.error(request, _("Names are hidden now. Show them again to edit students."))
            return redirect("datareview:student-list")
        return view(request, *args, **kwargs)

    return guarded
