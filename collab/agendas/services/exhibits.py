"""Add charts to an agenda item, remove them, and hide them until people have predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Exhibit, Visibility
from collab.agendas.permissions import may_read
from collab.agendas.services.items import lock_agenda
from collab.meetings.models import EventKind, Region
from collab.meetings.services.locking import announce
from datareview.dashboards.queries.exhibits import is_of_student, may_see, subject_of, title_of
from datareview.records.models import Student
from datareview.records.permissions import teams_of_student
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collab.meetings.models import Meeting
    from teams.directory.models import Team, User

MOST = 6


@transaction.atomic
def add_exhibit(item: AgendaItem, *, actor: User, view: str, parameters: dict[str, str]) -> Exhibit:
    """Add a chart to an item. Adding the same chart again returns the existing one."""
    meeting = _meeting_of(item, actor)
    if not may_see(actor, view, parameters):
        raise PermissionDenied
    title_of(view, parameters)  # raises if there is no such chart
    check_team(meeting.team, view, parameters)
    if item.visibility == Visibility.STAFF and is_of_student(view):
        raise DomainError(
            _("A chart about a student can’t be open to all staff. Change who can read this item first.")
        )
    known = item.exhibits.filter(view=view, parameters=parameters).first()
    if known:
        return known
    if item.exhibits.count() >= MOST:
        raise DomainError(_("An item can have up to %(most)s charts. Remove one first.") % {"most": MOST})
    exhibit = Exhibit.objects.create(item=item, view=view, parameters=parameters, added_by=actor)
    announce(meeting, actor=actor, kind=EventKind.EXHIBIT, region=_region(item))
    return exhibit


@transaction.atomic
def remove_exhibit(exhibit: Exhibit, *, actor: User) -> None:
    """Remove a chart from an item. Refused once someone has predicted."""
    item = exhibit.item
    meeting = _meeting_of(item, actor)
    if exhibit.predictions.exists():
        raise DomainError(_("People have already made predictions about this chart, so it stays."))
    exhibit.delete()
    announce(meeting, actor=actor, kind=EventKind.EXHIBIT, region=_region(item))


@transaction.atomic
def ask_to_predict(exhibit: Exhibit, *, actor: User, wanted: bool) -> Exhibit:
    """Hide a chart until everyone present has predicted, or stop hiding it."""
    meeting = _meeting_of(exhibit.item, actor)
    exhibit.predict_first, exhibit.lifted_at = wanted, None
    exhibit.save(update_fields=["predict_first", "lifted_at"])
    announce(meeting, actor=actor, kind=EventKind.EXHIBIT, region=Region.ROOM)
    return exhibit


def check_team(team: Team, view: str, parameters: dict[str, str]) -> None:
    """Raises DomainError unless ``team`` works with the chart's student, whom its title names."""
    if not is_of_student(view):
        return
    subject = subject_of(view, parameters)
    named_by = {"plan": "plans__uuid", "student": "uuid"}
    students = Student.objects.filter(school=team.school_id)
    student = students.filter(**{named_by[subject[0]]: subject[1]}).first() if subject else None
    if student is None or not teams_of_student(student).filter(pk=team.pk).exists():
        raise DomainError(_("That team doesn’t work with this student. Choose a team that does."))


def _meeting_of(item: AgendaItem, actor: User) -> Meeting:
    """The item's locked meeting. The actor must be able to read the item, and the meeting must be open."""
    if item.meeting is None:
        raise DomainError(_("This item isn’t on an agenda yet. Add it to one first."))
    meeting = lock_agenda(item.meeting, actor)
    if not may_read(actor, item):
        raise PermissionDenied
    return meeting


def _region(item: AgendaItem) -> Region:
    """The room region that other screens re-fetch."""
    return Region.ITEM if item.state == AgendaItem.State.CURRENT else Region.AGENDA
