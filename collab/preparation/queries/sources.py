"""Where a team's queue comes from: every kind of thing that may wait brings a source of its own.

An area registers its sources in `apps.py`; the queue asks each of them and knows none by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from django.utils.formats import date_format

from collab.protocols.models import ReservedFor

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

    from collab.agendas.models import AgendaItem, Topic
    from collab.meetings.models import Meeting
    from collab.preparation.models import Deferral
    from collab.preparation.queries.durations import TypicalDurations
    from teams.directory.models import Team, User

T = TypeVar("T", bound="Model")


class Rank(IntEnum):
    """The order in which entries are packed onto an agenda; urgent ones come before all others."""

    STANDING = 0  # on every agenda
    ASKED = 1  # people put it there
    PROMISED = 2  # the team said that it would come back to it
    DUE = 3
    NEW = 4
    REMINDER = 5


@dataclass(frozen=True, slots=True)
class Search:
    """For whom and when the queue is asked for: ``user`` None sees all, ``meeting`` None is none in particular."""

    team: Team
    day: dt.date
    user: User | None
    pace: TypicalDurations
    meeting: Meeting | None = None

    @property
    def today(self) -> dt.date:
        """The school's day: what is over by then is urgent, not what will be over when the team meets."""
        return self.team.school.today()

    def day_of(self, moment: dt.datetime) -> str:
        """The school's day of ``moment``, in words."""
        return date_format(moment.astimezone(self.team.school.tz), "j M")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One thing that waits: ``subject``, and ``why`` it does.

    ``reserved_for`` is the part of an agenda's minutes that it belongs to. ``url`` is where to read about it; empty if the
    entry says all. ``topic`` is the one that people opened for it, who may also say that it is not needed any more.
    """

    source: Source[T]
    subject: T
    title: str
    why: str
    minutes: int
    reserved_for: str
    url: str = ""
    due_on: dt.date | None = None
    is_urgent: bool = False
    topic: Topic | None = None
    deferral: Deferral | None = None

    @property
    def kind(self) -> str:
        """The source's name."""
        return self.source.kind

    @property
    def label(self) -> StrOrPromise:
        """What sort of thing it is."""
        return self.source.label

    @property
    def key(self) -> str:
        """What names it in a form and in a deferral."""
        return self.source.key_of(self)

    @property
    def may_be_dropped(self) -> bool:
        """Whether people may end it with a reason; what comes from decisions or data can only wait."""
        return self.topic is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a source has for every agenda: a sentence, and the minutes that a step for ``reserved_for`` keeps for it."""

    sentence: str
    reserved_for: str
    minutes: int


class Source(ABC, Generic[T]):
    """One kind of thing that may wait for a team's meeting.

    ``kind`` names it in keys that are stored, so it never changes. ``minutes`` is what an entry takes until the
    team's own meetings tell, by their topics of ``topic_kind``.
    """

    kind: ClassVar[str]
    label: ClassVar[StrOrPromise]
    rank: ClassVar[Rank]
    minutes: ClassVar[int] = 0
    topic_kind: ClassVar[str] = ""
    reserved_for: ClassVar[str] = ReservedFor.NOTHING
    is_dated: ClassVar[bool] = False  # deferring one due date says nothing about the next

    @abstractmethod
    def entries(self, search: Search) -> Iterator[Entry[T]]:
        """Yield what waits, the first to be packed first."""

    @abstractmethod
    def place(self, entry: Entry[T], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Put an entry on the agenda of a locked ``meeting``; ``actor`` None is the night."""

    def comes_by_itself(self, entry: Entry[T], day: dt.date) -> bool:
        """Return whether the night may put ``entry`` on the agenda of ``day``."""
        return True

    def standing(self, search: Search) -> Standing | None:
        """Return what is on every agenda, beside the entries."""
        return None

    def is_due(self, search: Search) -> bool:
        """Return whether the team has to meet for something that is no entry."""
        return False

    def key_of(self, entry: Entry[T]) -> str:
        """Return what names ``entry``: its kind and id, and the day it was due if it ``is_dated``."""
        day = f":{entry.due_on.isoformat()}" if self.is_dated and entry.due_on else ""
        return f"{self.kind}:{entry.subject.pk}{day}"

    def entry(
        self,
        search: Search,
        subject: T,
        title: str,
        why: str,
        *,
        url: str = "",
        due_on: dt.date | None = None,
        is_urgent: bool = False,
    ) -> Entry[T]:
        """Make an entry of the source's own minutes and place on the agenda."""
        minutes = search.pace.kinds.get(self.topic_kind, self.minutes)
        return Entry(self, subject, title, why, minutes, self.reserved_for, url, due_on, is_urgent)


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Let ``source`` bring entries to every team's queue."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    """Return all sources in the order in which their entries are packed."""
    return sorted(_sources.values(), key=lambda source: source.rank)
