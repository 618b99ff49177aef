"""Lines of the desk: one for each candidate and plan that waits for someone, in sections."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery, prefetch_related_objects
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.case_rules.queries import case_rules_of
from datareview.charts.sparkline import sparkline
from datareview.exits.queries import checks_that_ask
from datareview.flags.models import Candidate, Severity
from datareview.flags.permissions import candidates_visible_to
from datareview.flags.queries.concerns import concerns_of
from datareview.plans.permissions import plans_visible_to, provider_ids
from datareview.progress.models import Review
from datareview.progress.queries.caseload import plan_rows
from datareview.requests.queries import open_requests
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from datareview.exits.queries import ExitCheck
    from datareview.figures.queries.student import Points
    from datareview.flags.queries.concerns import Concern
    from datareview.progress.queries.caseload import PlanRow
    from datareview.records.models import Student
    from datareview.requests.models import AssistanceRequest
    from teams.directory.models import School, User

    Rows = Sequence[tuple[Candidate, Concern]]

# Sections in the order in which one works.
SECTIONS = {
    "overdue": gettext_lazy("Waiting too long"),
    "new": gettext_lazy("New"),
    "due": gettext_lazy("Due for a decision"),
    "not_working": gettext_lazy("Not working"),
    "not_logged": gettext_lazy("Sessions not logged"),
    "not_delivered": gettext_lazy("Not delivered enough"),
    "late": gettext_lazy("Scores are late"),
    "exit": gettext_lazy("After the end"),
    "no_seat": gettext_lazy("No seat"),
    "worse": gettext_lazy("Watched, and worse"),
}
MOST_WORDS = 16  # of a request in its line; all of it is beside the line
BEFORE = 4  # values before a decision to watch, with which those since are compared
FEWEST_SINCE = 2
# Candidates of each state by what is urgent about them; rows come in the order of their keys.
_IN_ORDER: dict[str, Callable[[Candidate], tuple[Any, ...]]] = {
    Candidate.State.NEW: lambda one: (-one.severity, one.raised_on),
    Candidate.State.SEAT: lambda one: (one.decided_at is not None, one.decided_at),
    Candidate.State.WATCH: lambda one: (one.watch_until is not None, one.watch_until),
}


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A candidate or plan that waits, why, and since when; ``key`` names it in addresses: "candidate-…", "plan-…".

    ``since`` is the day from which it has waited, if that is known. ``section`` says what to do, also of one that has
    waited too long.
    """

    key: str
    section: str
    student: Student
    reason: str
    side: str
    url: str
    domain: str
    is_urgent: bool
    points: Points
    candidate: Candidate | None = None
    concern: Concern | None = None
    since: dt.date | None = None

    @property
    def svg(self) -> str:
        """The scores or weeks of the concern as a small drawing."""
        return sparkline([value for _day, value in self.points], [day for day, _value in self.points])


def desk_lines(
    user: User, school: School, *, is_mine: bool, most: int, key: str
) -> dict[str, list[DeskLine]]:
    """Lines by section, most urgent first, of the new ones those that a person asked about; a constant number of queries.

    What has waited for longer than the school's limit is in the first section, the longest first, and in no other.
    With ``is_mine`` only plans that the user delivers. Of candidates without a decision or a seat, only the first ``most``
    and the one named ``key`` have points.
    """
    today = school.today()
    limit = today - dt.timedelta(days=case_rules_of(school.pk)["unseen_days"])
    found: dict[str, list[DeskLine]] = {section: [] for section in SECTIONS}
    reviews = Review.objects.standing().filter(plan=OuterRef("pk")).order_by("-created_at")
    running = plans_visible_to(user).running().filter(student__school=school)
    running = running.annotate(reviewed_at=Subquery(reviews.values("created_at")[:1]))
    for row in plan_rows(running, user, today):
        reviewed_at = row.plan.reviewed_at  # type: ignore[attr-defined]
        reviewed_on = reviewed_at.astimezone(school.tz).date() if reviewed_at else None
        if (row.is_mine or not is_mine) and (section := section_of(row, reviewed_on)):
            found[section].append(_of_plan(row, section))
    mine = provider_ids(user) if is_mine else set()
    found["exit"] = [
        _of_check(one) for one in checks_that_ask(user, school) if not is_mine or one.plan.provider_id in mine
    ]
    if not is_mine:
        new, seat, watch = _candidates(user, school)
        asked = open_requests(user, new)
        new.sort(key=lambda one: _promised(asked.get(one.pk, ())))
        too_long = sorted((one for one in (*new, *seat) if _waits(one) < limit), key=_waits)
        drawn = list(dict.fromkeys([*new[:most], *seat[:most], *watch, *too_long[:most]]))
        drawn += [one for one in (*new, *seat) if candidate_key(one) == key and one not in drawn]
        prefetch_related_objects([one for one in new if one.pk in asked], "flags")
        concerns = concerns_of(drawn, today)
        found["new"] = [_of_new(one, asked.get(one.pk, ()), concerns.get(one.pk), today) for one in new]
        found["no_seat"] = [_of_waiting(one, concerns.get(one.pk)) for one in seat]
        found["worse"] = list(_of_watched([(one, concerns[one.pk]) for one in watch]))
    return _too_long_first(found, limit)


