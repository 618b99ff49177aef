"""Explain in words why a team has no slot in a schedule."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.schedules.queries.problems import slot_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.schedules.queries.problems import ScheduleProblem
    from collab.schedules.solver.problem import Assignment, Need
    from collab.schedules.solver.reasons import Block, NoSlotReason

MOST = 3


def explain_reason(search: ScheduleProblem, need: Need, reason: NoSlotReason, plan: Assignment) -> str:
    """Why ``need`` has no slot, and what would help."""
    if reason.kind == "none":
        return _(
            "No period, or run of periods, is long enough on these days. Allow more days or a "
            "shorter meeting."
        )
    if reason.kind == "cover":
        return _too_costly(search, reason)
    if reason.kind == "taken":
        return _taken(search, reason)
    return _blocked(search, need, reason, plan)


def _too_costly(search: ScheduleProblem, reason: NoSlotReason) -> str:
    """The limit, and who would be called away at the cheapest slot."""
    (block,) = reason.blocks
    limit = ngettext(
        "Each of its times has at least %(n)s period to cover, which is over the limit.",
        "Each of its times has at least %(n)s periods to cover, which is over the limit.",
        reason.least,
    ) % {"n": reason.least}
    cheapest = _(
        "The best is %(when)s, when %(who)s would need to be covered. Raise the limit, or create "
        "a common free period."
    ) % {"when": _slots(search, [block.slot]), "who": _people(search, block.people)}
    return f"{limit} {cheapest}"


def _taken(search: ScheduleProblem, reason: NoSlotReason) -> str:
    """Which teams outside the search meet at each of its times, and with whom."""
    parts = []
    for other in search.others:
        people = {
            person
            for block in reason.blocks
            for person in other.people.intersection(block.people)
            if any(search.problem.slots[block.slot].meets(time) for time in other.times)
        }
        if people:
            parts.append(_("%(who)s with %(other)s") % {"who": _people(search, people), "other": other.team})
    intro = _("At each of its times, members meet with other teams that keep their times")
    return f"{intro}: {_first(parts)}."


def _blocked(search: ScheduleProblem, need: Need, reason: NoSlotReason, plan: Assignment) -> str:
    """Which teams of the plan are in the way, in one sentence if both have the same single slot."""
    options = {block.slot for block in reason.blocks}
    others = {block.team for block in reason.blocks}
    if len(options) == 1 and len(others) == 1 and 0 not in others:
        (block,) = reason.blocks
        other = next(one for one in search.problem.needs if one.team == block.team)
        values = {
            "who": _people(search, block.people),
            "team": search.teams[need.team],
            "other": search.teams[block.team],
            "when": _slots(search, options),
            "n": len(block.people),
        }
        if set(search.problem.options(other)) == options:
            return (
                ngettext(
                    "%(who)s is on %(team)s and %(other)s, which can both meet only %(when)s.",
                    "%(who)s are on %(team)s and %(other)s, which can both meet only %(when)s.",
                    len(block.people),
                )
                % values
            )
        return (
            ngettext(
                "%(team)s could meet only %(when)s, when %(who)s meets with %(other)s.",
                "%(team)s could meet only %(when)s, when %(who)s meet with %(other)s.",
                len(block.people),
            )
            % values
        )
    return _several(search, need, reason.blocks, options)


def _several(search: ScheduleProblem, need: Need, blocks: Iterable[Block], options: set[int]) -> str:
    parts = []
    blocks = tuple(blocks)
    for team, _times in Counter(block.team for block in blocks).most_common():
        mine = [block for block in blocks if block.team == team]
        when = _slots(search, {block.slot for block in mine})
        if team == 0:
            parts.append(_("%(when)s: the most teams allowed already meet") % {"when": when})
        else:
            who = _people(search, {one for block in mine for one in block.people})
            values = {"when": when, "who": who, "other": search.teams[team]}
            parts.append(_("%(when)s: %(who)s with %(other)s") % values)
    intro = ngettext("Its only time is taken.", "Each of its %(n)s times is taken.", len(options)) % {
        "n": len(options)
    }
    return f"{intro} {_first(parts)}."


def _first(parts: list[str]) -> str:
    """The first few parts: the text must stay readable and fit its field."""
    more = len(parts) - MOST
    return "; ".join(parts[:MOST] + ([_("and %(n)s more") % {"n": more}] if more > 0 else []))


def _people(search: ScheduleProblem, people: Iterable[int]) -> str:
    names = sorted(search.people[one].user.short_name for one in people if one in search.people)
    if len(names) > MOST:
        names = [*names[:MOST], _("%(n)s more") % {"n": len(names) - MOST}]
    return get_text_list(names, _("and"))


def _slots(search: ScheduleProblem, places: Iterable[int]) -> str:
    names = [slot_name(search.problem.slots[place], search) for place in sorted(places)]
    if len(names) > MOST:
        more = len(names) - MOST
        return ", ".join(names[:MOST]) + " " + _("and %(n)s more") % {"n": more}
    return ", ".join(names)
