"""Forms of student work: a file, rectangles over names, a rubric, a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from collab.student_work.models import WorkScoring
from collab.student_work.services.pieces import MOST_COVERS
from datareview.records.models import Student
from datareview.records.queries.order import named_apart

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from collab.student_work.models import WorkPage

PARTS = ("x", "y", "width", "height")


class WorkForm(forms.Form):
    """A piece of work."""

    file = forms.FileField(
        label=gettext_lazy("Picture or PDF file"),
        help_text=gettext_lazy(
            "JPEG, PNG, WebP, HEIC or PDF, up to 12 MB and 6 pages. You cover names in the next step."
        ),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf"}
        ),
    )
    title = forms.CharField(
        label=gettext_lazy("What to call it"),
        help_text=gettext_lazy("Not the student’s name: for example A, B, C."),
        max_length=80,
    )
    student = forms.ModelChoiceField(
        Student.objects.none(),
        label=gettext_lazy("Whose work it is"),
        to_field_name="uuid",
        required=False,
        empty_label=gettext_lazy("Not said"),
        help_text=gettext_lazy(
            "This is shown to no one. It is kept so that the work is erased with the student. Without it, the work is "
            "deleted whenever any student of the school is erased."
        ),
    )

    def __init__(self, *args: Any, students: QuerySet[Student], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"].queryset = students  # type: ignore[attr-defined]
        self.fields["student"].choices = lambda: [("", _("Not said")), *named_apart(list(students))]  # type: ignore[attr-defined]


class CoverForm(forms.Form):
    """Rectangles over names, in percent of each page; scripts draw them into the same fields."""

    lacks_names = forms.BooleanField(
        label=gettext_lazy("No name, face or other sign of who it is can be seen"), required=False
    )

    def __init__(self, *args: Any, pages: Collection[WorkPage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pages = list(pages)
        labels = {"x": pgettext("edge", "Left"), "y": _("Top"), "width": _("Width"), "height": _("Height")}
        for page in self.pages:
            for number in range(MOST_COVERS):
                known = page.covers[number] if number < len(page.covers) else [None] * 4
                for part, value in zip(PARTS, known, strict=True):
                    self.fields[self._name(page, number, part)] = forms.FloatField(
                        label=labels[part],
                        min_value=0,
                        max_value=100,
                        required=False,
                        initial=value,
                        widget=forms.NumberInput(attrs={"step": "any", "data-part": part}),
                    )

    @staticmethod
    def _name(page: WorkPage, number: int, part: str) -> str:
        return f"page{page.number}-{number + 1}-{part}"

    @property
    def rows(self) -> list[tuple[WorkPage, list[list[forms.BoundField]]]]:
        """Each page with the fields of its rectangles."""
        return [
            (
                page,
                [[self[self._name(page, number, part)] for part in PARTS] for number in range(MOST_COVERS)],
            )
            for page in self.pages
        ]

    def clean(self) -> dict[str, Any]:
        """``covers`` by number of the page, and ``lacks_names``."""
        data = super().clean() or {}
        covers: dict[int, list[list[float]]] = {}
        for page in self.pages:
            for number in range(MOST_COVERS):
                values = [data.get(self._name(page, number, part)) for part in PARTS]
                typed = [float(value) for value in values if value is not None]
                if 0 < len(typed) < len(PARTS):
                    raise forms.ValidationError(_("Type all four numbers of a rectangle."))
                if typed:
                    covers.setdefault(page.number, []).append(typed)
        return {"covers": covers, "lacks_names": bool(data.get("lacks_names"))}


class RubricForm(forms.Form):
    """The rubric by which the work on an item is scored."""

    rubric = forms.CharField(
        label=gettext_lazy("Rubric"),
        help_text=gettext_lazy(
            "What each level looks like, one line each: “4: explains with a picture and numbers”."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    highest = forms.IntegerField(
        label=gettext_lazy("Highest level"), min_value=1, max_value=WorkScoring.MOST, initial=4
    )
    version = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)


class ScoreForm(forms.Form):
    """One's own score of a piece."""

    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int, widget=forms.RadioSelect)
    why = forms.CharField(label=gettext_lazy("What you see"), max_length=300, required=False)

    def __init__(self, *args: Any, highest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level, str(level)) for level in range(highest + 1)]  # type: ignore[attr-defined]
