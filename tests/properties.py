"""Hypothesis without a deadline: no property fails because the machine was slow.

Tests of properties import ``given``, ``settings`` and ``st`` from here. This is not in ``conftest``, which tests
without properties load too.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

__all__ = ["given", "settings", "st"]

settings.register_profile("patient", parent=settings.default, deadline=None)
settings.load_profile("patient")
