"""Hidden names apply to one request only, and only to text that is shown."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.utils.safestring import mark_safe

from teams.lib import hidden_names
from teams.lib.form_renderer import HidingRenderer, InlineRenderer, LineRenderer, PlainRenderer
from teams.lib.hidden_names import hidden_by, hide_in_address, hide_names, real_names
from teams.lib.inputs import Pills

HIDER = SimpleNamespace(
    alias_of=lambda pk: f"Student {pk}", hide=lambda text: text.replace("Maya", "Student 1")
)


class Days(forms.MultipleChoiceField):
    widget = Pills


class Reader(forms.Form):
    title = forms.CharField()
    text = forms.CharField(widget=forms.Textarea)
    key = forms.CharField(widget=forms.HiddenInput)
    who = forms.ChoiceField(choices=[("Maya", "Maya O."), ("Of Maya", [("x", "Maya’s plan")])])


def test_names_are_hidden_within_the_block_alone():
    assert (hide_names("Maya reads"), hidden_names.alias_of(1)) == ("Maya reads", None)
    with hidden_by(HIDER):
        assert (hide_names("Maya reads"), hidden_names.alias_of(1)) == ("Student 1 reads", "Student 1")
        with real_names():
            assert (hide_names("Maya"), hidden_names.alias_of(1)) == ("Maya", None)
        assert hidden_names.are_hidden()
    assert not hidden_names.are_hidden()


def test_names_are_shown_again_after_an_exception():
    with pytest.raises(RuntimeError), hidden_by(HIDER):
        raise RuntimeError
    assert not hidden_names.are_hidden()


def test_another_thread_hides_nothing():
    seen = []
    with hidden_by(HIDER):
        other = threading.Thread(target=lambda: seen.append(hidden_names.are_hidden()))
        other.start()
        other.join()
    assert seen == [False]


def test_tasks_of_one_loop_hide_each_for_itself():
    async def read(hider, turns):
        with hidden_by(hider):
            for _turn in range(turns):
                await asyncio.sleep(0)
            return hide_names("Maya")

    async def both():
        return await asyncio.gather(read(HIDER, 3), read(None, 2), read(HIDER, 1))

    assert asyncio.run(both()) == ["Student 1", "Maya", "Student 1"]


def test_an_address_keeps_all_but_names():
    with hidden_by(HIDER):
        assert (
            hide_in_address("/search/?q=Maya+O&page=2&x=#found") == "/search/?q=Student+1+O&page=2&x=#found"
        )
        assert hide_in_address("/students/Maya/") == "/students/Maya/"
        assert hide_in_address("?") == "?"
    assert hide_in_address("/search/?q=Maya+O") == "/search/?q=Maya+O"


def test_a_form_shows_typed_text_and_choices_with_aliases():
    form = Reader({"title": "Maya", "text": "Maya reads", "key": "Maya", "who": "Maya"})
    with hidden_by(HIDER):
        page = "".join(str(form[name]) for name in form.fields)
        errors = str(forms.utils.ErrorList(["Maya is not one of them."]))
    assert 'name="title" value="Student 1"' in page
    assert ">\nStudent 1 reads</textarea>" in page
    assert 'name="key" value="Student 1"' in page
    assert '<option value="Maya" selected>Student 1 O.</option>' in page
    assert '<optgroup label="Of Student 1">' in page
    assert "Student 1’s plan" in page
    assert "Student 1 is not one of them." in errors
    assert "Student 1" not in str(form["title"])


@pytest.mark.parametrize(
    "renderer", [HidingRenderer, PlainRenderer, InlineRenderer, LineRenderer], ids=lambda one: one.__name__
)
@pytest.mark.parametrize("field", [forms.CharField, forms.BooleanField, Days])
def test_labels_and_help_hide_names_whoever_wrote_them(field, renderer):
    class Asks(forms.Form):
        answer = field(label="Answer to: Maya", help_text="As Maya asked")

    with hidden_by(HIDER):
        drawn = Asks(renderer=renderer())["answer"].as_field_group()
    assert ("Maya" in drawn, "Answer to: Student 1" in drawn) == (False, True)


def test_a_question_with_few_answers_hides_names():
    class Rates(forms.Form):
        rate = forms.ChoiceField(
            label="How was Maya?", choices=[("1", "Maya talked")], widget=forms.RadioSelect
        )

    Rates.base_fields["rate"].template_name = "components/field_rate.html"
    with hidden_by(HIDER):
        drawn = Rates()["rate"].as_field_group()
    assert ("Maya" in drawn, drawn.count("Student 1")) == (False, 2)


def test_the_filter_leaves_safe_markup_and_missing_values_unchanged():
    source = "{{ text|hide_names }} {{ none|hide_names|default:'-' }} {{ list|hide_names|join:', ' }} {{ safe|hide_names }}"
    template = engines["django"].from_string(source)
    context = {"text": "<Maya>", "none": None, "list": ["Maya", "x"], "safe": mark_safe("<b>drawn</b>")}
    with hidden_by(HIDER):
        assert template.render(context) == "&lt;Student 1&gt; - Student 1, x <b>drawn</b>"
