"""Pages of the school calendar and the bell schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.calendar import services as calendar
from teams.calendar.forms import CopyDayForm, CycleForm, HolidayForm, PeriodForm, SpanForm, SuggestedYearForm
from teams.calendar.queries import bell_schedule_of, calendar_page, coming_weeks, suggestion_for, terms_of
from teams.calendar.usual_days import is_in_united_states
from teams.directory.queries.days import cycle_day_names
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from teams.directory.models import SchoolYear, Term
    from teams.lib.requests import SchoolRequest


def calendar_show(
    request: SchoolRequest, *, status: int = 200, changed: SchoolYear | Term | None = None, **forms: Form
) -> HttpResponse:
    """Show terms, holidays and the coming weeks; ``forms`` replace the empty forms after an error.

    ``change_form`` is that of the year or term ``changed``.
    """
    page = calendar_page(request.school)
    context = {
        "page": page,
        "year_form": SpanForm(auto_id="year_%s"),
        "term_form": SpanForm(auto_id="term_%s"),
        "holiday_form": HolidayForm(auto_id="holiday_%s"),
        "year_forms": _span_forms(page.years, changed, forms),
        "term_forms": _span_forms(page.terms, changed, forms),
        "cycle_form": CycleForm(initial=CycleForm.start(request.school)),
        **forms,
    }
    return render_page(request, "teams/calendar/show.html", context, status=status)


@require_POST
def year_add(request: SchoolRequest) -> HttpResponse:
    """Add a school year."""
    form = SpanForm(request.POST, auto_id="year_%s")
    return _save(
        request,
        "year_form",
        form,
        lambda: calendar.save_year(request.school, actor=request.user, **form.cleaned_data),
    )


def year_suggest(request: SchoolRequest) -> HttpResponse:
    """Suggest a school year with terms and usual holidays, or the holidays that a year lacks; POST adds what was chosen."""
    require_ability(request.user, "edit_calendar", request.school)
    suggestion = suggestion_for(request.school, int_or_none(request.GET.get("from")))
    form = SuggestedYearForm(request.POST or None, suggestion=suggestion)
    context = {"suggestion": suggestion, "has_holidays": is_in_united_states(request.school.time_zone)}
    return save_form(
        request,
        form,
        lambda: calendar.add_usual_days(
            request.school,
            actor=request.user,
            year=form.year,
            terms=form.cleaned_data.get("terms", 0),
            holidays=form.chosen,
        ),
        page=lambda: render_form(request, "teams/calendar/suggest.html", form, context),
        then="teams:calendar-show",
        done=_("Added to the calendar. Change what differs at your school."),
    )


@require_POST
def year_change(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a school year, or delete it."""
    year = get_object_or_404(request.school.years, uuid=uuid)
    form = SpanForm(request.POST, auto_id=f"{year.uuid}_%s")
    if request.POST.get("remove"):
        return _remove(request, lambda: calendar.remove_year(year, actor=request.user))
    return _save(
        request,
        "change_form",
        form,
        lambda: calendar.save_year(request.school, actor=request.user, year=year, **form.cleaned_data),
        changed=year,
    )


@require_POST
def term_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a term."""
    year = get_object_or_404(request.school.years, uuid=uuid)
    form = SpanForm(request.POST, auto_id="term_%s")
    return _save(
        request, "term_form", form, lambda: calendar.save_term(year, actor=request.user, **form.cleaned_data)
    )


@require_POST
def term_change(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a term's name and days."""
    term = get_object_or_404(terms_of(request.school), uuid=uuid)
    form = SpanForm(request.POST, auto_id=f"{term.uuid}_%s")
    return _save(
        request,
        "change_form",
        form,
        lambda: calendar.save_term(term.year, actor=request.user, term=term, **form.cleaned_data),
        changed=term,
    )


