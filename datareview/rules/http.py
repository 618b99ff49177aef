"""Addresses of a rule with settings that are not saved: on earlier terms, and in its form."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from datareview.rules.services.drafts import draft_of

if TYPE_CHECKING:
    from datareview.flags.models import Rule


def replay_address(rule: Rule | None, draft: Rule) -> str:
    """The page that replays ``draft``: a change of the stored ``rule``, or a new one."""
    page = (
        reverse("datareview:rule-replay", args=[rule.uuid]) if rule else reverse("datareview:new-rule-replay")
    )
    return f"{page}?{urlencode({'draft': draft_of(draft, is_change=rule is not None)})}"


def form_address(rule: Rule | None, draft: Rule) -> str:
    """The form of the stored ``rule``, or of a new one, filled in with ``draft``."""
    page = reverse("datareview:rule-edit", args=[rule.uuid]) if rule else reverse("datareview:rule-new")
    return f"{page}?{urlencode({'draft': draft_of(draft, is_change=rule is not None)})}"