def _waits(candidate: Candidate) -> dt.date:
    """The day from which a candidate has waited: for a decision, or for a seat."""
    if candidate.state == Candidate.State.NEW or candidate.decided_at is None:
        return candidate.raised_on
    return candidate.decided_at.astimezone(candidate.student.school.tz).date()


def _too_long_first(found: dict[str, list[DeskLine]], limit: dt.date) -> dict[str, list[DeskLine]]:
    """Move what has waited since before ``limit`` to the section that comes first."""
    late = [line for lines in found.values() for line in lines if line.since and line.since < limit]
    keys = {line.key for line in late}
    rest = {section: [line for line in lines if line.key not in keys] for section, lines in found.items()}
    return rest | {"overdue": sorted(late, key=lambda line: line.since or limit)}


def section_of(row: PlanRow, reviewed_on: dt.date | None = None) -> str:
    """The section of a plan, "" if it waits for no one; a review that is due comes before everything else.

    One that does not work leaves with a review, and is back after two newer scores that say the same.
    """
    verdict = row.progress.verdict
    if row.is_due:
        return "due"
    since = [day for day, _value in row.points if reviewed_on and day > reviewed_on]
    if verdict.says in ("floor", "change") and (reviewed_on is None or len(since) >= FEWEST_SINCE):
        return "not_working"
    if verdict.dosage.state in ("unlogged", "low"):
        return "not_logged" if verdict.dosage.state == "unlogged" else "not_delivered"
    return "late" if verdict.says == "probe" else ""


def _of_plan(row: PlanRow, section: str) -> DeskLine:
    plan, progress = row.plan, row.progress
    dosage = progress.verdict.dosage
    reason = f"{plan.strategy} · {progress.label}"
    if progress.delivery and section not in ("not_logged", "not_delivered"):
        reason += f" · {progress.delivery}"
    side = _("%(held)s of %(planned)s held") % {
        "held": formats.number(dosage.held + dosage.extra),
        "planned": formats.number(dosage.planned),
    }
    since = plan.review_on if section == "due" else None
    if section == "due":
        side = _("since %(day)s") % {"day": formats.short_day(plan.review_on)}
    if section == "not_logged":
        side = _("%(n)s not logged") % {"n": formats.number(dosage.not_logged)}
    if section == "late":
        last = row.points[-1][0] if row.points else None
        since = last or plan.line_from
        side = _("last %(day)s") % {"day": formats.short_day(last)} if last else _("none yet")
    return DeskLine(
        f"plan-{plan.uuid}",
        section,
        plan.student,
        reason,
        side,
        plan.get_absolute_url(),
        "",
        is_urgent=section == "not_working",
        points=row.points,
        since=since,
    )


