"""Security events in the log: who signed in, was refused or locked out, exported, got a role."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from teams.directory.models import User

logger = logging.getLogger("collab.security")


def log_security_event(event: str, *, person: User | None = None, **ids: Any) -> None:
    """Log a security event. ``person`` is the user it is about, by id; ``ids`` are ids and words of the program.

    The request's id and the id of the person who made it are added to the line, as to every other.
    """
    fields = {"about": str(person.uuid)} if person is not None and person.pk else {}
    logger.info(event, extra={"fields": {**fields, **ids}})
