"""Template tag for the files that the reader requested on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from teams.documents.queries import documents_from
from teams.jobs.services.jobs import with_progress

if TYPE_CHECKING:
    from django.template.context import Context

register = template.Library()


@register.inclusion_tag("teams/documents/_list.html", takes_context=True)
def own_files(context: Context) -> dict[str, Any]:
    """List the files that the reader requested on this page, open until all are made; each says when it is ready."""
    request = context["request"]
    documents = documents_from(request.user, request.path)
    rows = [(one, with_progress(one.job) if one.job else None) for one in documents]
    return {"rows": rows, "is_waiting": any(job and not job.is_finished for _one, job in rows)}
