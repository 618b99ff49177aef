"""Filters of a list: whether one is set, which opens them on a phone."""

from __future__ import annotations

import pytest
from django import forms

from teams.lib.filters import FilterForm


class Filters(FilterForm):
    """Filters of a list in tabs."""

    tab = forms.CharField(widget=forms.HiddenInput)
    q = forms.CharField()
    sort = forms.CharField()


@pytest.mark.parametrize(
    ("wanted", "narrows"),
    [({}, False), ({"tab": "new"}, False), ({"sort": "name"}, False), ({"tab": "new", "q": "Ada"}, True)],
)
def test_a_tab_and_an_order_narrow_nothing(wanted, narrows):
    assert Filters(wanted).narrows is narrows
