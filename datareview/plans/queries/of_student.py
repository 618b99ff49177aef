"""All plans of one student."""

from __future__ import annotations

from datareview.plans.models import Plan
from datareview.records.models import Measure, Student
from datareview.strategies.models import Strategy
from teams.directory.models import Staff, User
from teams.lib.request_cache import read_once


@read_once(Plan, Student, Strategy, Measure, Staff, User)
def plans_of(student: Student) -> list[Plan]:
    """Plans of ``student`` with strategy, measure and provider, by their next review; one query."""
    return list(student.plans.select_related("strategy", "provider__user", "measure"))
