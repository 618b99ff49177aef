"""Rules that are not saved yet, as the addresses of their pages have them."""

from __future__ import annotations

from datareview.flags.models import Rule
from datareview.rules.services.drafts import draft_of


def conditions(**given: object) -> dict[str, object]:
    """The settings of a school's own rule: absent on 15 % of days."""
    one = {"data": "absence", "measure": "", "operator": "at_least", "cut": 15}
    return {
        "domain": "attendance",
        "severity": 2,
        "match": "all",
        "groups": [{"match": "all", "conditions": [one]}],
        **given,
    }


def worried() -> str:
    """A new rule of that kind."""
    return draft_of(Rule(name="Worried", kind="conditions", parameters=conditions()))
