"""Forms of standards and of a team's essential standards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.assessments.models import EssentialStandard
from datareview.standards.queries.essentials import standards_to_choose, terms_of
from datareview.standards.services.essentials import EssentialValues, essential_fingerprint
from datareview.standards.services.standards import StandardValues, standard_fingerprint
from teams.lib.filters import ALL, FilterForm
from teams.lib.inputs import DayField, ShortNumber, SuggestedText

if TYPE_CHECKING:
    from django.http import QueryDict

    from datareview.records.models import Standard
    from datareview.standards.queries.essentials import EssentialPage
    from datareview.standards.queries.standards import StandardList
    from teams.directory.models import SchoolYear, Team


class StandardForm(forms.Form):
    """A standard; ``seen`` is the version that the user edits."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=60)
    statement = forms.CharField(
        label=gettext_lazy("Words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    framework = forms.CharField(label=gettext_lazy("Framework"), max_length=80, required=False)
    grades = forms.CharField(label=gettext_lazy("Grades"), max_length=40, required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=80, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, standard: Standard | None = None, **kwargs: Any) -> None:
        if standard:
            stored = StandardValues.of(standard)
            start = {name: getattr(stored, name) for name in StandardValues.__dataclass_fields__}
            kwargs["initial"] = start | {"seen": standard_fingerprint(standard)}
        super().__init__(*args, **kwargs)

    def values(self) -> StandardValues:
        """The values of a valid form."""
        return StandardValues(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class StandardFilter(FilterForm):
    """Filters and sorts standards."""

    q = forms.CharField(
        label=gettext_lazy("Code or words"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    subject = forms.ChoiceField(label=gettext_lazy("Subject"))
    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        choices=[("", gettext_lazy("In use")), ("retired", gettext_lazy("Retired"))],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort by"),
        choices=[("", gettext_lazy("Code")), ("framework", gettext_lazy("Framework"))],
    )

    def __init__(self, wanted: QueryDict, found: StandardList) -> None:
        super().__init__(wanted, subject=[ALL, *found.subjects.items()])


class YearFilter(FilterForm):
    """Chooses a school year."""

    year = forms.ChoiceField(label=gettext_lazy("School year"))

    def __init__(self, page: EssentialPage) -> None:
        chosen = {"year": str(page.year.uuid)} if page.year else {}
        super().__init__(chosen, year=[(str(one.uuid), str(one)) for one in page.years])


class EssentialForm(forms.Form):
    """An essential standard of a team; ``seen`` is the version that the user edits."""

    code = forms.CharField(label=gettext_lazy("Standard"), max_length=60)
    term = forms.ChoiceField(label=gettext_lazy("Term"), required=False)
    taught_from = DayField(label=gettext_lazy("Taught from"), required=False)
    taught_to = DayField(label=gettext_lazy("Taught until"), required=False)
    check_on = DayField(label=gettext_lazy("Checked on"), required=False)
    mastery = forms.IntegerField(
        label=gettext_lazy("Mastered from, in percent of the points"),
        min_value=10,
        max_value=100,
        initial=80,
        widget=ShortNumber,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(
        self,
        *args: Any,
        team: Team,
        year: SchoolYear,
        essential: EssentialStandard | None = None,
        **kwargs: Any,
    ) -> None:
        start: dict[str, Any] = {}
        if essential:
            stored = EssentialValues.of(essential)
            start = {name: getattr(stored, name) for name in ("taught_from", "taught_to", "check_on")}
            start |= {"code": stored.standard.code, "mastery": round(100 * stored.mastery)}
            start |= {"term": str(stored.term.uuid) if stored.term else ""}
            start |= {"seen": essential_fingerprint(essential)}
        super().__init__(*args, **{**kwargs, "initial": start})
        self.standards = {one.code.casefold(): one for one in reversed(standards_to_choose(team))}
        if essential:
            self.standards[essential.standard.code.casefold()] = essential.standard
        self.fields["code"].widget = SuggestedText([one.code for one in self.standards.values()])
        self.fields["code"].widget.is_required = True
        self.terms = {str(one.uuid): one for one in terms_of(year)}
        terms = [("", _("the whole year")), *((uuid, str(one)) for uuid, one in self.terms.items())]
        self.fields["term"].choices = terms  # type: ignore[attr-defined]
        for place, level in enumerate(EssentialStandard.LEVELS):
            self.fields[f"level_{level}"] = forms.CharField(
                label=_("Level %(n)s, in the team’s words") % {"n": level},
                max_length=200,
                required=False,
                initial=essential.levels[place] if essential and essential.levels else "",
            )

    def clean_code(self) -> Standard:
        """Find the standard by its code."""
        code = " ".join(self.cleaned_data["code"].split())
        standard = self.standards.get(code.casefold())
        if standard is None:
            raise forms.ValidationError(
                _("Your school has no standard %(code)s. Add it to the standards first.") % {"code": code}
            )
        return standard

    def values(self) -> EssentialValues:
        """The values of a valid form."""
        data = self.cleaned_data
        return EssentialValues(
            data["code"],
            self.terms.get(data["term"]),
            data["taught_from"],
            data["taught_to"],
            data["check_on"],
            data["mastery"] / 100,
            tuple(data[f"level_{level}"] for level in EssentialStandard.LEVELS),
        )
