"""What the team does together."""

from collab.models.actions import Action
from collab.models.agendas import AgendaItem, Exhibit, Topic
from collab.models.contributions import Agreement, Contribution
from collab.models.decisions import Decision, FistToFive
from collab.models.meetings import Attendance, Meeting, MeetingEvent, Series
from collab.models.protocols import Protocol, ProtocolStep, StepKind

__all__ = [
    "Action",
    "AgendaItem",
    "Agreement",
    "Attendance",
    "Contribution",
    "Decision",
    "Exhibit",
    "FistToFive",
    "Meeting",
    "MeetingEvent",
    "Protocol",
    "ProtocolStep",
    "Series",
    "StepKind",
    "Topic",
]
