"""Models of the flags area."""

from datareview.flags.models.candidates import Candidate, ReopenedDecision
from datareview.flags.models.changes import Change
from datareview.flags.models.flags import Flag, Rule, Severity

__all__ = ["Candidate", "Change", "Flag", "ReopenedDecision", "Rule", "Severity"]
