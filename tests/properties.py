"""Hypothesis without a deadline, so that no property fails because the machine was slow.

With EXAMPLES=quick, as ``./dev quick`` sets it, a property takes 25 examples, or as many as its test asks for.

Property tests import ``Phase``, ``example``, ``given``, ``settings`` and ``st`` from here, not from ``conftest``, which is
loaded by other tests too.
"""

import os

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

__all__ = ["Phase", "example", "given", "settings", "st"]

settings.register_profile("patient", parent=settings.default, deadline=None)
settings.register_profile("quick", parent=settings.get_profile("patient"), max_examples=25)
settings.load_profile(os.environ.get("EXAMPLES", "patient"))
