"""The filter of the page of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.results.frames.names import LETTERS, POINTS, RIGHT, standard_name
from teams.lib.filters import FilterForm

if TYPE_CHECKING:
    from datareview.results.queries.page import ResultsPage

SHOW_CHOICES = [
    (LETTERS, _("the wrong answer chosen")),
    (RIGHT, _("right or wrong")),
    (POINTS, _("points")),
]


class ResultsFilter(FilterForm):
    """Chooses the class, the standard of the bands, and what a cell shows."""

    section = forms.ChoiceField(label=_("Class"))
    by = forms.ChoiceField(label=_("Bands by"))
    show = forms.ChoiceField(label=_("Show"), choices=SHOW_CHOICES)

    def __init__(self, page: ResultsPage) -> None:
        wanted = {
            "section": str(page.chosen.section.uuid) if page.chosen else "team",
            "by": str(page.band_name.uuid) if page.band_name else "all",
            "show": page.show,
        }
        sections = [(one.section.uuid, one.label) for one in page.open_states]
        bands = [(one.uuid, standard_name(one)) for one in page.standards_to_band.values()]
        super().__init__(
            wanted,
            section=[*sections, ("team", _("the team"))],
            by=[*bands, ("all", _("all items"))],
            show=SHOW_CHOICES,
        )
        if page.map and not page.map_by_student:  # cells of bands are percents
            del self.fields["show"]


class OpenClassForm(forms.Form):
    """How a class was taught, in its teacher's words, as it is opened to the team."""

    words = forms.CharField(
        label=_("How did you teach this?"),
        help_text=_("For example: “With fraction strips first, then the number line. Ask me!”"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
