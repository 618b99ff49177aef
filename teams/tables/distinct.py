"""Read each different text of a column once: most columns have few, however long they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable


def read_distinct(texts: pd.Series, read: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """What ``read`` makes of a column, from its different texts alone; ``read`` must look at each by itself, or at all."""
    codes, unique = pd.factorize(texts, use_na_sentinel=False)
    found = read(pd.Series(unique, dtype=texts.dtype))
    return pd.Series(found.array.take(codes), index=texts.index, dtype=found.dtype)
