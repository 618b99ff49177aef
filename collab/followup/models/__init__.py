"""Models of follow-up."""

from collab.followup.models.causes import Cause, TeachingChange
from collab.followup.models.questions import Question

__all__ = ["Cause", "Question", "TeachingChange"]
