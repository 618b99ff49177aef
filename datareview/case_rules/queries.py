"""A school's rules for cases: its own, or the usual ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.case_rules.models import CaseRules
from teams.kept.queries import read_seldom
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from teams.directory.models import School

USUAL: dict[str, Any] = {"asks_family": False, "unseen_days": 14}


@read_seldom(CaseRules)
def case_rules_of(school_id: int) -> dict[str, Any]:
    """The rules of a school as they are kept; one query, or none."""
    return CaseRules.objects.filter(school=school_id).values(*USUAL).first() or USUAL


def stored_rules(school: School) -> dict[str, Any]:
    """The rules of ``school`` as they are stored now."""
    return CaseRules.objects.filter(school=school).values(*USUAL).first() or USUAL


def rules_version(rules: Mapping[str, Any]) -> str:
    """A text that changes as soon as one of the rules does."""
    return version_of(*(rules[name] for name in USUAL))