def _of_check(check: ExitCheck) -> DeskLine:
    plan = check.plan
    return DeskLine(
        f"plan-{plan.uuid}",
        "exit",
        plan.student,
        f"{plan.strategy} · {check.sentence}",
        _("due %(day)s") % {"day": formats.short_day(check.due_on)},
        plan.get_absolute_url(),
        "",
        is_urgent=check.state == "back",
        points=[],
        since=check.due_on,
    )


def _candidates(user: User, school: School) -> Iterator[list[Candidate]]:
    """The candidates of each state of `_IN_ORDER` that the user may see, in its order; one query."""
    visible = candidates_visible_to(user).filter(student__school=school, state__in=_IN_ORDER)
    rows = list(visible.select_related("student").order_by("pk"))
    for one in rows:
        one.student.school = school
    for state, order in _IN_ORDER.items():
        yield sorted((one for one in rows if one.state == state), key=order)


def _promised(requests: Sequence[AssistanceRequest]) -> dt.date:
    """The day by which an answer is promised; the last one of all without a request."""
    return min((one.answer_by for one in requests), default=dt.date.max)


def _of_new(
    candidate: Candidate, requests: Sequence[AssistanceRequest], concern: Concern | None, today: dt.date
) -> DeskLine:
    """A candidate without a decision, with what was asked for."""
    days = max((today - candidate.raised_on).days, 0)
    side = _("%(n)s days") % {"n": formats.number(days)} if days > 1 else _("new")
    reason = candidate.said
    if requests:
        reason = _("%(who)s asked: %(reason)s") % {
            "who": requests[0].asked_by.short_name,
            "reason": Truncator(requests[0].worry).words(MOST_WORDS),
        }
        if candidate.flags.all():
            reason = f"{reason} · {candidate.said}"
        side = _("answer by %(day)s") % {"day": formats.short_day(_promised(requests))}
    return candidate_line(candidate, "new", reason, side, concern)


def _of_waiting(candidate: Candidate, concern: Concern | None) -> DeskLine:
    """A candidate that waits for a seat."""
    since = candidate.decided_at
    day = since.astimezone(candidate.student.school.tz).date() if since else None
    side = _("since %(day)s") % {"day": formats.short_day(day)} if day else ""
    return candidate_line(candidate, "no_seat", candidate.decision_note, side, concern)


def _of_watched(rows: Rows) -> Iterator[DeskLine]:
    """Watched candidates whose values since the decision are worse than those before it."""
    for candidate, concern in rows:
        if candidate.decided_at is None:
            continue
        decided_on = candidate.decided_at.astimezone(candidate.student.school.tz).date()
        if sentence := worse_since(concern, decided_on):
            until = candidate.watch_until
            side = _("until %(day)s") % {"day": formats.short_day(until)} if until else ""
            yield candidate_line(candidate, "worse", sentence, side, concern)


def worse_since(concern: Concern, day: dt.date) -> str:
    """A sentence if values after ``day`` are worse on average than the last before it; "" also if there are too few."""
    before = [value for at, value in concern.points if at <= day][-BEFORE:]
    since = [value for at, value in concern.points if at > day]
    if not before or len(since) < FEWEST_SINCE:
        return ""
    then, now = sum(before) / len(before), sum(since) / len(since)
    if (now >= then) if concern.higher_is_better else (now <= then):
        return ""
    return _("%(now)s on average since %(day)s, %(then)s before") % {
        "now": formats.number(now, 1),
        "then": formats.number(then, 1),
        "day": formats.short_day(day),
    }


def candidate_key(candidate: Candidate) -> str:
    """The key of a candidate's line."""
    return f"candidate-{candidate.uuid}"


def candidate_line(
    candidate: Candidate, section: str, reason: str, side: str, concern: Concern | None = None
) -> DeskLine:
    """The line of a candidate with the points of the ``concern``."""
    return DeskLine(
        candidate_key(candidate),
        section,
        candidate.student,
        reason,
        side,
        candidate.get_absolute_url(),
        candidate.domain,
        is_urgent=candidate.severity == Severity.SEVERE,
        points=concern.points if concern else [],
        candidate=candidate,
        concern=concern,
        since=_waits(candidate) if section in ("new", "no_seat") else None,
    )
