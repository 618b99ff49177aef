"""Notes about a student, with what several people say of the same skill; and the choices of the form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from datareview.anecdotes.models import Anecdote, Skill
from datareview.anecdotes.permissions import anecdotes_readable_by, readable_anecdotes
from datareview.records.models import Student
from datareview.records.permissions import staff_who_see
from teams.access.prepared import prepared_rows
from teams.access.scope import scope_of
from teams.directory.models import Team
from teams.names.columns import people_order

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, Staff, User

SHOWN = 6


@dataclass(frozen=True, slots=True)
class AnecdoteLine:
    """One note, and whether it is the reader's own."""

    anecdote: Anecdote
    is_own: bool


@dataclass(frozen=True, slots=True)
class SharedView:
    """A skill of which two people or more wrote, with how many."""

    skill: str
    people: int


@dataclass(frozen=True, slots=True)
class AnecdoteRecord:
    """Notes about a student that the reader may read: ``latest``, ``earlier``, strengths, and shared views."""

    latest: list[AnecdoteLine]
    earlier: list[AnecdoteLine]
    strengths: list[AnecdoteLine]
    shared: list[SharedView]
    may_write: bool


def anecdote_record_of(user: User, student: Student) -> AnecdoteRecord:
    """Notes about ``student``, whom the user may see, newest first; one query."""
    scope = scope_of(user)
    rows = prepared_rows(_readable, user.pk, scope.team_ids, scope.staff_ids, student.pk)
    lines = [AnecdoteLine(one, one.author_id == user.pk) for one in rows]
    others = [line for line in lines if not line.anecdote.is_strength]
    people: dict[str, set[int]] = defaultdict(set)
    for line in others:
        if line.anecdote.skill:
            people[line.anecdote.skill.name].add(line.anecdote.author_id)
    return AnecdoteRecord(
        latest=others[:SHOWN],
        earlier=others[SHOWN:],
        strengths=[line for line in lines if line.anecdote.is_strength],
        shared=[SharedView(skill, len(who)) for skill, who in sorted(people.items()) if len(who) > 1],
        may_write=student.status == Student.Status.ACTIVE,
    )


def _readable(user_id: int, team_ids: list[int], staff_ids: list[int], student_id: int) -> QuerySet[Anecdote]:
    rows = readable_anecdotes(user_id, team_ids, staff_ids).filter(student=student_id)
    return rows.select_related("author", "skill").order_by("-seen_on", "-pk")


def handovers_of(user: User, student: Student) -> list[AnecdoteLine]:
    """Notes about ``student``, whom the user may see, that are handed over to later years, newest first."""
    rows = anecdotes_readable_by(user).filter(student=student, is_handover=True)
    rows = rows.select_related("author", "skill").order_by("-seen_on", "-pk")
    return [AnecdoteLine(one, one.author_id == user.pk) for one in rows]


def all_skills(school: School) -> QuerySet[Skill]:
    """The skills of the school, retired ones too."""
    return Skill.objects.filter(school=school).select_related("school")


def skills_of(school: School) -> QuerySet[Skill]:
    """The skills that the school offers."""
    return all_skills(school).filter(is_retired=False)


def skills_with_uses(school: School) -> list[Skill]:
    """All skills of the school, retired ones last; ``used`` counts the notes that have each."""
    used = Count("anecdotes", filter=Q(anecdotes__removed_at=None))
    return list(Skill.objects.filter(school=school).annotate(used=used).order_by("is_retired", "name"))


def teams_to_share_with(user: User, school: School) -> list[Team]:
    """The user's own active teams at ``school``."""
    ids = [one.team_id for one in scope_of(user).memberships if one.is_active and one.school_id == school.pk]
    return list(Team.objects.filter(pk__in=ids).order_by("name"))


def readers_to_name(user: User, student: Student) -> QuerySet[Staff]:
    """Colleagues who may see ``student`` today, by name: nobody else could open a note about the student."""
    staff = staff_who_see(student).exclude(user=user).select_related("user")
    return staff.order_by(*people_order("user__"), "pk")
