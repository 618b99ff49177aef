"""Write to the audit log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from teams.audit.models import AuditDetail, AuditEvent

FACT = re.compile(r"[\w.:+@/-]*", re.ASCII)  # no spaces, unlike names and sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from teams.directory.models import School, User


def record_event(
    actor: User | None,
    verb: str,
    subject: Model,
    *,
    school: School | None = None,
    detail: dict[str, Any] | None = None,
    **data: Any,
) -> AuditEvent:
    """Record that ``actor`` did ``verb`` to ``subject``.

    ``data`` contains ids, counts and dates, which are kept permanently; anything else raises ValueError. ``detail``
    contains typed text or students' figures, which can be erased.
    """
    if words := [name for name, value in data.items() if not _is_fact(value)]:
        raise ValueError(f"Words belong into the detail of an audit event: {', '.join(words)}.")
    event = AuditEvent.objects.create(
        actor=actor,
        school=school,
        verb=verb,
        subject_type=subject._meta.label_lower,  # noqa: SLF001 (Django's documented Meta API)
        subject_uuid=getattr(subject, "uuid", None),
        data=data,
    )
    if detail:
        AuditDetail.objects.create(event=event, data=detail)
    return event


def record_events(
    actor: User | None, verb: str, subjects: Iterable[Model], *, school: School, **data: Any
) -> list[AuditEvent]:
    """Record that ``actor`` did ``verb`` to each of ``subjects``, in one query. ``data`` is as in `record_event`."""
    if words := [name for name, value in data.items() if not _is_fact(value)]:
        raise ValueError(f"Words belong into the detail of an audit event: {', '.join(words)}.")
    return AuditEvent.objects.bulk_create(
        AuditEvent(
            actor=actor,
            school=school,
            verb=verb,
            subject_type=subject._meta.label_lower,  # noqa: SLF001 (Django's documented Meta API)
            subject_uuid=getattr(subject, "uuid", None),
            data=data,
        )
        for subject in subjects
    )


def _is_fact(value: Any) -> bool:
    """Whether ``value`` is a number, an id, a date or one of the program's own words, or a mapping of those."""
    if isinstance(value, dict):
        return all(_is_fact(key) and _is_fact(one) for key, one in value.items())
    return value is None or isinstance(value, int | float) or bool(FACT.fullmatch(str(value)))
