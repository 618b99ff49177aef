"""The form that loads a class list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from datareview.class_lists.queries import ClassListPage


class ClassListForm(forms.Form):
    """For each grade without a team, who leads a new one; empty adds none."""

    def __init__(self, *args: Any, page: ClassListPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for team in page.teams:
            self.fields[f"lead-{team.grade}"] = forms.ChoiceField(
                label=_("%(grade)s is led by") % {"grade": grade(team.grade)},
                choices=[("", _("– no team for now")), *team.teachers.items()],
                initial=next(iter(team.teachers)),
                required=False,
            )

    def leads(self) -> dict[str, str]:
        """Addresses of leads by grade, of a valid form."""
        return {
            name.removeprefix("lead-"): email
            for name, email in self.cleaned_data.items()
            if name.startswith("lead-") and email
        }
