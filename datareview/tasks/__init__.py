"""Tasks by name; importing them registers them with the worker."""

from datareview.tasks import trends

__all__ = ["trends"]