@require_POST
def term_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Delete a term."""
    term = get_object_or_404(terms_of(request.school), uuid=uuid)
    return _remove(request, lambda: calendar.remove_term(term, actor=request.user))


@require_POST
def holiday_add(request: SchoolRequest) -> HttpResponse:
    """Add a holiday."""
    form = HolidayForm(request.POST, auto_id="holiday_%s")
    return _save(
        request,
        "holiday_form",
        form,
        lambda: calendar.add_holiday(request.school, actor=request.user, **form.cleaned_data),
    )


@require_POST
def holiday_remove(request: SchoolRequest, pk: int) -> HttpResponse:
    """Delete a holiday."""
    holiday = get_object_or_404(request.school.holidays, pk=pk)
    return _remove(request, lambda: calendar.remove_holiday(holiday, actor=request.user))


@require_POST
def cycle_set(request: SchoolRequest) -> HttpResponse:
    """Set the day cycle; "preview" shows the coming weeks without saving."""
    require_ability(request.user, "edit_calendar", request.school)
    form = CycleForm(request.POST)
    if form.is_valid() and request.POST.get("preview"):
        weeks = coming_weeks(form.school(request.school), request.school.today(), weeks=2)
        context = {"form": form, "weeks": weeks}
        return render_page(request, "teams/calendar/preview.html", context)
    return _save(
        request,
        "cycle_form",
        form,
        lambda: calendar.set_cycle(request.school, actor=request.user, **form.cleaned_data),
    )


def bells_show(request: SchoolRequest, *, status: int = 200, form: PeriodForm | None = None) -> HttpResponse:
    """Show the bell schedule: the periods of each day of the cycle."""
    context = {
        "days": bell_schedule_of(request.school),
        "form": form or PeriodForm(school=request.school),
        "copy_form": CopyDayForm(school=request.school, auto_id="copy_%s"),
    }
    return render_page(request, "teams/calendar/bells.html", context, status=status)


@require_POST
def period_add(request: SchoolRequest) -> HttpResponse:
    """Add a period."""
    form = PeriodForm(request.POST, school=request.school)
    return save_form(
        request,
        form,
        lambda: calendar.save_period(request.school, actor=request.user, period=None, **form.cleaned_data),
        page=lambda: bells_show(request, status=422, form=form),
        then="teams:bells-show",
    )


def period_change(request: SchoolRequest, pk: int) -> HttpResponse:
    """Change a period, or delete it."""
    require_ability(request.user, "edit_calendar", request.school)
    period = get_object_or_404(request.school.periods, pk=pk)
    if request.method == "POST" and request.POST.get("remove"):
        return run_service(
            request, lambda: calendar.remove_period(period, actor=request.user), back="teams:bells-show"
        )
    names = ("cycle_day", "name", "starts_at", "ends_at", "is_protected")
    form = PeriodForm(
        request.POST or None, initial={name: getattr(period, name) for name in names}, school=request.school
    )

    def page() -> HttpResponse:
        context = {"period": period, "duties": period.duties.count()}
        return render_form(request, "teams/calendar/period.html", form, context)

    return save_form(
        request,
        form,
        lambda: calendar.save_period(request.school, actor=request.user, period=period, **form.cleaned_data),
        page=page,
        then="teams:bells-show",
    )


@require_POST
def day_copy(request: SchoolRequest) -> HttpResponse:
    """Copy one day's periods to other days."""
    require_ability(request.user, "edit_calendar", request.school)
    form = CopyDayForm(request.POST, school=request.school)

    def copy() -> calendar.DaysCopied:
        source, targets = form.cleaned_data["source"], form.cleaned_data["target"]
        replace = form.cleaned_data["replace"]
        return calendar.copy_day(
            request.school, actor=request.user, source=source, targets=targets, replace=replace
        )

    def copied(result: calendar.DaysCopied) -> str:
        if not result.made and not result.kept:
            return _("Nothing was copied. Choose a day with periods, and other days to copy them to.")
        made = ngettext("%(n)s period was added.", "%(n)s periods were added.", result.made)
        sentence = made % {"n": result.made}
        if result.kept:
            names = cycle_day_names(request.school)
            kept = ", ".join(names[day] for day in result.kept)
            sentence += " " + _("These days kept the periods they have: %(days)s.") % {"days": kept}
        return sentence

    return run_service(request, copy, back="teams:bells-show", done=copied, form=form)


def _span_forms(
    spans: Sequence[SchoolYear | Term], changed: SchoolYear | Term | None, forms: dict[str, Form]
) -> list[tuple[SchoolYear | Term, Form]]:
    """Each year or term with its form: as typed for the one that is ``changed``."""
    return [(one, forms["change_form"] if one == changed else _span_form(one)) for one in spans]


def _span_form(span: SchoolYear | Term) -> SpanForm:
    start = {"name": span.name, "starts_on": span.starts_on, "ends_on": span.ends_on}
    return SpanForm(initial=start, auto_id=f"{span.uuid}_%s")


def _save(
    request: SchoolRequest,
    name: str,
    form: Form,
    work: Callable[[], object],
    *,
    changed: SchoolYear | Term | None = None,
) -> HttpResponse:
    require_ability(request.user, "edit_calendar", request.school)
    return save_form(
        request,
        form,
        work,
        page=lambda: calendar_show(request, status=422, changed=changed, **{name: form}),
        then="teams:calendar-show",
    )


def _remove(request: SchoolRequest, work: Callable[[], object]) -> HttpResponse:
    return run_service(request, work, back="teams:calendar-show")
