"""Request, agree, document, debrief and share peer observations.

None of it is written to the audit log: who observes whom is private.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from collab.observations.models import Evidence, PeerObservation
from collab.observations.permissions import own_observations
from teams.access.permissions import own_staff, require_ability, staff_where
from teams.directory.models import Staff
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit
from teams.mail.models import Mail
from teams.mail.services.outbox import queue_mail

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from teams.directory.models import School, User

_State = PeerObservation.State


@transaction.atomic
def ask_colleague(
    colleague: Staff, *, actor: User, school: School, as_host: bool, message: str = "", focus: str = ""
) -> PeerObservation:
    """Ask ``colleague`` to observe the actor (``as_host``), or to be observed.

    One open request per pair and direction: a double click returns the same request, a different one is
    refused.
    """
    require_ability(actor, "join_teams", school)
    me = own_staff(actor, school)
    if me is None:
        raise PermissionDenied
    if colleague.pk == me.pk or not staff_where(school, "join_teams").filter(pk=colleague.pk).exists():
        raise DomainError(_("Choose a colleague at this school."))
    # One lock for both directions, so that simultaneous requests are serialized.
    list(Staff.objects.select_for_update(no_key=True).filter(pk__in=[me.pk, colleague.pk]).order_by("pk"))
    host, observer = (me, colleague) if as_host else (colleague, me)
    waiting = PeerObservation.objects.filter(host=host, observer=observer, state=_State.ASKED).first()
    if waiting:
        return _same_request(waiting, as_host=as_host, message=message.strip(), focus=focus.strip())
    row = PeerObservation.objects.create(
        school=school,
        host=host,
        observer=observer,
        asked_by_host=as_host,
        message=message.strip(),
        focus=focus.strip(),
    )
    _notify(row, actor, "asked")
    return row


def _same_request(row: PeerObservation, *, as_host: bool, message: str, focus: str) -> PeerObservation:
    if row.asked_by_host != as_host:
        raise DomainError(_("They have already asked you for the same visit. Answer their request."))
    if (row.message, row.focus) != (message, focus):
        raise DomainError(_("You have already asked them. They haven’t answered yet."))
    return row


@transaction.atomic
def agree_on(
    observation: PeerObservation,
    *,
    actor: User,
    starts_at: dt.datetime,
    focus: str,
    place: str = "",
    version: int = 0,
) -> PeerObservation:
    """Accept a request with a date, time and focus question. Once agreed, either of the two can change them."""
    row = _own(observation, actor)
    if row.state == _State.ASKED:
        if _asked(row, actor):
            raise PermissionDenied
    elif row.state != _State.AGREED:
        raise DomainError(_("This visit has already happened or was canceled."))
    if not focus.strip():
        raise DomainError(_("Write the question you will look at together."))
    if starts_at.astimezone(row.school.tz).date() < row.school.today():
        raise DomainError(_("That day has passed. Choose a later one."))
    if (row.state, row.starts_at, row.focus, row.place) == (
        _State.AGREED,
        starts_at,
        focus.strip(),
        place.strip(),
    ):
        return row
    _must_be_current(row, version, row.focus)
    change = "agreed" if row.state == _State.ASKED else "moved"
    row.state, row.starts_at, row.focus, row.place = _State.AGREED, starts_at, focus.strip(), place.strip()
    _save(row, "state", "starts_at", "focus", "place")
    _notify(row, actor, change)
    return row


@transaction.atomic
def cancel_observation(observation: PeerObservation, *, actor: User, reply: str = "") -> PeerObservation:
    """Decline a request, withdraw one's own, or cancel an agreed visit, with an optional message."""
    row = _own(observation, actor)
    if row.state == _State.CANCELLED:
        return row
    if row.state not in (_State.ASKED, _State.AGREED):
        raise DomainError(_("This visit has already happened, so it can’t be canceled."))
    change = "declined" if row.state == _State.ASKED and not _asked(row, actor) else "off"
    row.state, row.reply = _State.CANCELLED, reply.strip()[:300]
    _save(row, "state", "reply")
    _notify(row, actor, change)
    return row


@transaction.atomic
def note_evidence(
    observation: PeerObservation, *, actor: User, kind: str, text: str, client_key: UUID
) -> Evidence:
    """Add one line of evidence. The same ``client_key`` again returns the same line."""
    row = _own(observation, actor)
    _must_observe(row, actor)
    known = Evidence.objects.filter(client_key=client_key).first()
    if known and known.observation_id != row.pk:
        raise PermissionDenied
    if known:
        return known
    if not text.strip():
        raise DomainError(_("Write one thing you see or hear, then add it."))
    return Evidence.objects.create(observation=row, kind=kind, text=text.strip(), client_key=client_key)


