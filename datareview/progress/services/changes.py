"""Change running plans: schedule, provider, tier and goal, each with a phase line that says what changed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from datareview.family_steps.models import FamilyStep
from datareview.family_steps.services import keep_family_step, require_family_step
from datareview.plans.models import Plan
from datareview.plans.permissions import may_review
from datareview.plans.services.checks import check_figures
from datareview.progress.models import PhaseChange
from teams.audit.services import record_events
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datareview.family_steps.services import NewStep
    from teams.directory.models import User

CHANGEABLE = ("weekdays", "time", "minutes", "provider", "tier", "goal", "goal_on")
LONGEST = 200  # characters of a phase line


def plan_version(plan: Plan) -> str:
    """A text that changes as soon as one of the plan's changeable values does."""
    values = [getattr(plan, name) for name in CHANGEABLE if name not in ("provider", "goal")]
    return version_of(*values, plan.provider_id, float(plan.goal), plan.measure_id)


@transaction.atomic
def change_plan(
    plan: Plan,
    *,
    actor: User,
    why: str,
    seen: str,
    values: Mapping[str, Any],
    family: NewStep | None = None,
) -> list[PhaseChange]:
    """Change a running plan from today on. ``values`` has any of `CHANGEABLE`; what is equal changes nothing.

    Raises StaleEdit if ``seen`` is not the version stored now, DomainError for a goal that is no better than the
    baseline, without a reason, or for another tier without the ``family`` step that the school asks for.
    """
    rows = Plan.objects.select_for_update(of=("self",), no_key=True)
    plan = rows.select_related("student__school", "provider__user", "measure").get(pk=plan.pk)
    if not may_review(actor, plan):
        raise PermissionDenied
    if plan.state != Plan.State.ACTIVE:
        raise DomainError(_("This plan has already ended."))
    if seen != plan_version(plan):
        theirs = schedule_in_words(plan)
        raise StaleEdit(
            _("Someone changed this plan while you were working. Theirs: %(theirs)s. Saving replaces theirs.")
            % {"theirs": theirs},
            current=theirs,
        )
    if values.get("tier", plan.tier) != plan.tier:
        require_family_step([plan.student], family)
    lines = change_plans([plan], actor=actor, why=why, values=values)
    keep_family_step([(plan.student, plan.pk)], family, actor=actor, occasion=FamilyStep.Occasion.TIER)
    return lines


@transaction.atomic
def change_plans(
    plans: Sequence[Plan], *, actor: User, why: str, values: Mapping[str, Any]
) -> list[PhaseChange]:
    """Change running plans of one school from today on, and draw a phase line on each that differs.

    The caller checks that the actor may. Sessions planned before today stay as they were planned.
    """
    _check(plans, values, why)
    changed, lines = [], []
    earlier = {
        change.plan_id: change
        for change in PhaseChange.objects.filter(
            plan__in=plans, changed_on__in={plan.student.school.today() for plan in plans}
        )
    }
    for plan in plans:
        different = {name: value for name, value in values.items() if getattr(plan, name) != value}
        if not different:
            continue
        reason = f" ({why.strip()})"  # what people typed stays whole
        what = _in_words(plan, different)[: LONGEST - len(reason)] + reason
        line = earlier.get(plan.pk) or PhaseChange(plan=plan, changed_on=plan.student.school.today())
        line.what = f"{line.what}; {what}"[:LONGEST] if line.pk else what[:LONGEST]
        line.changed_by = actor
        if "weekdays" in different and line.weekdays_before is None:
            line.weekdays_before = plan.weekdays
        if "tier" in different and line.tier_before is None:
            line.tier_before = plan.tier
        for name, value in different.items():
            setattr(plan, name, value)
        changed.append(plan)
        lines.append(line)
    Plan.objects.bulk_update(changed, list(CHANGEABLE))
    PhaseChange.objects.bulk_update(
        [one for one in lines if one.pk], ["what", "changed_by", "weekdays_before", "tier_before"]
    )
    PhaseChange.objects.bulk_create([one for one in lines if not one.pk])
    if changed:
        record_events(actor, "plan-changed", changed, school=changed[0].student.school)
    return lines


def schedule_in_words(plan: Plan) -> str:
    """Days, time and minutes: "Mon, Wed, 10:10 AM, 20 min, Sol Vega"."""
    parts = [_days(plan.weekdays), *([formats.time(plan.time)] if plan.time else [])]
    return ", ".join([*parts, _("%(n)s min") % {"n": plan.minutes}, str(plan.provider)])


def _check(plans: Sequence[Plan], values: Mapping[str, Any], why: str) -> None:
    if not why.strip():
        raise DomainError(_("Say in a few words why it changes."))
    if values.get("weekdays") == []:
        raise DomainError(_("Choose the days on which it is delivered."))
    for plan in plans:
        if "provider" in values and values["provider"].school_id != plan.student.school_id:
            raise DomainError(_("Strategy, provider and measure must belong to the student’s school."))
        if "goal" in values:
            check_figures(plan.measure, plan.baseline, values["goal"])
        if "goal_on" in values and not plan.starts_on < plan.review_on <= values["goal_on"]:
            raise DomainError(_("The goal date must not be before the next review."))


def _in_words(plan: Plan, different: Mapping[str, Any]) -> str:
    """What changes: "Mon, Wed → Mon–Thu; 20 → 30 min"."""
    return "; ".join(
        f"{_value(name, getattr(plan, name))} → {_value(name, new)}" for name, new in different.items()
    )


def _value(name: str, value: Any) -> str:
    if name == "weekdays":
        return _days(value)
    if name == "minutes":
        return _("%(n)s min") % {"n": value}
    if name == "tier":
        return _("tier %(n)s") % {"n": value}
    if name == "goal":
        return _("goal %(n)s") % {"n": formats.number(value)}
    if isinstance(value, dt.date):
        return formats.short_day(value)
    if isinstance(value, dt.time):
        return formats.time(value)
    return str(value) if value is not None else _("no time")


def _days(weekdays: Sequence[int]) -> str:
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(weekdays))
