"""Tasks by name; importing them registers them with the worker."""

from datareview.tasks import imports, runs

__all__ = ["imports", "runs"]
