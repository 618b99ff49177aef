"""Tasks by name; importing them registers them with the worker."""

from datareview.tasks import imports, trends

__all__ = ["imports", "trends"]
