"""Values of date fields in the browser."""

import datetime as dt

import pytest
from django import forms
from django.utils import translation

from teams.lib.inputs import DayInput


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_day_is_written_as_browsers_take_it_in_every_language(language):
    class Form(forms.Form):
        day = forms.DateField(widget=DayInput())

    with translation.override(language):
        assert 'type="date" name="day" value="2026-11-25"' in str(
            Form(initial={"day": dt.date(2026, 11, 25)})
        )
        assert Form({"day": "2026-11-25"}).is_valid()


@pytest.mark.django_db
def test_a_term_is_planned_in_spanish_with_the_same_days(cast, as_user):
    def days(language: str) -> list[str]:
        cast.ana.language = language
        cast.ana.save()
        form = as_user(cast.ana).get("/series/new/").context["form"]
        return [form[name].as_widget().split('value="')[1][:10] for name in ("starts_on", "ends_on")]

    assert days("es") == days("en")
