"""Widgets that are written without a template are those that Django's templates write."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from teams.lib.widget_html import html_of

AWKWARD = {"class": "a b", "data-x": '"><script>', "required": True, "disabled": False, "maxlength": 1234}
GROUPS = [
    ("", "---"),
    (1234, gettext_lazy("Home")),
    ("Names", [("a&b", "<Maya>"), ("x", mark_safe("<i>safe</i>"))]),
]
WIDGETS = {
    "text": (forms.TextInput(), 'say "hi" <b>'),
    "empty": (forms.TextInput(), ""),
    "nothing": (forms.TextInput(), None),
    "safe": (forms.TextInput(), mark_safe("&amp;")),
    "hidden": (forms.HiddenInput(), 12345),
    "number": (forms.NumberInput(), 1234.5),
    "date": (forms.DateInput(), "2026-11-24"),
    "time": (forms.TimeInput(), "10:10"),
    "email": (forms.EmailInput(), "a@b.test"),
    "checked": (forms.CheckboxInput(), True),
    "unchecked": (forms.CheckboxInput(), False),
    "select": (forms.Select(choices=GROUPS), "a&b"),
    "selects": (forms.SelectMultiple(choices=GROUPS), [1234, "x"]),
}


@pytest.mark.parametrize("name", WIDGETS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_widget_is_what_its_template_writes(name, language, settings):
    settings.LANGUAGE_CODE = language
    widget, value = WIDGETS[name]
    context = widget.get_context("field", value, {**AWKWARD, "id": "id_field"})
    written = html_of(widget.template_name, context)
    expected = TemplatesSetting().render(widget.template_name, context)
    assert written is not None
    assert written.split() == expected.split()


def test_an_option_with_a_template_of_its_own_is_left_to_it():
    class Ours(forms.Select):
        option_template_name = "django/forms/widgets/checkbox_option.html"

    widget = Ours(choices=[("a", "A")])
    assert html_of(widget.template_name, widget.get_context("field", "a", {})) is None
