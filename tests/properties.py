"""Hypothesis without a deadline, so that no property fails because the machine was slow.

Property tests import ``given``, ``settings`` and ``st`` from here, not from ``conftest``, which other tests
load too.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

__all__ = ["given", "settings", "st"]

settings.register_profile("patient", parent=settings.default, deadline=None)
settings.load_profile("patient")
