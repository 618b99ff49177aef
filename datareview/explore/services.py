"""Save a view of Explore, and remove one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.explore.models import SavedView
from datareview.explore.permissions import may_remove_view, saved_views_visible_to
from teams.access.permissions import may_take_part
from teams.audit.services import record_event
from teams.directory.models import User
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.comparisons.choices import Question
    from teams.directory.models import School, Team

MOST = 60  # views of one person at a school


@transaction.atomic
def save_view(
    school: School, *, actor: User, name: str, question: Question, team: Team | None = None
) -> SavedView:
    """Keep ``question`` under ``name``, for the actor or for ``team``, whose students it must be about."""
    if team and not may_take_part(actor, team):
        raise PermissionDenied
    if team and question.of != f"team:{team.uuid}":
        raise DomainError(_("A team’s view is about the team’s students."))
    name = " ".join(name.split())
    if not name:
        raise DomainError(_("Give the view a name."))
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    own = SavedView.objects.filter(school=school, owner=actor)
    if own.filter(name=name).exists():
        raise DomainError(_("You have a view with this name already. Choose another name."))
    if own.count() >= MOST:
        raise DomainError(_("You can keep %(most)s views. Remove one first.") % {"most": MOST})
    view = SavedView.objects.create(
        school=school, owner=actor, team=team, name=name, question=question.written(show="", sort="")
    )
    record_event(actor, "saved-view", view, school=school, detail={"name": name})
    return view


@transaction.atomic
def remove_view(view: SavedView, *, actor: User) -> None:
    """Remove a saved view: one's own, or one of a team in which the actor takes part."""
    if not saved_views_visible_to(actor).filter(pk=view.pk).exists() or not may_remove_view(actor, view):
        raise PermissionDenied
    record_event(actor, "removed-view", view, school=view.school, detail={"name": view.name})
    view.delete()
