"""Hypothesis without a deadline, so that no property fails because the machine was slow.

Property tests import ``Phase``, ``example``, ``given``, ``settings`` and ``st`` from here, not from ``conftest``, which is
loaded by other tests too.
"""

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

__all__ = ["Phase", "example", "given", "settings", "st"]

settings.register_profile("patient", parent=settings.default, deadline=None)
settings.load_profile("patient")
