"""Sources of a team's queue: each kind of entry has its own.

Areas register their sources in `apps.py`; the queue knows none of them by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from collab.protocols.models import ReservedFor
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

    from collab.agendas.models import AgendaItem, Topic
    from collab.agendas.queries.durations import TypicalDurations
    from collab.meetings.models import Meeting
    from collab.preparation.models import Deferral
    from teams.directory.models import Team, User

T = TypeVar("T", bound="Model")


class Rank(IntEnum):
    """The order in which entries are added to an agenda. Urgent entries come before all others."""

    STANDING = 0  # on every agenda
    ASKED = 1  # added by people
    COMMITTED = 2  # the team said it would come back to it
    DUE = 3
    NEW = 4
    REMINDER = 5


@dataclass(frozen=True, slots=True)
class QueueRequest:
    """The team, day and reader that a queue is built for. Without ``user`` all entries are visible."""

    team: Team
    day: dt.date
    user: User | None
    durations: TypicalDurations
    meeting: Meeting | None = None

    @property
    def today(self) -> dt.date:
        """Today's date at the school. Urgency is measured from today, not from the day of the meeting."""
        return self.team.school.today()

    def day_of(self, moment: dt.datetime) -> str:
        """The date of ``moment`` at the school, in words."""
        return formats.short_day(moment, tz=self.team.school.tz)


@dataclass(frozen=True, slots=True)
class QueueEntry(Generic[T]):
    """One queue entry: its ``subject``, and ``why`` it is waiting.

    ``reserved_for`` names the reserved minutes it uses. ``url`` links to details, empty if there are none.
    ``topic`` is set for entries that people added, who may also drop them. ``origin`` is the source that had it
    before it was on an agenda: what comes back is called what it was.
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
    origin: Source | None = None

    @property
    def kind(self) -> str:
        """The kind of its source."""
        return self.source.kind

    @property
    def label(self) -> StrOrPromise:
        """The kind in words."""
        return (self.origin or self.source).label

    @property
    def key(self) -> str:
        """Its key in forms and deferrals."""
        return self.source.key_of(self)

    @property
    def may_be_dropped(self) -> bool:
        """Whether people may drop it with a reason. Entries from decisions or data can only be deferred."""
        return self.topic is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """Business that is on every agenda: a sentence, and the minutes a step for ``reserved_for`` keeps for it."""

    sentence: str
    reserved_for: str
    minutes: int


class Source(ABC, Generic[T]):
    """One kind of queue entry.

    ``kind`` is part of stored keys and never changes. ``minutes`` is the default duration until the team's
    own meetings show a typical one for ``topic_kind``.
    """

    kind: ClassVar[str]
    label: ClassVar[StrOrPromise]
    rank: ClassVar[Rank]
    minutes: ClassVar[int] = 0
    topic_kind: ClassVar[str] = ""
    reserved_for: ClassVar[str] = ReservedFor.NOTHING
    is_dated: ClassVar[bool] = False  # a deferral applies to one due date, not to the next

    @abstractmethod
    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[T]]:
        """Yield entries in the order in which they should be added."""

    @abstractmethod
    def place(self, entry: QueueEntry[T], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Add an entry to the agenda of a locked ``meeting``; ``actor`` None is the nightly task."""

    def may_add_automatically(self, entry: QueueEntry[T], day: dt.date) -> bool:
        """Return whether the nightly task may add ``entry`` to the agenda of ``day``."""
        return True

    def standing(self, request: QueueRequest) -> Standing | None:
        """Return what is on every agenda, besides the entries."""
        return None

    def is_due(self, request: QueueRequest) -> bool:
        """Return whether the team must meet for something that is not an entry."""
        return False

    def key_of(self, entry: QueueEntry[T]) -> str:
        """Return the key of ``entry``: kind, id, and the due date if it ``is_dated``."""
        day = f":{entry.due_on.isoformat()}" if self.is_dated and entry.due_on else ""
        return f"{self.kind}:{entry.subject.pk}{day}"

    def entry(
        self,
        request: QueueRequest,
        subject: T,
        title: str,
        why: str,
        *,
        url: str = "",
        due_on: dt.date | None = None,
        is_urgent: bool = False,
    ) -> QueueEntry[T]:
        """Create an entry with the source's duration and reserved minutes."""
        minutes = request.durations.kinds.get(self.topic_kind, self.minutes)
        return QueueEntry(self, subject, title, why, minutes, self.reserved_for, url, due_on, is_urgent)


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Add ``source`` to every team's queue."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    """Return all sources in the order in which their entries are added."""
    return sorted(_sources.values(), key=lambda source: source.rank)
