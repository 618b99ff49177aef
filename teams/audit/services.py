"""Write to the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teams.audit.models import AuditEvent

if TYPE_CHECKING:
    from django.db.models import Model

    from teams.directory.models import School, User


def record_event(
    actor: User | None, verb: str, subject: Model, *, school: School | None = None, **data: Any
) -> AuditEvent:
    """Record that ``actor`` did ``verb`` to ``subject``. ``data`` contains ids and counts, never names."""
    return AuditEvent.objects.create(
        actor=actor,
        school=school,
        verb=verb,
        subject_type=subject._meta.label_lower,  # noqa: SLF001 (Django's documented Meta API)
        subject_uuid=getattr(subject, "uuid", None),
        data=data,
    )
