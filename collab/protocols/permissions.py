"""Who may edit a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import may_take_part

if TYPE_CHECKING:
    from collab.protocols.models import Protocol
    from teams.directory.models import User


def may_change_protocol(user: User, protocol: Protocol) -> bool:
    """Whether the user may edit ``protocol``: members of its team; nobody edits a built-in one."""
    return protocol.team is not None and may_take_part(user, protocol.team)
