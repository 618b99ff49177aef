"""The collab app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save

from teams.lib.panels import register_panel

if TYPE_CHECKING:
    from collab.student_work.models import StudentWork, WorkPage
    from datareview.progress.models import Review
    from teams.directory.models import School, TeamMember, User


class CollabConfig(AppConfig):
    """Registers tasks, signals, panels for pages of the apps below, and queue sources."""

    name = "collab"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks so that the worker knows them; connect signals; register panels and sources."""
        from collab import tasks  # noqa: F401 (registers)
        from collab.search.services import index_words
        from teams.account.services.leaving import on_access_end

        post_migrate.connect(_ensure_protocols, sender=self)
        post_migrate.connect(index_words, sender=self)
        post_save.connect(_members_changed, sender="teams.TeamMember")
        post_delete.connect(_members_changed, sender="teams.TeamMember")
        post_save.connect(_review_changed, sender="datareview.Review")
        post_delete.connect(_file_left, sender="collab.StudentWork")
        post_delete.connect(_file_left, sender="collab.WorkPage")
        for slot in ("student_head", "student", "candidate", "plan", "dashboard", "calendar"):
            register_panel(slot, f"collab.panels.views.{slot}_panel")
        _register_sources()
        on_access_end(_access_ended)


def _register_sources() -> None:
    """Register the sources of a team's queue, one module per area, and the work that people who leave hand over."""
    from collab.actions import queue_sources as actions
    from collab.actions.handover import TeamWork
    from collab.decisions import queue_sources as decisions
    from collab.followup import queue_sources as followup
    from collab.preparation import queue_sources as preparation
    from collab.preparation.queries.sources import register_source
    from collab.team_page import queue_sources as team_page
    from teams.people.queries.handover import register_work

    for source in (
        *preparation.SOURCES,
        *actions.SOURCES,
        *followup.SOURCES,
        *decisions.SOURCES,
        *team_page.SOURCES,
    ):
        register_source(source)
    register_work(TeamWork())


def _access_ended(user: User, school: School | None) -> None:
    """The calendar links of who leaves end too."""
    from collab.meetings.services.feeds import revoke_feeds_of

    revoke_feeds_of(user, school=school)


def _ensure_protocols(**_what: Any) -> None:
    """Every migrated database has this version's library of protocols."""
    from collab.protocols.services import ensure_built_in_protocols

    ensure_built_in_protocols()


def _members_changed(instance: TeamMember, *, raw: bool = False, **_what: Any) -> None:
    """A signal, because `teams` must not import `collab`."""
    from collab.meetings.services.locking import notify_membership_change

    if not raw:
        notify_membership_change(instance.team)


def _file_left(instance: StudentWork | WorkPage, **_what: Any) -> None:
    """Files of students' work go with their rows, also with those of an item, a meeting or a student."""
    from django.db import transaction

    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _review_changed(sender: object, instance: Review, created: bool, **kwargs: Any) -> None:
    """Meetings that have the plan's review on the table show that it was undone.

    Afterwards: who decides a review in a meeting locks the meeting and then the plan, and undoing has locked the plan.
    """
    from django.db import transaction

    from collab.subjects.services import show_review_again

    if not created and instance.undone_at:
        transaction.on_commit(lambda: show_review_again(instance.plan_id))
