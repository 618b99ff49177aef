"""Forms to dispute a value, and to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.disputes.models import Dispute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.disputes.queries.values import StudentValue


class DisputeForm(forms.Form):
    """Which value of the student is wrong, and why."""

    value = forms.ChoiceField(
        label=_("Which value?"), error_messages={"required": _("Choose the value that is wrong.")}
    )
    what = forms.CharField(
        label=_("What is wrong?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you know about it, and what would be right."),
    )

    def __init__(self, *args: Any, values: Sequence[StudentValue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._values = {one.key: one for one in values}
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in values:
            groups.setdefault(one.subject, []).append((one.key, str(one)))
        self.fields["value"].choices = [("", _("Choose a value")), *groups.items()]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The arguments of `open_dispute`."""
        return {"value": self._values[self.cleaned_data["value"]], "what": self.cleaned_data["what"]}


class AnswerForm(forms.Form):
    """Whether the value was corrected, or why it is right; ``state`` is the button pressed."""

    state = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (Dispute.State.CORRECTED, Dispute.State.RIGHT)],
        error_messages={"required": _("Choose whether the value was corrected or is right.")},
    )
    answer = forms.CharField(
        label=_("What you found"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who asked reads it. If the value is right, say why."),
    )
