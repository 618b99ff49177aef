"""Read the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.audit.models import AuditEvent

if TYPE_CHECKING:
    from django.db.models import Model


def last_event(verb: str, subject: Model) -> AuditEvent | None:
    """The last time someone did ``verb`` to ``subject``, or None if nobody did."""
    rows = AuditEvent.objects.filter(
        verb=verb,
        subject_type=subject._meta.label_lower,  # noqa: SLF001 (Django's documented Meta API)
        subject_uuid=getattr(subject, "uuid", None),
    )
    return rows.first()
