"""Models of follow-up."""

from collab.followup.models.actions import Action, ActionQuerySet
from collab.followup.models.causes import Cause, TeachingChange
from collab.followup.models.decisions import Decision, DecisionStudent, FistToFive
from collab.followup.models.questions import Question

__all__ = [
    "Action",
    "ActionQuerySet",
    "Cause",
    "Decision",
    "DecisionStudent",
    "FistToFive",
    "Question",
    "TeachingChange",
]
