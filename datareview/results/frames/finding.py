"""The finding of an assessment in a sentence, and what stands under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.results.frames.items import mistake_sentences
from datareview.results.frames.standards import MIN_STUDENTS
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.results.frames.items import ItemResult
    from datareview.results.frames.standards import StandardResult

WELL, WEAK = 0.7, 0.8  # share mastering: from here they do well; under here some are not there yet


def finding(standards: Sequence[StandardResult]) -> str:
    """What the students know and what they do not yet, from the standards; empty if nothing can be said."""
    known = [one for one in standards if one.share is not None and one.n >= MIN_STUDENTS]
    if not known:
        return ""
    best = max(known, key=lambda one: (one.share, one.right))
    least = min(known, key=lambda one: (one.share, one.right))
    values = {
        "best": best.name,
        "least": least.name,
        "n": formats.number(least.not_yet),
        "secure": formats.number(best.mastering or 0),
        "all": formats.number(least.n),
        "whole": formats.number(best.n),
    }
    if (least.share or 0) >= WEAK:
        if len(known) == 1:
            return _("%(secure)s of %(whole)s are secure: %(best)s") % values
        return _("Most are secure on every standard; the weakest is: %(least)s") % values
    if best is not least and (best.share or 0) >= WELL:
        return (
            ngettext(
                "Secure: %(best)s. %(n)s of %(all)s is not there yet: %(least)s",
                "Secure: %(best)s. %(n)s of %(all)s are not there yet: %(least)s",
                least.not_yet,
            )
            % values
        )
    return (
        ngettext(
            "%(n)s of %(all)s is not there yet: %(least)s",
            "%(n)s of %(all)s are not there yet: %(least)s",
            least.not_yet,
        )
        % values
    )


def under_the_finding(items: Sequence[ItemResult]) -> str:
    """The mistake that most students share, and the items whose keys are in doubt."""
    shared = [one for one in items if one.shared_mistakes and not one.checks_key]
    sentences = []
    if shared:
        most = max(shared, key=lambda one: one.shared_mistakes[0].n)
        sentences.append(
            _("Item %(item)s: %(sentence)s")
            % {"item": most.number, "sentence": mistake_sentences(most.shared_mistakes)}
        )
    doubts = [one.number for one in items if one.checks_key]
    if doubts:
        sentences.append(
            ngettext(
                "The key of item %(items)s should be checked.",
                "The keys of items %(items)s should be checked.",
                len(doubts),
            )
            % {"items": ", ".join(formats.number(number) for number in sorted(doubts))}
        )
    return " ".join(sentences)
