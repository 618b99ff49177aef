"""Read each different text of a column once: most columns have few, however long they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from teams.tables.columns import TextColumn


def text_series(column: TextColumn) -> pd.Series:
    """A column of a file as categories, which take one to four bytes a row."""
    places = np.frombuffer(column.places, np.int32)
    return _of_categories(places, column.texts)


def distinct_texts(texts: pd.Series) -> tuple[np.ndarray[Any, Any], pd.Series]:
    """The different texts of a column in the order in which they first stand there, and for each row which it is."""
    places, unique = pd.factorize(texts, use_na_sentinel=False)
    dtype = texts.cat.categories.dtype if isinstance(texts.dtype, pd.CategoricalDtype) else texts.dtype
    return places, pd.Series(np.asarray(unique), dtype=dtype)


def spread(found: pd.Series, places: np.ndarray[Any, Any], index: pd.Index) -> pd.Series:
    """What was found for the different texts of a column, for each of its rows."""
    return pd.Series(found.array.take(places), index=index, dtype=found.dtype)


def read_distinct(texts: pd.Series, read: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """What ``read`` makes of a column, from its different texts alone; ``read`` must look at each by itself, or at all."""
    places, unique = distinct_texts(texts)
    return spread(read(unique), places, texts.index)


def read_as_categories(texts: pd.Series, read: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """As `read_distinct`, for a result of few different texts: its categories are in order."""
    places, unique = distinct_texts(texts)
    found = pd.Categorical(read(unique))
    return _of_categories(found.codes.take(places), found.categories, texts.index)


def same_texts(names: Iterable[str], many: int) -> pd.Series:
    """A column with each of ``names`` ``many`` times, one after another, as categories in order."""
    found = pd.Categorical(list(names))
    return _of_categories(np.repeat(found.codes, many), found.categories)


def as_categories(columns: list[pd.Series]) -> pd.Series:
    """Columns of texts under one another, as categories."""
    if len(columns) == 1:
        return columns[0].reset_index(drop=True)
    return pd.Series(pd.api.types.union_categoricals([pd.Categorical(column) for column in columns]))


def _of_categories(
    codes: np.ndarray[Any, Any], categories: Iterable[str], index: pd.Index | None = None
) -> pd.Series:
    texts = pd.Index(categories, dtype=str)
    small = codes.astype(np.min_scalar_type(-max(len(texts), 1)), copy=False)
    return pd.Series(pd.Categorical.from_codes(small, texts), index=index)
