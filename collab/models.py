"""Collects every area's models for Django. Import models from their area, not from here."""

from collab.actions.models import Action, ActionVersion
from collab.agendas.models import AgendaItem, Exhibit, ItemReader, Prediction, Topic, Visibility
from collab.decisions.models import Decision, DecisionStudent, FistToFive
from collab.discussion.models import Agreement, Cluster, Contribution, ContributionVersion, Vote
from collab.feedback.models import Pulse, PulseAnswer, PulseQuestion, PulseVoter
from collab.findings.models import ResultsPrediction, ShownResults
from collab.followup.models import Cause, Question, TeachingChange
from collab.meetings.models import Attendance, CalendarFeed, Guest, Meeting, MeetingEvent, Series
from collab.minutes.models import Correction
from collab.observations.models import Evidence, PeerObservation
from collab.polls.models import Poll, PollAnswer, PollOption, PollPerson
from collab.preparation.models import Deferral
from collab.protocols.models import Capture, Protocol, ProtocolStep, ReservedFor, Speaker, StepKind
from collab.schedules.models import Placement, Schedule
from collab.setup.models import SetupCode
from collab.student_work.models import StudentWork, WorkPage, WorkScore, WorkScoring

__all__ = [
    "Action",
    "ActionVersion",
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
    "ReservedFor",
    "ResultsPrediction",
    "Schedule",
    "Series",
    "SetupCode",
    "ShownResults",
    "Speaker",
    "StepKind",
    "StudentWork",
    "TeachingChange",
    "Topic",
    "Visibility",
    "Vote",
    "WorkPage",
    "WorkScore",
    "WorkScoring",
]
