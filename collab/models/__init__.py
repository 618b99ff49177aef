"""What the team does together."""

from collab.models.actions import Action
from collab.models.agendas import AgendaItem, Deferral, Exhibit, ItemReader, Prediction, Topic, Visibility
from collab.models.contributions import (
    Agreement,
    Cause,
    Cluster,
    Contribution,
    ContributionVersion,
    TeachingChange,
    Vote,
)
from collab.models.decisions import Decision, DecisionStudent, FistToFive, Question
from collab.models.feeds import CalendarFeed
from collab.models.meetings import Attendance, Guest, Meeting, MeetingEvent, Series
from collab.models.minutes import Correction
from collab.models.observations import Evidence, PeerObservation
from collab.models.polls import Poll, PollAnswer, PollOption, PollPerson
from collab.models.protocols import Capture, Holds, Protocol, ProtocolStep, Speaker, StepKind
from collab.models.pulses import Pulse, PulseAnswer, PulseQuestion, PulseVoter
from collab.models.schedules import Placement, Schedule

__all__ = [
    "Action",
    "AgendaItem",
    "Agreement",
    "Attendance",
    "CalendarFeed",
    "Capture",
    "Cause",
    "Cluster",
    "Contribution",
    "ContributionVersion",
    "Correction",
    "Decision",
    "DecisionStudent",
    "Deferral",
    "Evidence",
    "Exhibit",
    "FistToFive",
    "Guest",
    "Holds",
    "ItemReader",
    "Meeting",
    "MeetingEvent",
    "PeerObservation",
    "Placement",
    "Poll",
    "PollAnswer",
    "PollOption",
    "PollPerson",
    "Prediction",
    "Protocol",
    "ProtocolStep",
    "Pulse",
    "PulseAnswer",
    "PulseQuestion",
    "PulseVoter",
    "Question",
    "Schedule",
    "Series",
    "Speaker",
    "StepKind",
    "TeachingChange",
    "Topic",
    "Visibility",
    "Vote",
]
