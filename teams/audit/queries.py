"""Read the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.audit.models import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model, QuerySet


def last_event(verb: str, subject: Model) -> AuditEvent | None:
    """The last time someone did ``verb`` to ``subject``, or None if nobody did."""
    return events_of(subject, [verb]).first()


def events_of(subject: Model, verbs: Collection[str]) -> QuerySet[AuditEvent]:
    """What people did to ``subject``, of ``verbs``, the newest first."""
    return AuditEvent.objects.filter(
        verb__in=verbs,
        subject_type=subject._meta.label_lower,  # noqa: SLF001 (Django's documented Meta API)
        subject_uuid=getattr(subject, "uuid", None),
    )
