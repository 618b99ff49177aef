"""Template tags that say how fresh the data of a panel are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from datareview.freshness.queries import freshness_of, staleness_of

if TYPE_CHECKING:
    import datetime as dt

    from teams.directory.models import School

register = template.Library()


@register.inclusion_tag("datareview/freshness/_line.html")
def freshness(school: School | None) -> dict[str, Any]:
    """``{% freshness school %}``: of each source to when there are data, when they were loaded, and if they are stale."""
    return {"sources": freshness_of(school) if school else []}


@register.inclusion_tag("datareview/freshness/_stale.html")
def stale(school: School | None, source: str, upto: dt.date | None) -> dict[str, Any]:
    """``{% stale school "attendance" day %}``: how old data to ``day`` are, if that is more than the school allows."""
    return {"words": staleness_of(school, source, upto) if school and upto else ""}
