"""Write the items of an assessment; a key changed after answers are in marks all answers again."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, F, FloatField, Max, Value, When
from django.utils.translation import gettext as _

from datareview.items.services.standards import standards_for
from datareview.records.models import AssessmentItem, HeldAnswer, ItemResponse, KeyChange
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.records.models import Assessment, Standard
    from teams.directory.models import User

MOST_ITEMS = 200
MOST_POINTS = 1000
MOST_LEVEL = 10  # of a rubric
MOST_OPTIONS = 8
KEY = re.compile(r"[A-Z0-9]{1,8}")
WRITTEN = ("number", "kind", "standard", "max_points", "key", "prompt", "options", "is_dropped")


@dataclass(frozen=True, slots=True)
class ItemValues:
    """An item as it is typed: ``code`` is that of its standard, and ``pk`` that of the stored item (None: a new one)."""

    number: int
    kind: str = AssessmentItem.Kind.CHOICE
    key: str = ""
    max_points: float = 1.0
    code: str = ""
    prompt: str = ""
    options: tuple[str, ...] = ()
    is_dropped: bool = False
    pk: int | None = None

    @classmethod
    def of(cls, item: AssessmentItem) -> ItemValues:
        """The stored values of ``item``."""
        return cls(
            item.number,
            item.kind,
            item.key,
            item.max_points,
            item.standard.code if item.standard else "",
            item.prompt,
            tuple(item.options),
            item.is_dropped,
            item.pk,
        )

    def __str__(self) -> str:
        """The item in words, to compare two versions."""
        dropped = _("dropped") if self.is_dropped else ""
        words = (self.key, formats.number(self.max_points), self.code, self.prompt, *self.options, dropped)
        return f"{self.number}: {' · '.join(word for word in words if word)}"


def stored_items(assessment: Assessment) -> list[ItemValues]:
    """The items of an assessment as they are stored, in order."""
    rows = assessment.items.select_related("standard").order_by("number")
    return [ItemValues.of(row) for row in rows]


def write_items(
    assessment: Assessment, items: Sequence[ItemValues], *, actor: User, add_standards: bool
) -> int:
    """Replace the items of a locked assessment by ``items``, in few queries. Returns how many answers have other points.

    Items are matched by ``pk``. Raises DomainError if one with answers is left out or becomes of another kind, or if
    answers have more points than an item would have. A new key or new points mark all answers of a choice again, and
    the former ones are kept (`KeyChange`). ``add_standards`` adds unknown codes to the school's standards.
    """
    stored = {row.pk: row for row in assessment.items.select_related("standard")}
    items = [_cleaned(values) for values in items]
    _check(items, stored)
    answered = set(
        ItemResponse.objects.filter(item__assessment=assessment).values_list("item_id", flat=True).distinct()
    )
    gone = stored.keys() - {values.pk for values in items}
    for pk in gone & answered:
        raise DomainError(
            _("Item %(n)s has answers. Drop it instead: its answers stay and count nowhere.")
            % {"n": stored[pk].number}
        )
    standards = standards_for(
        assessment.team.school, [values.code for values in items], actor=actor, add=add_standards
    )
    former = [
        KeyChange(item=row, former_key=row.key, former_max_points=row.max_points, changed_by=actor)
        for values in items
        if (row := stored.get(values.pk or 0))
        and row.pk in answered
        and (row.key, row.max_points) != (values.key, values.max_points)
    ]
    _check_answered(items, stored, answered)
    AssessmentItem.objects.filter(pk__in=gone).delete()
    kept = [_filled(stored[values.pk], values, standards) for values in items if values.pk is not None]
    new = [_filled(AssessmentItem(assessment=assessment), v, standards) for v in items if v.pk is None]
    if kept:
        # Numbers are unique in an assessment, also while two of them are exchanged.
        assessment.items.update(number=F("number") + MOST_ITEMS)
        AssessmentItem.objects.bulk_update(kept, WRITTEN)
    AssessmentItem.objects.bulk_create(new)
    KeyChange.objects.bulk_create(former)
    return _mark_again([change.item for change in former if change.item.kind == AssessmentItem.Kind.CHOICE])


def _mark_again(items: Sequence[AssessmentItem]) -> int:
    """Compute the points of all answers to ``items``, which are choices, from their keys. Returns how many changed."""
    right = [When(item=item.pk, choice=item.key, then=Value(item.max_points)) for item in items]
    if not right:
        return 0
    points = Case(*right, default=Value(0.0), output_field=FloatField())
    HeldAnswer.objects.filter(item__in=items).update(points=points)
    changed = ItemResponse.objects.filter(item__in=items).exclude(points=points)
    return changed.update(points=points)


def _cleaned(values: ItemValues) -> ItemValues:
    """``values`` with a key in capitals, for a choice only; texts without spaces around them."""
    key = values.key.strip().upper() if values.kind == AssessmentItem.Kind.CHOICE else ""
    return ItemValues(
        values.number,
        values.kind,
        key,
        float(values.max_points),
        " ".join(values.code.split()),
        values.prompt.strip(),
        tuple(text.strip() for text in values.options) if values.kind == AssessmentItem.Kind.CHOICE else (),
        values.is_dropped,
        values.pk,
    )


def _check(items: Sequence[ItemValues], stored: dict[int, AssessmentItem]) -> None:
    """Raise DomainError for items that cannot be like this."""
    if not items:
        raise DomainError(_("Add at least one item."))
    if len(items) > MOST_ITEMS:
        raise DomainError(_("Keep it to %(most)s items or fewer.") % {"most": MOST_ITEMS})
    if not {values.pk for values in items} <= {*stored, None}:
        raise DomainError(_("Someone deleted one of these items. Open the page again."))
    numbers = Counter(values.number for values in items)
    if twice := next((number for number, times in numbers.items() if times > 1), None):
        raise DomainError(_("Two items have the number %(n)s.") % {"n": twice})
    for values in items:
        if problem := _problem_of(values):
            raise DomainError(_("Item %(n)s: %(problem)s") % {"n": values.number, "problem": problem})


def _problem_of(values: ItemValues) -> str:
    is_choice, points = values.kind == AssessmentItem.Kind.CHOICE, values.max_points
    letters = [chr(ord("A") + place) for place in range(len(values.options))]
    problems = [
        (not 1 <= values.number <= MOST_ITEMS, _("numbers go from 1 to %(most)s.") % {"most": MOST_ITEMS}),
        (values.kind not in AssessmentItem.Kind, _("choose how it is answered.")),
        (is_choice and not values.key, _("type the key, or choose points.")),
        (
            is_choice and not KEY.fullmatch(values.key),
            _("a key is written in characters such as B or 2, eight at most."),
        ),
        (
            not math.isfinite(points) or not 0 < points <= MOST_POINTS,
            _("points go from more than 0 to %(most)s.") % {"most": MOST_POINTS},
        ),
        (
            values.kind == AssessmentItem.Kind.RUBRIC and (points != int(points) or points > MOST_LEVEL),
            _("the highest level of a rubric is a whole number up to %(most)s.") % {"most": MOST_LEVEL},
        ),
        (
            values.kind == AssessmentItem.Kind.TOTAL and (points != int(points) or points < 2),
            _("the points of several items together are a whole number, 2 or more."),
        ),
        (
            len(values.options) > MOST_OPTIONS,
            _("keep it to %(most)s choices or fewer.") % {"most": MOST_OPTIONS},
        ),
        (
            bool(letters) and values.key not in letters,
            _("the key %(key)s is not among its choices.") % {"key": values.key},
        ),
    ]
    return next((sentence for is_wrong, sentence in problems if is_wrong), "")


def _check_answered(
    items: Sequence[ItemValues], stored: dict[int, AssessmentItem], answered: set[int]
) -> None:
    """Raise DomainError if answers that are in do not fit what an item becomes."""
    most = dict(
        ItemResponse.objects.filter(item__in=answered).values_list("item_id").annotate(most=Max("points"))
    )
    for values in items:
        if values.pk is None or values.pk not in answered:
            continue
        if values.kind != stored[values.pk].kind:
            raise DomainError(
                _("Item %(n)s has answers, so it stays what it is. Add another item instead.")
                % {"n": values.number}
            )
        if values.kind != AssessmentItem.Kind.CHOICE and most[values.pk] > values.max_points:
            raise DomainError(
                _("Item %(n)s: someone has %(points)s points, more than it would have.")
                % {"n": values.number, "points": formats.number(most[values.pk])}
            )


def _filled(item: AssessmentItem, values: ItemValues, standards: dict[str, Standard]) -> AssessmentItem:
    item.number, item.kind, item.key, item.max_points = (
        values.number,
        values.kind,
        values.key,
        values.max_points,
    )
    item.prompt, item.options, item.is_dropped = values.prompt, list(values.options), values.is_dropped
    # Two frameworks can share a code: an item keeps the standard whose code is still typed.
    if item.standard is None or item.standard.code.casefold() != values.code.casefold():
        item.standard = standards.get(values.code.casefold())
    return item
