"""Write notes about students, change, remove and restore them."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.anecdotes.models import Anecdote, AnecdoteReading, FormerAnecdote, Skill
from datareview.anecdotes.queries import readers_to_name, teams_to_share_with
from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from teams.audit.services import record_event
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from teams.directory.models import Staff, Team, User


@dataclass(frozen=True, slots=True)
class AnecdoteValues:
    """What a person writes about a student. ``team`` and ``readers`` belong to their way of sharing."""

    text: str
    seen_on: dt.date
    skill: Skill | None = None
    is_strength: bool = False
    is_handover: bool = False
    sharing: str = Anecdote.Sharing.SCHOOL.value
    team: Team | None = None
    readers: list[Staff] = field(default_factory=list)


@transaction.atomic
def write_anecdote(student: Student, *, actor: User, values: AnecdoteValues) -> Anecdote:
    """Write down what the actor saw of a student, whom they may see."""
    if not students_visible_to(actor).filter(pk=student.pk).exists():
        raise PermissionDenied
    if student.status != Student.Status.ACTIVE:
        raise DomainError(_("%(student)s has left the school.") % {"student": student})
    _check(student, actor, values)
    anecdote = Anecdote(student=student, author=actor)
    _write(anecdote, values)
    record_event(actor, "wrote-anecdote", student, school=student.school, anecdote=anecdote.pk)
    return anecdote


@transaction.atomic
def edit_anecdote(anecdote: Anecdote, *, actor: User, values: AnecdoteValues, seen: int) -> Anecdote:
    """Change one's own note; what it said before is kept.

    ``seen`` is the version that the actor started from. A different one, saved in another window, raises StaleEdit.
    """
    anecdote = _locked(anecdote, actor)
    if anecdote.removed_at:
        raise DomainError(_("You removed this note. Restore it to change it."))
    if seen != anecdote.version:
        raise StaleEdit(_("This note was changed in another window."), current=anecdote.text)
    _check(anecdote.student, actor, values)
    said = (anecdote.text, anecdote.skill_id, anecdote.is_strength)
    if said != (values.text, values.skill.pk if values.skill else None, values.is_strength):
        FormerAnecdote.objects.create(
            anecdote=anecdote,
            text=anecdote.text,
            skill_name=anecdote.skill.name if anecdote.skill else "",
            is_strength=anecdote.is_strength,
        )
    anecdote.version += 1
    was = anecdote.sharing
    _write(anecdote, values)
    detail = {"sharing": [was, anecdote.sharing]} if was != anecdote.sharing else {}
    _record(actor, "edited-anecdote", anecdote, detail)
    return anecdote


@transaction.atomic
def remove_anecdote(anecdote: Anecdote, *, actor: User) -> Anecdote:
    """Remove one's own note from all pages."""
    anecdote = _locked(anecdote, actor)
    if anecdote.removed_at is None:
        anecdote.removed_at = clock.now()
        anecdote.save(update_fields=["removed_at"])
        _record(actor, "removed-anecdote", anecdote, {})
    return anecdote


@transaction.atomic
def restore_anecdote(anecdote: Anecdote, *, actor: User) -> Anecdote:
    """Bring back one's own note that was removed."""
    anecdote = _locked(anecdote, actor)
    if anecdote.removed_at is not None:
        anecdote.removed_at = None
        anecdote.save(update_fields=["removed_at"])
        _record(actor, "restored-anecdote", anecdote, {})
    return anecdote


def read_anecdote(anecdote: Anecdote, *, actor: User) -> None:
    """Log that the actor, whom the author named, reads a note; once a day, and in the audit log."""
    if anecdote.sharing != Anecdote.Sharing.NAMED or anecdote.author_id == actor.pk:
        return
    today = anecdote.student.school.today()
    with transaction.atomic():
        _row, is_new = AnecdoteReading.objects.get_or_create(anecdote=anecdote, reader=actor, read_on=today)
        if is_new:
            _record(actor, "read-anecdote", anecdote, {})


def _check(student: Student, actor: User, values: AnecdoteValues) -> None:
    today = student.school.today()
    if not values.text.strip():
        raise DomainError(_("Write what you saw."))
    if values.seen_on > today:
        words = _("The date is in the future; today is %(today)s at the school.")
        raise DomainError(words % {"today": formats.short_day(today, with_year=True)})
    if values.skill and values.skill.school_id != student.school_id:
        raise PermissionDenied
    if values.sharing == Anecdote.Sharing.TEAM:
        if values.team is None:
            raise DomainError(_("Choose the team that may read this."))
        if values.team not in teams_to_share_with(actor, student.school):
            raise PermissionDenied
    if values.sharing == Anecdote.Sharing.NAMED:
        if not values.readers:
            raise DomainError(_("Name the people who may read this, or keep it to yourself."))
        known = set(readers_to_name(actor, student).values_list("pk", flat=True))
        if not known.issuperset(one.pk for one in values.readers):
            raise PermissionDenied


def _write(anecdote: Anecdote, values: AnecdoteValues) -> None:
    anecdote.text, anecdote.seen_on = values.text.strip(), values.seen_on
    anecdote.skill, anecdote.is_strength = values.skill, values.is_strength
    anecdote.sharing, anecdote.is_handover = values.sharing, values.is_handover
    anecdote.team = values.team if values.sharing == Anecdote.Sharing.TEAM else None
    anecdote.save()
    anecdote.readers.set(values.readers if values.sharing == Anecdote.Sharing.NAMED else [])


def _locked(anecdote: Anecdote, actor: User) -> Anecdote:
    rows = Anecdote.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("student__school", "skill").get(pk=anecdote.pk)
    if found.author_id != actor.pk:
        raise PermissionDenied
    return found


def _record(actor: User, verb: str, anecdote: Anecdote, detail: dict[str, Any]) -> None:
    student = anecdote.student
    record_event(actor, verb, student, school=student.school, detail=detail, anecdote=anecdote.pk)
