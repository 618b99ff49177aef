"""The form with which planned meetings take over a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collab.adoption.queries import Adoptable
    from collab.meetings.models import Meeting


class AdoptForm(forms.Form):
    """The meetings, and whether those planned later in their series follow."""

    meetings = forms.MultipleChoiceField(
        label=_("Meetings"), error_messages={"required": _("Choose at least one meeting.")}
    )
    series = forms.BooleanField(
        label=_("Meetings planned later in the same series use it, too"), required=False, initial=True
    )

    def __init__(self, *args: Any, rows: Sequence[Adoptable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["meetings"]
        field.choices = [(row.key, str(row.meeting)) for row in rows]
        self.rows = rows
        self.ticked: list[str] = (
            (self["meetings"].value() or []) if self.is_bound else [row.key for row in rows if row.follows]
        )

    @property
    def chosen(self) -> list[Meeting]:
        """The chosen meetings of a valid form."""
        return [row.meeting for row in self.rows if row.key in self.cleaned_data["meetings"]]
