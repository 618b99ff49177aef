"""Filter the list of remembered forms of files, and edit one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.cell_words.marks import DAY_RULES
from datareview.file_words.ways import way_in_words
from datareview.recipes.forms.codes import code_fields, code_meanings
from datareview.recipes.queries import USUAL_ORDER
from datareview.recipes.services import recipe_version
from datareview.recognition.fields import FIELDS
from datareview.recognition.kinds import NEEDED, FileKind
from datareview.recognition.labels import LABELS
from datareview.records.models import Measure
from teams.lib.filters import ALL, FilterForm

if TYPE_CHECKING:
    from datareview.recipes.models import FileRecipe

# What an option of a mapping is called; the others are of the kind's own form and stay as they are.
OPTIONS = {
    "measure_name": _("Measure, or words before its name"),
    "absences": _("Days without a row are days present"),
    "new_measures": _("New measures are added"),
    "domain": _("Domain of new measures"),
    "scale_min": _("Scale of new measures, from"),
    "scale_max": _("Scale of new measures, to"),
    "higher_is_better": _("Lower is better"),
    "grade": _("Grade for all rows"),
    "day_zero": _("Dates count days since"),
    "empty": _("What an empty cell means"),
    "day_rule": _("Periods make a day"),
    "periods": _("Periods of a school day"),
    USUAL_ORDER: _("Dates of automatic files that fit both ways"),
}
ORDERS = {"mdy": _("month first"), "dmy": _("day first")}


class RecipeFilter(FilterForm):
    """The filters and the order of the list."""

    q = forms.CharField(
        label=_("Name or column"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label=_("Contents"), required=False, choices=[ALL, *FileKind.choices])
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[("", _("Last used")), ("name", _("Name")), ("kind", _("Contents"))],
    )


class RecipeForm(forms.Form):
    """The name, the columns of the fields, and the meanings of codes."""

    name = forms.CharField(label=_("Name"), max_length=120)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, *args: Any, recipe: FileRecipe, **kwargs: Any) -> None:
        mapping = recipe.mapping
        options = {name: value for name, value in mapping.get("options", {}).items() if name in OPTIONS}
        start = {f"column_{name}": column for name, column in mapping.get("columns", {}).items()}
        start |= {
            "name": recipe.name,
            "seen": recipe_version(recipe),
            "missing": " ".join(mapping.get("options", {}).get("missing", [])),
            "measures": list(mapping.get("measures", {})),
            "kept": list(options),
        }
        super().__init__(*args, **{**kwargs, "initial": start})
        self.recipe = recipe
        columns = [(name, name) for name in recipe.columns]
        for name in FIELDS[recipe.kind]:
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=LABELS[name],
                required=name in NEEDED[recipe.kind] and name != "value",
                choices=[("", "—"), *columns],
            )
        if mapping.get("measures"):
            self.fields["measures"] = forms.MultipleChoiceField(
                label=_("Columns that are each a measure"),
                required=False,
                choices=[(column, f"{column} → {name}") for column, name in mapping["measures"].items()],
                widget=forms.CheckboxSelectMultiple,
            )
        measures = (
            Measure.objects.filter(school=recipe.school).order_by("name").values_list("name", flat=True)
        )
        self.fields |= code_fields(self._asked(), mapping.get("codes", {}), list(measures))
        self.fields["missing"] = forms.CharField(
            label=_("Codes for missing values"), required=False, max_length=200
        )
        if options:
            self.fields["kept"] = forms.MultipleChoiceField(
                label=_("Also remembered"),
                required=False,
                choices=[(name, _option(name, value)) for name, value in options.items()],
                widget=forms.CheckboxSelectMultiple,
            )

        if recipe.way:
            self.fields["keep_way"] = forms.BooleanField(
                label=_("Such files are read as corrected by hand: %(way)s")
                % {"way": way_in_words(recipe.way)},
                required=False,
                initial=True,
            )

    def mapping(self) -> dict[str, Any]:
        """The changed mapping."""
        data, before = self.cleaned_data, self.recipe.mapping
        options = {
            name: value
            for name, value in before.get("options", {}).items()
            if name not in OPTIONS or name in data["kept"]
        }
        mapping = {
            **before,
            "columns": {
                name: data[f"column_{name}"]
                for name in FIELDS[self.recipe.kind]
                if data.get(f"column_{name}")
            },
            "options": {**options, "missing": data["missing"].split()},
            "codes": code_meanings(self._asked(), data),
        }
        if "measures" in data:
            mapping["measures"] = {
                column: name for column, name in before["measures"].items() if column in data["measures"]
            }
        return mapping

    def _asked(self) -> dict[tuple[str, str], int]:
        return {
            (name, text): 0 for name, codes in self.recipe.mapping.get("codes", {}).items() for text in codes
        }


def _option(name: str, value: Any) -> str:
    words = {USUAL_ORDER: ORDERS, "day_rule": DAY_RULES}
    value = words.get(name, {}).get(value, value)
    said = "" if isinstance(value, bool) or name == "absences" else f": {value}"
    return f"{OPTIONS[name]}{said}"
