"""What the form of a file asks about the answers of an assessment: which one, which columns, and who is who."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from datareview.answers.marks import BLANK_TEXT
from datareview.answers.queries.people import takers_in_team, takers_of
from datareview.imports.models import Import
from datareview.records.models import Assessment
from teams.lib import formats
from teams.lib.inputs import DayField
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from datareview.answers.queries.people import Taker

LEFT_OUT = "out"
MOST_ASSESSMENTS = 200
LONGEST_KEY = 20_000


def answer_fields(row: Import) -> dict[str, forms.Field]:
    """The fields of a file of answers. One that a team's member brought can make a new assessment."""
    fields: dict[str, forms.Field] = {
        "items": forms.MultipleChoiceField(
            label=_("Columns that are items"),
            required=False,
            choices=[(name, name) for name in row.columns],
            widget=forms.SelectMultiple(attrs={"size": 8}),
            help_text=_(
                "Each has the answers of all students. A row called “Key” or “Points” is recognized."
            ),
        ),
        "assessment": forms.ChoiceField(
            label=_("Assessment"),
            required=False,
            choices=[("", _("A new one, of this file") if row.team else "—"), *_assessments(row)],
        ),
    }
    if row.team:
        fields |= {
            "title": forms.CharField(label=_("Title of a new one"), required=False, max_length=120),
            "fixed_day": DayField(label=_("Given on"), required=False),
            "key": forms.CharField(
                label=_("Its key, if the file has none"),
                required=False,
                max_length=LONGEST_KEY,
                widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
                help_text=_(
                    "Type C A B D, or paste rows with number, key, points and standard. Items with points need no key."
                ),
            ),
        }
    fields["empty"] = forms.ChoiceField(
        label=_("What does an empty cell mean?"),
        required=False,
        choices=[
            ("", _("Not entered: it changes nothing")),
            (BLANK_TEXT, _("Left blank: it counts as wrong")),
        ],
    )
    return fields


def person_fields(row: Import) -> dict[str, forms.Field]:
    """A field for each name of the last check that is not surely a student: who it is."""
    unsettled = row.counts.get("unsettled", [])
    people = [(str(one.student.uuid), str(one.student)) for one in _takers(row)] if unsettled else []
    fields: dict[str, forms.Field] = {}
    for typed, chosen in unsettled:
        fields[_field_of(typed)] = forms.ChoiceField(
            label=_("Who is “%(typed)s”?") % {"typed": typed},
            required=False,
            choices=[(LEFT_OUT, _("Leave the row out")), *people],
            initial=chosen,
        )
    return fields


def answer_options(row: Import, data: dict[str, Any]) -> dict[str, Any]:
    """The options of a valid form as `Import.mapping` has them."""
    options = {name: data[name] for name in ("assessment", "title", "key", "empty") if data.get(name)}
    people = dict(row.mapping.get("options", {}).get("people", {}))
    for typed, _chosen in row.counts.get("unsettled", []):
        if chosen := data.get(_field_of(typed)):
            people[typed] = chosen
    return options | ({"people": people} if people else {})


def answer_start(row: Import) -> dict[str, Any]:
    """What the form starts with besides the stored options: the guessed columns, and a title from the file's name."""
    guessed = row.guesses.get(Import.Kind.ANSWERS, {}).get("items", [])
    stored = row.mapping.get("options", {})
    start: dict[str, Any] = {"items": row.mapping.get("items") or guessed}
    if row.team and not row.checked_at:
        start["title"] = row.name.rsplit(".", maxsplit=1)[0].replace("_", " ")[:120]
    if row.team and not stored.get("fixed_day"):
        start["fixed_day"] = row.school.today()
    return start


def _field_of(typed: str) -> str:
    return f"person_{hashlib.sha256(typed.encode()).hexdigest()[:12]}"


def _assessments(row: Import) -> list[tuple[str, str]]:
    """The assessments of the team, or of the school, latest first."""
    rows = Assessment.objects.filter(team__school=row.school, deleted_at=None).select_related("team")
    if row.team:
        rows = rows.filter(team=row.team)
    names = []
    for one in rows.order_by("-given_on", "-pk")[:MOST_ASSESSMENTS]:
        words = [
            one.title,
            formats.short_day(one.given_on, with_year=True),
            *(() if row.team else (str(one.team),)),
        ]
        names.append((str(one.uuid), " · ".join(words)))
    return names


def _takers(row: Import) -> list[Taker]:
    """The students whom a row of the file can mean, as it was checked."""
    options = row.mapping.get("options", {})
    uuid = uuid_or_none(options.get("assessment"))
    rows = (
        Assessment.objects.filter(team__school=row.school, uuid=uuid) if uuid else Assessment.objects.none()
    )
    if found := rows.select_related("team__school").first():
        return takers_of(found, reader=row.uploaded_by if row.team else None)
    if row.team:
        day = options.get("fixed_day")
        return takers_in_team(row.team, dt.date.fromisoformat(day) if day else row.school.today())
    return []
