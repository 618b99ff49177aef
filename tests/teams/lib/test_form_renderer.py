"""Rendering of form fields, with the attributes that screen readers need."""

from __future__ import annotations

import re

from django import forms

from teams.lib.form_renderer import InlineRenderer, PlainRenderer
from teams.lib.inputs import Pills


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door", max_length=5)
    days = forms.MultipleChoiceField(label="Days", choices=[(0, "Mon"), (1, "Tue")], widget=Pills)
    note = forms.CharField(label="Note", required=False)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def attributes(html: str, tag: str) -> dict[str, str]:
    """The attributes of the first ``tag`` in ``html``."""
    return dict(re.findall(r'([\w-]+)="([^"]*)"', re.search(rf"<{tag}\b[^>]*>", html)[0]))


def test_a_field_names_its_help_and_its_errors():
    html = Form({"name": "too long"})["name"].as_field_group()
    field = attributes(html, "input")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_name_helptext id_name_error"
    assert all(f'id="{one}"' in html for one in field["aria-describedby"].split())
    assert attributes(html, "label") == {"for": field["id"]}
    assert words(html) == "Name As on the door Ensure this value has at most 5 characters (it has 8)."


def test_a_field_without_help_and_errors_names_neither():
    assert "aria-" not in Form()["note"].as_field_group()
    assert words(Form()["note"].as_field_group()) == "Note (optional)"


def test_a_group_of_choices_names_its_errors_once():
    html = Form({"name": "x", "days": ["9"]})["days"].as_field_group()
    assert attributes(html, "fieldset")["aria-describedby"] == "id_days_error"
    assert html.count('id="id_days_error"') == 1
    assert words(html) == "Days Mon Tue Select a valid choice. 9 is not one of the available choices."


def test_a_filter_says_nothing_about_being_optional():
    assert words(Form(renderer=PlainRenderer())["note"].as_field_group()) == "Note"


def test_a_label_on_a_line_with_its_button_is_read_out_and_not_shown():
    html = Form(renderer=InlineRenderer())["note"].as_field_group()
    assert attributes(html, "label") == {"class": "hide", "for": "id_note"}


def test_a_text_that_is_too_long_is_refused_and_never_cut_by_the_browser():
    class Note(forms.Form):
        text = forms.CharField(max_length=10, widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}))

    form = Note({"text": "Maya reads <b> more"})
    html = str(form["text"])
    assert ("maxlength" in html, ' rows="2"' in html, " autofocus" in html) == (False, True, True)
    assert ">\nMaya reads &lt;b&gt; more</textarea>" in html
    assert form.errors["text"] == ["Ensure this value has at most 10 characters (it has 19)."]
