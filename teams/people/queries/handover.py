"""Work that someone leaves behind: plans, meetings, action items. Higher apps register their kinds of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teams.directory.models import Staff, User


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Open work of one person that one other person can take over: what it is, in sentences, and who could take it.

    ``key`` names it among the work of its source.
    """

    key: str
    title: str
    lines: list[str]
    recipients: list[Staff]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many things changed hands, and how many were ``left`` because the other person may not read them."""

    moved: int
    left: int = 0


class WorkSource(ABC):
    """A kind of work, registered with `register_work`. It never names students."""

    name: str

    @abstractmethod
    def work_of(self, staff: Staff) -> list[OpenWork]:
        """The open work of ``staff``."""

    @abstractmethod
    def hand_over(self, staff: Staff, key: str, *, to: Staff, actor: User) -> HandedOver:
        """Give the work ``key`` of ``staff`` to another person, except for what that person may not read."""


_SOURCES: list[WorkSource] = []


def register_work(source: WorkSource) -> None:
    """Register ``source``, once per name."""
    if source.name not in {one.name for one in _SOURCES}:
        _SOURCES.append(source)


def work_sources() -> tuple[WorkSource, ...]:
    """The registered sources."""
    return tuple(_SOURCES)


def open_work_of(staff: Staff) -> dict[str, OpenWork]:
    """The open work of ``staff`` by a name that is unique among all sources."""
    return {f"{source.name}-{work.key}": work for source in _SOURCES for work in source.work_of(staff)}
