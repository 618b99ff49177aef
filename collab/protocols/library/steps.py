"""The steps of which built-in protocols are made, and the words for what they do."""

from __future__ import annotations

from dataclasses import dataclass

INFORM, EXPLORE, DISCUSS, DECIDE, PLAN, REFLECT = "inform", "explore", "discuss", "decide", "plan", "reflect"
ALL, ROUND, WRITE, PRESENTER, GROUP = "all", "round", "write", "presenter", "group"
NOTHING, NOTES, PREDICTION, CAUSE, DECISION, ACTION = (
    "nothing",
    "notes",
    "prediction",
    "cause",
    "decision",
    "action",
)
CHECKS, REVIEWS, STUDENTS, RESULTS = "checks", "reviews", "students", "results"
SHOWN_PREDICTIONS, SHOWN_RESULTS, SHOWN_ITEMS, SHOWN_CLASSES, SHOWN_GROUPS = (
    "predict",
    "results",
    "items",
    "classes",
    "groups",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: title, duration, kind, prompt, speaker, capture, the queue entries it reserves time for.

    ``shows`` is what it shows of the assessments on the agenda.
    """

    title: str
    minutes: int
    kind: str
    prompt: str
    speaker: str = ALL
    capture: str = NOTES
    reserved_for: str = ""
    shows: str = ""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A built-in protocol with its purpose and origin."""

    key: str
    name: str
    purpose: str
    source: str
    steps: tuple[Step, ...]
