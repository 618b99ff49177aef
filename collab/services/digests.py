"""One mail a person on the morning of a school day, with what is due; none where nothing is."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collab.queries.digests import due_for
from teams.models import Mail, School, Staff
from teams.queries.days import cycle_days
from teams.queries.mail import language_of
from teams.services.mail import post

LATEST = dt.timedelta(
    hours=4
)  # after the quiet hours: a worker that was down all day does not write at night


def send_digests(now: dt.datetime | None = None) -> int:
    """Write today's digest for everybody whose quiet hours are over; running again writes nothing twice."""
    now = now or timezone.now()
    count = 0
    for school in School.objects.all():
        today = now.astimezone(school.tz).date()
        if today not in cycle_days(school, today, today):
            continue
        people = Staff.objects.active(today).filter(
            school=school, user__is_active=True, user__wants_digest=True
        )
        for staff in people.select_related("user", "school"):
            if _is_time(staff, now):
                count += _write(staff, today)
    return count


def _is_time(staff: Staff, now: dt.datetime) -> bool:
    local = now.astimezone(staff.school.tz)
    begin = dt.datetime.combine(local.date(), staff.user.quiet_until, tzinfo=local.tzinfo)
    return begin <= local <= begin + LATEST


def _write(staff: Staff, today: dt.date) -> bool:
    key = f"digest:{staff.pk}:{today.isoformat()}"
    if Mail.objects.filter(dedupe_key=key).exists():
        return False
    with (
        translation.override(language_of(staff.user, staff.school)),
        timezone.override(staff.school.tz),
    ):
        lines = due_for(staff)
        if not lines:
            return False
        post(
            staff.user,
            kind=Mail.Kind.DIGEST,
            subject=_("What is due, %(day)s") % {"day": date_format(today, "D j M")},
            text="\n".join([*(f"– {line}" for line in lines), "", settings.SITE_URL]),
            dedupe_key=key,
        )
    return True
