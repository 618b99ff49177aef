"""Email a digest of what is due, on school days or on the first of each week, unless nothing is."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from collab.home.queries.digest import digest_lines, is_first_of_week
from teams.directory.models import School, Staff
from teams.directory.queries.days import cycle_days
from teams.jobs.services.batches import run_each
from teams.lib import clock, formats
from teams.mail.models import Mail
from teams.mail.queries import is_not_reached, language_of
from teams.mail.services.outbox import after_quiet_hours, queue_mail

TASK = "collab.send_digests"
MORNING = dt.time(6, 30)
LATEST = dt.timedelta(
    hours=4
)  # after quiet hours, so that a worker that was down all day does not send at night


def send_digests(now: dt.datetime | None = None) -> int:
    """Send today's digest to everybody whose quiet hours are over, once per day. Returns the number sent."""
    moment = now or clock.now()
    people: dict[int, list[Staff]] = {}  # where each user works today, on a school day

    def gather(school: School) -> int:
        today = moment.astimezone(school.tz).date()
        if today in cycle_days(school, today, today):
            rows = Staff.objects.active(today).filter(
                school=school, user__is_active=True, user__wants_digest=True
            )
            for staff in rows.select_related("user", "school"):
                people.setdefault(staff.user_id, []).append(staff)
        return 0

    run_each(TASK, School.objects.order_by("pk"), gather, about=lambda school: school)
    return run_each(
        TASK,
        [rows[0] for rows in people.values()],
        lambda staff: _write(people[staff.user_id], moment),
        about=lambda staff: staff.school,
    )


def _is_time(staff: Staff, now: dt.datetime) -> bool:
    """Whether it is within `LATEST` of the morning, or of the end of longer quiet hours."""
    morning = staff.school.at(now.astimezone(staff.school.tz).date(), MORNING)
    begin = after_quiet_hours(staff.user, morning)
    return begin <= now <= begin + LATEST


def _write(places: list[Staff], now: dt.datetime) -> bool:
    """Send one email for all schools where a person works, in the time zone and language of the first."""
    staff = places[0]
    today = now.astimezone(staff.school.tz).date()
    key = f"digest:{staff.user_id}:{today.isoformat()}"
    if not _is_time(staff, now) or Mail.objects.filter(dedupe_key=key).exists():
        return False
    if is_not_reached(staff.user):
        return False
    if staff.user.digest_is_weekly and not is_first_of_week(staff.school, today):
        return False
    with translation.override(language_of(staff.user, staff.school)):
        lines = []
        for place in places:
            with timezone.override(place.school.tz):
                found = [f"– {line}" for line in digest_lines(place, now)]
            if found:
                lines += ["", f"{place.school}:", *found] if len(places) > 1 else found
        if not lines:
            return False
        queue_mail(
            staff.user,
            school=staff.school if len(places) == 1 else None,
            kind=Mail.Kind.DIGEST,
            subject=_("Due for you, %(day)s") % {"day": formats.day(today)},
            text="\n".join([*lines, "", settings.SITE_URL]).lstrip("\n"),
            dedupe_key=key,
            urgent=True,  # the quiet hours are over
        )
    return True
