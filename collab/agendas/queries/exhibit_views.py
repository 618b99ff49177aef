"""The exhibits of an item as one reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from collab.agendas.queries.predictions import is_hidden, predictions_of
from datareview.dashboards.queries.exhibits import chart_of, frozen_chart, may_see_each
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from collab.agendas.models import AgendaItem, Prediction
    from collab.agendas.queries.predictions import Predictions
    from collab.meetings.models import Meeting
    from datareview.charts.spec import Chart
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class ExhibitView:
    """An exhibit as the reader may see it: its chart, why there is none, or the predictions it waits for."""

    uuid: str
    chart: Chart | None
    sentence: str
    frozen_at: dt.datetime | None
    waits_for: Predictions | None = None
    predicted: tuple[Prediction, ...] = ()
    predict_first: bool = False


def exhibits_for(user: User, item: AgendaItem, meeting: Meeting) -> list[ExhibitView]:
    """The exhibits of ``item``: frozen ones as they were, live ones from current data.

    An exhibit that waits for predictions is not drawn: none of its figures leaves the server.
    """
    return exhibits_of(user, [item], meeting)[item.pk]


def exhibits_of(user: User, items: Collection[AgendaItem], meeting: Meeting) -> dict[int, list[ExhibitView]]:
    """`exhibits_for` for several items with prefetched exhibits, by item id. Checks permissions once."""
    rows = [exhibit for item in items for exhibit in item.exhibits.all()]
    may_see = may_see_each(user, [(row.view, row.parameters) for row in rows])
    prefetch_related_objects([row for row in rows if row.predict_first], "predictions__user")
    found: dict[int, list[ExhibitView]] = {item.pk: [] for item in items}
    for row, is_visible in zip(rows, may_see, strict=True):
        found[row.item_id].append(_exhibit_view(user, row, meeting, is_visible=is_visible))
    return found


def _exhibit_view(user: User, exhibit: Any, meeting: Meeting, *, is_visible: bool) -> ExhibitView:
    uuid, frozen_at, first = str(exhibit.uuid), exhibit.frozen_at, exhibit.predict_first
    if not is_visible:
        return ExhibitView(uuid, None, "", frozen_at)
    if is_hidden(exhibit, meeting):
        return ExhibitView(uuid, None, "", None, predictions_of(user, exhibit, meeting), predict_first=True)
    predicted = tuple(exhibit.predictions.all()) if first else ()
    try:
        chart = _chart(user, exhibit)
    except DomainError as error:
        return ExhibitView(uuid, None, str(error), frozen_at, predicted=predicted, predict_first=first)
    return ExhibitView(uuid, chart, "", frozen_at, predicted=predicted, predict_first=first)


def _chart(user: User, exhibit: Any) -> Chart:
    if exhibit.frozen is not None:
        return frozen_chart(exhibit.frozen)
    if exhibit.frozen_at is not None:
        raise DomainError(_("The data for this chart no longer existed when the meeting closed."))
    return chart_of(user, exhibit.view, exhibit.parameters)