@transaction.atomic
def remove_evidence(evidence: Evidence, *, actor: User) -> None:
    """Delete a line of evidence, until the debrief is over."""
    row = _own(evidence.observation, actor)
    _must_observe(row, actor)
    row.evidence.filter(pk=evidence.pk).delete()


@transaction.atomic
def end_visit(observation: PeerObservation, *, actor: User) -> PeerObservation:
    """Mark the lesson as over, so that the debrief can start. Either of the two can."""
    row = _own(observation, actor)
    if row.state in (_State.SEEN, _State.TALKED):
        return row
    if row.state != _State.AGREED or row.starts_at is None:
        raise DomainError(_("There is no agreed visit to end."))
    if row.starts_at.astimezone(row.school.tz).date() > row.school.today():
        raise DomainError(_("The visit hasn’t happened yet."))
    row.state = _State.SEEN
    _save(row, "state")
    return row


@transaction.atomic
def write_debrief(
    observation: PeerObservation,
    *,
    actor: User,
    debrief: str,
    next_step: str,
    version: int,
    is_over: bool = False,
) -> PeerObservation:
    """Save the debrief and the next step. With ``is_over`` the debrief is finished.

    Raises StaleEdit unless ``version`` is the current one.
    """
    row = _own(observation, actor)
    if row.state not in (_State.SEEN, _State.TALKED):
        raise DomainError(_("End the lesson first. Then debrief."))
    if is_over and not next_step.strip():
        raise DomainError(_("Name the next step first: what will the host try, and when?"))
    state = _State.TALKED if is_over else row.state
    if (row.debrief, row.next_step, row.state) == (debrief.strip(), next_step.strip(), state):
        return row
    _must_be_current(row, version, row.debrief)
    row.debrief, row.next_step, row.state = debrief.strip(), next_step.strip(), state
    _save(row, "debrief", "next_step", "state")
    return row


@transaction.atomic
def share_observation(observation: PeerObservation, *, actor: User, is_shared: bool) -> PeerObservation:
    """Share it with the host's teams, or stop sharing. Only the host can."""
    row = _own(observation, actor)
    if row.host.user_id != actor.pk:
        raise PermissionDenied
    if is_shared and row.state not in (_State.SEEN, _State.TALKED):
        raise DomainError(_("There is nothing to share yet."))
    if is_shared != bool(row.shared_at):
        row.shared_at = clock.now() if is_shared else None
        row.save(update_fields=["shared_at"])
    return row


def _own(observation: PeerObservation, actor: User) -> PeerObservation:
    """The locked row. Raises PermissionDenied unless the actor is one of the two."""
    row = (
        own_observations(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("school", "host__user", "observer__user")
        .filter(pk=observation.pk)
        .first()
    )
    if row is None:
        raise PermissionDenied
    return row


def _asked(row: PeerObservation, actor: User) -> bool:
    """Whether the actor made the request."""
    return (row.host if row.asked_by_host else row.observer).user_id == actor.pk


def _must_observe(row: PeerObservation, actor: User) -> None:
    if row.observer.user_id != actor.pk:
        raise PermissionDenied
    if row.state not in (_State.AGREED, _State.SEEN):
        raise DomainError(_("Evidence can be added during the visit and until you finish the debrief."))


def _must_be_current(row: PeerObservation, version: int, current: str) -> None:
    if row.version != version:
        raise StaleEdit(_("Your colleague saved this while you were writing."), current=current)


def _save(row: PeerObservation, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def _notify(row: PeerObservation, actor: User, change: str) -> None:
    """Email the colleague in their language: names and time, not what is observed."""
    other = (row.observer if row.host.user_id == actor.pk else row.host).user
    with translation.override(other.language or row.school.language):
        subject = _subject(row, change) % {"who": actor}
        queue_mail(
            other,
            school=row.school,
            kind=Mail.Kind.OBSERVATION,
            subject=subject,
            text="\n".join(filter(None, [subject, _when(row), settings.SITE_URL + row.get_absolute_url()])),
            dedupe_key=f"observation-{row.uuid}-{change}-{row.version}",
        )


def _subject(row: PeerObservation, change: str) -> str:
    asked = _("%(who)s asks you to observe a lesson")
    return {
        "asked": asked if row.asked_by_host else _("%(who)s would like to observe one of your lessons"),
        "agreed": _("%(who)s has agreed to a peer observation"),
        "moved": _("%(who)s has changed the day or the question of your peer observation"),
        "declined": _("%(who)s can’t do the peer observation this time"),
        "off": _("%(who)s has canceled your peer observation"),
    }[change]


def _when(row: PeerObservation) -> str:
    if row.starts_at is None or row.state != _State.AGREED:
        return ""
    moment = formats.moment(row.starts_at, tz=row.school.tz)
    return f"{moment}, {row.place}" if row.place else moment
