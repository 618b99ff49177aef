"""Install the built-in protocols; copy, edit and retire a team's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.protocols.library import BUILT_IN
from collab.protocols.models import Protocol, ProtocolStep
from collab.protocols.permissions import may_change_protocol
from teams.access.permissions import may_take_part
from teams.audit.services import record_event
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from teams.directory.models import Team, User

STEP_FIELDS = ("title", "minutes", "kind", "prompt", "speaker", "capture", "reserved_for", "shows")
MOST_STEPS = 30


@transaction.atomic
def ensure_built_in_protocols() -> list[Protocol]:
    """Create or update the built-in protocols to match `library.BUILT_IN`. Idempotent."""
    made, steps = [], []
    for built in BUILT_IN:
        protocol, _new = Protocol.objects.update_or_create(
            key=built.key,
            team=None,
            defaults={"name": built.name, "purpose": built.purpose, "source": built.source},
        )
        for position, step in enumerate(built.steps, start=1):
            fields = {name: getattr(step, name) for name in STEP_FIELDS}
            steps.append(ProtocolStep(protocol=protocol, position=position, **fields))
        protocol.steps.filter(position__gt=len(built.steps)).delete()
        made.append(protocol)
    ProtocolStep.objects.bulk_create(
        steps, update_conflicts=True, unique_fields=["protocol", "position"], update_fields=STEP_FIELDS
    )
    return made


@transaction.atomic
def copy_protocol(protocol: Protocol, *, actor: User, team: Team, name: str = "") -> Protocol:
    """Create a copy that ``team`` may edit, in the actor's language, with a reference to the original."""
    if not may_take_part(actor, team) or (protocol.team_id and protocol.team_id != team.pk):
        raise PermissionDenied
    copy = Protocol.objects.create(
        team=team,
        name=(name.strip() or _("%(name)s (ours)") % {"name": _(protocol.name)})[:120],
        purpose=_(protocol.purpose) if protocol.purpose else "",
        source=_(protocol.source) if protocol.source else "",
        copied_from=protocol,
    )
    ProtocolStep.objects.bulk_create(
        ProtocolStep(
            protocol=copy,
            position=step.position,
            title=_(step.title),
            prompt=_(step.prompt) if step.prompt else "",
            **{
                name: getattr(step, name)
                for name in ("minutes", "kind", "speaker", "capture", "reserved_for", "shows")
            },
        )
        for step in protocol.steps.all()
    )
    record_event(actor, "copied", copy, school=team.school)
    return copy


@transaction.atomic
def change_protocol(
    protocol: Protocol, *, actor: User, seen: str, name: str, purpose: str, steps: list[dict[str, Any]]
) -> Protocol:
    """Replace the name, purpose and steps of a team's protocol.

    ``seen`` is the `fingerprint` the actor started from; a different one raises `StaleEdit`. Planned meetings
    keep the steps they have.
    """
    protocol = Protocol.objects.select_for_update(of=("self",), no_key=True).get(pk=protocol.pk)
    if not may_change_protocol(actor, protocol):
        raise PermissionDenied
    if seen != fingerprint(protocol):
        now = ", ".join(f"{step.title} {step.minutes}" for step in protocol.steps.all())
        raise StaleEdit(_("Someone changed this protocol while you were writing."), current=now)
    if not 1 <= len(steps) <= MOST_STEPS:
        raise DomainError(_("A protocol can have 1 to %(most)s steps.") % {"most": MOST_STEPS})
    protocol.name, protocol.purpose = name, purpose
    protocol.save(update_fields=["name", "purpose"])
    protocol.steps.all().delete()
    ProtocolStep.objects.bulk_create(
        ProtocolStep(protocol=protocol, position=place, **{key: step[key] for key in STEP_FIELDS})
        for place, step in enumerate(steps, start=1)
    )
    record_event(actor, "changed", protocol, school=protocol.team.school if protocol.team else None)
    return protocol


@transaction.atomic
def retire_protocol(protocol: Protocol, *, actor: User, retired: bool) -> Protocol:
    """Retire a team's protocol or restore it. Meetings that use it keep it."""
    if not may_change_protocol(actor, protocol):
        raise PermissionDenied
    protocol.is_retired = retired
    protocol.save(update_fields=["is_retired"])
    return protocol


def fingerprint(protocol: Protocol) -> str:
    """A short hash of the protocol's content, to detect concurrent edits."""
    rows = protocol.steps.values_list("position", *STEP_FIELDS)
    return version_of(protocol.name, protocol.purpose, *rows)
