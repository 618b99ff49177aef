"""Imports the tasks of every area, which registers them with the worker."""

from datareview.checking import tasks as checking
from datareview.class_lists import tasks as class_lists
from datareview.file_sets import tasks as file_sets
from datareview.gaps import tasks as gaps
from datareview.imports import tasks as imports
from datareview.inbox import tasks as inbox
from datareview.loading import tasks as loading
from datareview.outcomes import tasks as outcomes
from datareview.photos import tasks as photos
from datareview.plans import tasks as plans
from datareview.replays import tasks as replays
from datareview.reports import tasks as reports
from datareview.runs import tasks as runs
from datareview.scorecards import tasks as scorecards

__all__ = [
    "checking",
    "class_lists",
    "file_sets",
    "gaps",
    "imports",
    "inbox",
    "loading",
    "outcomes",
    "photos",
    "plans",
    "replays",
    "reports",
    "runs",
    "scorecards",
]
