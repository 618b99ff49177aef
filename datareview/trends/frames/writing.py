"""Write trends: only rows that differ from what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from django.db import transaction
from django.db.models import Case, FloatField, Value, When

from datareview.analysis.schema import STATUSES
from datareview.trends.columns import read_columns, upsert_columns
from datareview.trends.models import TREND_FIELDS, Trend
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt

    from datareview.trends.models import TrendScope


@dataclass(frozen=True, slots=True)
class Written:
    """Numbers of rows inserted, changed and removed."""

    inserted: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        """The number of rows written or removed."""
        return self.inserted + self.changed + self.removed


def write_trends(rows: pd.DataFrame, scope: TrendScope, *, as_of: dt.date, version: str) -> Written:
    """Insert or update trends of ``scope`` that differ from ``rows``, and delete those missing from ``rows``.

    ``rows`` has ``student_id``, ``measure_id`` and the fields of `Trend`, with missing numbers as NaN and days as
    ordinals. ``as_of`` and the current time are set only on rows that differ.
    """
    with transaction.atomic():
        stored = _stored_trends(scope, version)
        columns = {"student_id": rows["student_id"].to_numpy(), "measure_id": rows["measure_id"].to_numpy()}
        columns |= {name: rows[name].to_numpy(np.float64) for name in TREND_FIELDS if name != "status"}
        columns["status"] = pd.Index(STATUSES).get_indexer(pd.Index(rows["status"]))
        keys, known = _key(columns), _key(stored)
        order = np.argsort(known)
        place = order[np.searchsorted(known, keys, sorter=order) % max(len(known), 1)] if len(known) else None
        is_stored = np.zeros(len(keys), bool) if place is None else known[place] == keys
        is_same = is_stored.copy()
        if place is not None:
            is_same &= stored["is_version"][place] == 1
            for name in TREND_FIELDS:
                is_same &= _equal(columns[name], stored[name][place])
        upsert_columns(
            Trend,
            {name: column[~is_same] for name, column in columns.items()},
            unique=("student", "measure"),
            texts={"status": STATUSES},
            stamp={"as_of": as_of, "method_version": version, "computed_at": clock.now()},
        )
        gone = stored["id"][~np.isin(known, keys)].astype(np.int64).tolist()
        Trend.objects.filter(pk__in=gone).delete()
    return Written(int((~is_stored).sum()), int((is_stored & ~is_same).sum()), len(gone))


def _stored_trends(scope: TrendScope, version: str) -> dict[str, np.ndarray]:
    """The stored trends of ``scope`` as numbers, and whether each was computed by ``version``."""
    places = [When(status=status, then=Value(float(place))) for place, status in enumerate(STATUSES)]
    rows = Trend.objects.filter(student__in=scope.students()).annotate(
        status_place=Case(*places, default=None, output_field=FloatField()),
        is_version=Case(When(method_version=version, then=Value(1.0)), default=Value(0.0)),
    )
    numbers = [name for name in TREND_FIELDS if name != "status"]
    found = read_columns(rows, "id", "student_id", "measure_id", *numbers, "status_place", "is_version")
    return found | {"status": found["status_place"]}


def _key(columns: dict[str, np.ndarray]) -> np.ndarray:
    student, measure = (columns[name].astype(np.int64) for name in ("student_id", "measure_id"))
    return student << 32 | measure


def _equal(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return (left == right) | (np.isnan(left) & np.isnan(right))
