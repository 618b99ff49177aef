"""The chances by which a school's plans are judged: its own, or the usual ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.analysis.verdicts import Cuts
from datareview.verdicts.models import VerdictCuts
from teams.kept.queries import read_seldom
from teams.lib import formats
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from teams.directory.models import School

FIELDS = ("change", "together", "higher")
USUAL = {name: round(100 * getattr(Cuts(), name)) for name in FIELDS}  # percent


@read_seldom(VerdictCuts)
def _own_cuts(school_ids: frozenset[int]) -> dict[int, dict[str, int]]:
    rows = VerdictCuts.objects.filter(school__in=school_ids).values("school_id", *FIELDS)
    return {row.pop("school_id"): row for row in rows}


def cuts_of(school_ids: Iterable[int]) -> dict[int, Cuts]:
    """Map ids of schools to their cut points; one query, or none."""
    wanted = frozenset(school_ids)
    own = _own_cuts(wanted) if wanted else {}
    return {pk: as_cuts(own.get(pk, USUAL)) for pk in wanted}


def percents_of(school: School) -> dict[str, int]:
    """The cut points of ``school`` in percent, as they are stored now."""
    return VerdictCuts.objects.filter(school=school).values(*FIELDS).first() or USUAL


def as_cuts(percents: Mapping[str, int]) -> Cuts:
    """The kernel's cut points of these percentages."""
    return Cuts(**{name: percents[name] / 100 for name in FIELDS})


def cuts_version(percents: Mapping[str, int]) -> str:
    """A text that changes as soon as one of the cut points does."""
    return version_of(*(percents[name] for name in FIELDS))


def cuts_in_words(percents: Mapping[str, int]) -> str:
    """The cut points in a line."""
    return _("Off track below %(change)s, on track from %(together)s, a higher goal from %(higher)s") % {
        name: formats.percent(percents[name]) for name in FIELDS
    }
