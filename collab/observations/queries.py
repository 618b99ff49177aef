"""Peer observations: own and shared ones, and the page of one with its progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collab.observations.evaluative_words import judging_word
from collab.observations.models import Evidence, PeerObservation
from collab.observations.permissions import observations_visible_to, own_observations
from teams.access.permissions import staff_where
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from teams.directory.models import School, Staff, User

_State = PeerObservation.State
OPEN = (_State.ASKED, _State.AGREED, _State.SEEN)
STEPS: tuple[tuple[str, _StrPromise, int], ...] = (
    ("ask", gettext_lazy("Ask a colleague"), 0),
    ("focus", gettext_lazy("Agree on a focus question"), 5),
    ("observe", gettext_lazy("Observe: what is seen and heard"), 25),
    ("debrief", gettext_lazy("Debrief"), 15),
    ("next", gettext_lazy("Name the next step"), 5),
)


@dataclass(frozen=True, slots=True)
class ObservationList:
    """Own observations by what they need from the reader, and shared ones."""

    to_answer: list[PeerObservation]
    open: list[PeerObservation]
    past: list[PeerObservation]
    shared: list[PeerObservation]

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not (self.to_answer or self.open or self.past or self.shared)


@dataclass(frozen=True, slots=True)
class ObservationStep:
    """A step with its minutes (0: no limit), and whether it is done or current."""

    label: str
    minutes: int
    is_done: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One line of evidence, with its evaluative word if the reader is the observer."""

    evidence: Evidence
    word: str


@dataclass(frozen=True, slots=True)
class ObservationPage:
    """One observation for one reader, with what the reader may do now."""

    observation: PeerObservation
    is_host: bool
    is_observer: bool
    steps: list[ObservationStep]
    lines: list[EvidenceLine]

    @property
    def is_party(self) -> bool:
        """Whether the reader is one of the two."""
        return self.is_host or self.is_observer

    @property
    def other(self) -> Staff:
        """The reader's colleague."""
        return self.observation.observer if self.is_host else self.observation.host

    @property
    def may_answer(self) -> bool:
        """Whether the reader was asked and has not answered."""
        return self.observation.state == _State.ASKED and not self._asked

    @property
    def is_waiting(self) -> bool:
        """Whether the reader asked and waits for an answer."""
        return self.observation.state == _State.ASKED and self._asked

    @property
    def may_arrange(self) -> bool:
        """Whether date, time and focus can still change."""
        return self.is_party and self.observation.state == _State.AGREED

    @property
    def may_end(self) -> bool:
        """Whether the visit can be marked as over."""
        row = self.observation
        has_come = row.starts_at and row.starts_at.astimezone(row.school.tz).date() <= row.school.today()
        return self.may_arrange and bool(has_come)

    @property
    def may_note(self) -> bool:
        """Whether the reader may add evidence."""
        return self.is_observer and self.observation.state in (_State.AGREED, _State.SEEN)

    @property
    def may_talk(self) -> bool:
        """Whether the reader may write the debrief."""
        return self.is_party and self.observation.state in (_State.SEEN, _State.TALKED)

    @property
    def may_cancel(self) -> bool:
        """Whether the reader may cancel the visit."""
        return self.is_party and self.observation.state in (_State.ASKED, _State.AGREED)

    @property
    def may_share(self) -> bool:
        """Whether the reader may share it or stop sharing: the host, once the visit is over."""
        return self.is_host and self.observation.state in (_State.SEEN, _State.TALKED)

    @property
    def _asked(self) -> bool:
        return self.is_host if self.observation.asked_by_host else self.is_observer


def observations_of(user: User, school: School) -> ObservationList:
    """Peer observations that ``user`` may see at ``school``, in a constant number of queries."""
    mine = list(_with_people(own_observations(user).filter(school=school)))
    asked_me = [
        row
        for row in mine
        if row.state == _State.ASKED and (row.observer if row.asked_by_host else row.host).user_id == user.pk
    ]
    waiting = {row.pk for row in asked_me}
    shared = observations_visible_to(user).filter(school=school).exclude(pk__in=[row.pk for row in mine])
    return ObservationList(
        to_answer=asked_me,
        open=[row for row in mine if row.state in OPEN and row.pk not in waiting],
        past=[row for row in mine if row.state not in OPEN],
        shared=list(_with_people(shared)),
    )


def asked_of(user: User, school: School) -> list[PeerObservation]:
    """Requests that await an answer from ``user``."""
    return prepared_rows(_asked, reader_of(user), user.pk, school.pk)


def _asked(user: User, user_id: int, school_id: int) -> QuerySet[PeerObservation]:
    waiting = Q(asked_by_host=True, observer__user_id=user_id) | Q(asked_by_host=False, host__user_id=user_id)
    return _with_people(own_observations(user).filter(waiting, school=school_id, state=_State.ASKED))


def observation_page(user: User, observation: PeerObservation) -> ObservationPage:
    """The page of ``observation`` for a reader who may see it."""
    is_observer = observation.observer.user_id == user.pk
    return ObservationPage(
        observation=observation,
        is_host=observation.host.user_id == user.pk,
        is_observer=is_observer,
        steps=steps_of(observation),
        lines=[
            EvidenceLine(row, judging_word(row.text) if is_observer else "")
            for row in observation.evidence.all()
        ],
    )


def steps_of(observation: PeerObservation) -> list[ObservationStep]:
    """The steps of the protocol with the current one; none is current once it is over or cancelled."""
    now = {_State.ASKED: 1, _State.AGREED: 2, _State.SEEN: 3, _State.TALKED: 5}.get(
        _State(observation.state), 0
    )
    if observation.state == _State.SEEN and observation.debrief.strip():
        now = 4
    is_off = observation.state == _State.CANCELLED
    return [
        ObservationStep(str(label), minutes, not is_off and index < now, not is_off and index == now)
        for index, (_key, label, minutes) in enumerate(STEPS)
    ]


def visible_observations(user: User) -> QuerySet[PeerObservation]:
    """Observations that ``user`` may open, with their people."""
    return _with_people(observations_visible_to(user))


def colleagues_of(user: User, school: School) -> QuerySet[Staff]:
    """Colleagues that ``user`` may ask: other staff of ``school`` who work in teams."""
    return staff_where(school, "join_teams").exclude(user_id=user.pk).select_related("user")


def what_it_is(observation: PeerObservation, user: User) -> str:
    """A title for ``user``: "You watch Tom Berg", "Tom Berg watches you"."""
    names = {"host": observation.host, "observer": observation.observer}
    if observation.host.user_id == user.pk:
        return _("%(observer)s observes your class") % names
    if observation.observer.user_id == user.pk:
        return _("You observe %(host)s") % names
    return _("%(observer)s observed %(host)s") % names


def _with_people(rows: QuerySet[PeerObservation]) -> QuerySet[PeerObservation]:
    return rows.select_related("school", "host__user", "observer__user")
