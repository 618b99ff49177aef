"""Decisions of a meeting, with their baselines and results in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.decisions.models import Decision, FistToFive
from teams.access.prepared import prepared_rows
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from collab.agendas.models import AgendaItem
    from teams.directory.models import User

CONCERN = 2  # fingers: so many or fewer are a concern to hear


def decisions_on(user: User, items: Collection[AgendaItem]) -> list[Decision]:
    """Decisions on ``items``, each with its mean vote (``fist``), number of votes (``voters``) and the user's own.

    ``concerns`` is the number of votes of two and less, which a mean would hide.
    """
    found = prepared_rows(_decisions, [item.pk for item in items])
    mine = {one.decision_id: [one] for one in prepared_rows(_votes, user.pk, [row.pk for row in found])}
    for row in found:
        row.my_votes = mine.get(row.pk, [])
    return found


def _decisions(item_ids: list[int]) -> QuerySet[Any]:
    return (
        Decision.objects.filter(item__in=item_ids)
        .annotate(
            fist=Avg("votes__fingers"),
            voters=Count("votes"),
            concerns=Count("votes", filter=Q(votes__fingers__lte=CONCERN)),
        )
        .select_related("item", "decided_by", "measure")
        .order_by("pk")
    )


def _votes(user_id: int, decision_ids: list[int]) -> QuerySet[FistToFive]:
    return FistToFive.objects.filter(user=user_id, decision__in=decision_ids)


def keeping(item: AgendaItem, decisions: Iterable[Decision]) -> Decision | None:
    """Which of ``decisions`` on ``item`` keeps the one that the item checks: the same words until another day."""
    before = item.topic.decision
    if before is None:
        return None
    found = (
        one
        for one in decisions
        if one.item_id == item.pk and one.pk != before.pk and one.text == before.text and one.check_on
    )
    return next(found, None)


def baseline_words(decision: Decision) -> str:
    """The baseline and target of a decision in words; empty without a measure."""
    if not decision.is_measured or decision.baseline is None:
        return ""
    words = _("%(measure)s, %(cohort)s: average %(mean)s (n = %(n)s)") % {
        "measure": decision.measured_by,
        "cohort": decision.cohort,
        "mean": formats.fixed(decision.baseline, 1),
        "n": decision.baseline_n,
    }
    return words if decision.target is None else _("%(words)s; target %(target)s") % {
        "words": words,
        "target": formats.number(decision.target, 1),
    }  # fmt: skip


def result_words(decision: Decision) -> str:
    """The result of a decision in words, with n, interval and missing scores; empty before the check date."""
    found = decision.result
    if not found or not decision.is_measured:
        return ""
    parts = []
    if found["n"] == 0:
        return _("None of these students has a new score, so there is nothing to compare.")
    if found["change"] is None:
        parts.append(_("Only %(n)s have a new score, too few to say how much changed.") % {"n": found["n"]})
    else:
        parts.append(
            _(
                "Average %(before)s → %(after)s, a change of %(change)s (95%% interval %(low)s to "
                "%(high)s, n = %(n)s)."
            )
            % {
                "before": formats.fixed(found["mean_before"], 1),
                "after": formats.fixed(found["mean_after"], 1),
                "change": formats.signed(found["change"], 1),
                "low": formats.signed(found["low"], 1),
                "high": formats.signed(found["high"], 1),
                "n": found["n"],
            }
        )
    if found["reached"] is not None and decision.target is not None:
        parts.append(
            _("%(reached)s of %(n)s have reached the target of %(target)s.")
            % {"reached": found["reached"], "n": found["n"], "target": formats.number(decision.target, 1)}
        )
    if found["gone"]:
        gone = ngettext("%(gone)s has no new score.", "%(gone)s have no new score.", found["gone"])
        parts.append(gone % {"gone": found["gone"]})
    if found["change"] is not None:
        parts.append(_("Most students grow over a term, and low scores rise partly by chance."))
    return " ".join(parts)


def effect_of(decision: Decision) -> str:
    """Whether the decision worked, as a value of `Decision.Effect`; empty if nobody can say yet.

    A measured one is judged by its result: with a target by the mean, otherwise by the side of zero on which the whole
    interval of the change is; with zero inside, it is too early to say. Without a measure it is what the team said. What
    was not begun has no effect.
    """
    if decision.done_as == Decision.DoneAs.NOT_BEGUN:
        return ""
    if not decision.is_measured:
        return decision.judged
    found = decision.result
    if not found or found.get("change") is None:
        return Decision.Effect.EARLY if decision.done_as else ""
    if decision.target is not None:
        ahead = found["mean_after"] - decision.target
        worked = ahead >= 0 if decision.higher_is_better else ahead <= 0
    elif found["low"] <= 0 <= found["high"]:
        return Decision.Effect.EARLY
    else:
        worked = (found["low"] > 0) == decision.higher_is_better
    return Decision.Effect.WORKED if worked else Decision.Effect.DID_NOT


def effect_words(decision: Decision) -> str:
    """`effect_of` in words; empty if nobody can say yet."""
    effect = effect_of(decision)
    return str(Decision.Effect(effect).label) if effect else ""
