"""Imports the tasks of every area, which registers them with the worker."""

from datareview.imports import tasks as imports
from datareview.loading import tasks as loading
from datareview.runs import tasks as runs

__all__ = ["imports", "loading", "runs"]
