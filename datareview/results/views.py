"""The page of results of an assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.assessments.permissions import assessments_visible_to
from datareview.results.forms import OpenClassForm, ResultsFilter
from datareview.results.http import looked_at
from datareview.results.permissions import own_teaching
from teams.documents.pdf import can_make_pdf
from teams.documents.services import request_document
from teams.lib.csv_export import csv_response
from teams.lib.errors import DomainError
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.assessments.models import ClassShare
    from datareview.records.models import Assessment, Section
    from teams.lib.requests import SchoolRequest


def assessment_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the results of an assessment: of the chosen class, or of the team."""
    page = looked_at(request, uuid)
    words = page.chosen.words if page.chosen else ""
    context = {
        "page": page,
        "filters": ResultsFilter(page),
        "open_form": OpenClassForm(initial={"words": words}),
        "can_make_pdf": can_make_pdf(),
    }
    return render_page(request, "datareview/results/show.html", context)


def assessment_export(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Download what the page of results shows as CSV."""
    from datareview.results.queries.export import results_table

    page = looked_at(request, uuid)
    columns, rows = results_table(page)
    return csv_response(f"{page.assessment.given_on.isoformat()}.csv", columns, rows)


def assessment_download(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Ask for what the page of results shows as a PDF file."""
    page = looked_at(request, uuid)
    if page.map is None:
        raise Http404
    names = {"title": page.assessment, "class": page.chosen.section if page.chosen else page.assessment.team}
    try:
        document = request_document(
            request,
            "datareview/results/paper.html",
            {"page": page},
            name=_("Results %(title)s %(class)s") % names,
            page=page.assessment.get_absolute_url(),
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(f"{page.assessment.get_absolute_url()}?{request.GET.urlencode()}")
    return redirect(document)


@require_POST
def class_open(request: SchoolRequest, uuid: UUID, section: UUID) -> HttpResponse:
    """Open the results of one's class to all who see the assessment."""
    from datareview.results.services import open_class

    assessment, own = _own_class(request, uuid, section)
    form = OpenClassForm(request.POST)
    return run_service(
        request,
        lambda: open_class(assessment, own, actor=request.user, words=form.cleaned_data["words"]),
        back=_page_of(assessment, own),
        done=_opened,
        form=form,
    )


@require_POST
def class_close(request: SchoolRequest, uuid: UUID, section: UUID) -> HttpResponse:
    """Close the results of one's class again."""
    from datareview.results.services import close_class

    assessment, own = _own_class(request, uuid, section)
    return run_service(
        request,
        lambda: close_class(assessment, own, actor=request.user),
        back=_page_of(assessment, own),
        done=_("Your class is closed again. Only you and its other teachers see it."),
    )


def _own_class(request: SchoolRequest, uuid: UUID, section: UUID) -> tuple[Assessment, Section]:
    """The assessment and a class of it that the user teaches, or 404."""
    visible = assessments_visible_to(request.user).select_related("team__school")
    assessment = get_object_or_404(visible, uuid=uuid)
    link = own_teaching(request.user, assessment).filter(section__uuid=section).first()
    if link is None:
        raise Http404
    return assessment, link.section


def _page_of(assessment: Assessment, section: Section) -> str:
    return f"{assessment.get_absolute_url()}?section={section.uuid}"


def _opened(share: ClassShare) -> str:
    if share.is_waiting:
        return _(
            "Your class opens together with the next one: with yours alone, the results of another class could be "
            "worked out."
        )
    return _("Your class is open: everyone who sees the assessment sees it beside your name.")
