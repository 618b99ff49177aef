"""Merge two records of one student, and undo it within a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.doubles.queries import (
    colliding_rows,
    conflicting_rows,
    merge_preview,
    pairs_between,
    related_rows,
    student_relations,
)
from datareview.doubles.services.merge_record import MergeRecord, load_rows, replace_uuid
from datareview.flags.models import Candidate, Change, Flag
from datareview.records.models import (
    CourseGrade,
    DifferentStudents,
    Enrollment,
    Guardian,
    Stay,
    Student,
    StudentMerge,
)
from datareview.runs.services.runs import start_trend_run
from datareview.trends.models import Trend
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import ForeignObjectRel

    from teams.directory.models import User

KEPT, GONE = "kept", "gone"
COMPUTED = (Trend, Change)  # computed again by the run that follows
FILLED = ("first_name", "last_name", "preferred_name", "home_language", "grade", "strengths", "case_lead_id")
FURTHER: list[str] = [
    Candidate.State.NEW,
    Candidate.State.DISPUTED,
    Candidate.State.WATCH,
    Candidate.State.SUPPORTED,
    Candidate.State.ON_AGENDA,
    Candidate.State.SEAT,
    Candidate.State.PLAN,
]


@transaction.atomic
def merge_students(kept: Student, gone: Student, *, actor: User, chosen: Mapping[str, str]) -> StudentMerge:
    """Move everything of ``gone`` to ``kept``, whose number and names stay, and delete the record ``gone``.

    The student is enrolled if either record is. ``chosen`` maps the key of each conflict to "kept" or "gone". The logs of
    changes and disclosures keep the ids of both.
    """
    rows = Student.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    found = {one.pk: one for one in rows.filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    if len(found) < 2:
        raise DomainError(_("Choose two records."))
    kept, gone = found[kept.pk], found[gone.pk]
    require_ability(actor, "edit_students", kept.school)
    if kept.school_id != gone.school_id:
        raise DomainError(_("The two records must be of one school."))
    preview = merge_preview(kept, gone)
    if preview.refusal:
        raise DomainError(preview.refusal)
    if any(chosen.get(conflict.key) not in (KEPT, GONE) for conflict in preview.conflicts):
        raise DomainError(_("Choose what stays wherever the two records differ."))
    record = MergeRecord(gone)
    _settle_collisions(record, kept, gone, chosen)
    for relation in student_relations():
        if relation.related_model in COMPUTED:
            related_rows(relation, gone).delete()
        elif _remove_doubles(record, relation, kept, gone):
            record.move(related_rows(relation, gone), relation.field.name, kept.pk, before=gone.pk)
    _settle_stays(record, kept, gone)
    _settle_different(record, kept, gone)
    taken = [name for name in FILLED if getattr(kept, name) in ("", None)]
    if chosen.get("grade") == GONE:
        taken.append("grade")
    record.change(
        kept, **{name: getattr(gone, name) for name in taken if getattr(gone, name) not in ("", None)}
    )
    gone_id, gone_uuid = gone.pk, gone.uuid
    replaced = replace_uuid(gone_uuid, kept.uuid)
    gone.delete()
    merge = StudentMerge.objects.create(
        kept=kept,
        gone_uuid=gone_uuid,
        gone_id=gone_id,
        record={**record.stored(), "replaced": replaced},
        merged_by=actor,
    )
    record_event(actor, "merged-students", kept, school=kept.school, gone=str(gone_uuid))
    log_security_event("students merged", student=str(kept.uuid), gone=str(gone_uuid))
    start_trend_run(kept.school, actor=actor, trigger="import", student_ids=[kept.pk])
    return merge


@transaction.atomic
def undo_merge(merge: StudentMerge, *, actor: User) -> Student:
    """Restore both records as they were. What was added since stays with the record that was kept.

    Of several merges the latest is undone first; merging a record moves its own merges too, so all are of one record.
    """
    locked = StudentMerge.objects.select_for_update(of=("self",), no_key=True).select_related("kept__school")
    merge = locked.get(pk=merge.pk)
    kept, record = merge.kept, merge.record
    require_ability(actor, "edit_students", kept.school)
    if not merge.is_undoable:
        raise DomainError(_("A merge can be undone for a day, and once."))
    if kept.merges.filter(undone_at=None, pk__gt=merge.pk).exists():
        raise DomainError(_("Another record was merged into this student later. Undo that merge first."))
    number = record["student"][0]["fields"]["local_id"]
    if Student.objects.filter(school=kept.school, local_id=number).exists():
        raise DomainError(_("Another student has the number %(number)s now.") % {"number": number})
    load_rows(record["student"])
    for label, pk in record["added"]:
        apps.get_model(label)._default_manager.filter(pk=pk).delete()  # noqa: SLF001
    for label, field, before, after, ids in reversed(record["moved"]):
        rows = apps.get_model(label)._default_manager.filter(pk__in=ids, **{field: after})  # noqa: SLF001
        rows.update(**{field: before})
    load_rows(record["removed"])
    for label, pk, name, value in reversed(record["changed"]):
        apps.get_model(label)._default_manager.filter(pk=pk).update(**{name: value})  # noqa: SLF001
    for flag, candidates in record["flags"]:
        Flag.objects.get(pk=flag).candidates.set(Candidate.objects.filter(pk__in=candidates))
    replace_uuid(kept.uuid, merge.gone_uuid, only=record["replaced"])
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    gone = Student.objects.get(pk=merge.gone_id)
    record_event(actor, "undid-merge", kept, school=kept.school, gone=str(gone.uuid))
    log_security_event("merge of students undone", student=str(kept.uuid), gone=str(gone.uuid))
    start_trend_run(kept.school, actor=actor, trigger="import", student_ids=[kept.pk, gone.pk])
    return gone


def _settle_collisions(record: MergeRecord, kept: Student, gone: Student, chosen: Mapping[str, str]) -> None:
    """Remove or change one of each two rows that can't both belong to one student."""
    differing = {(model, second.pk) for model, _what, _first, second in conflicting_rows(kept, gone)}
    for model, _what, first, second in list(colliding_rows(kept, gone)):
        wins = chosen[f"{model.__name__.lower()}-{second.pk}"] if (model, second.pk) in differing else KEPT
        record.remove(second if wins == KEPT else first)
    places = {(one.section_id, one.starts_on): one for one in kept.enrollments.all()}
    for place in gone.enrollments.all():
        if same := places.get((place.section_id, place.starts_on)):
            record.move(CourseGrade.objects.filter(enrollment=place), "enrollment", same.pk)
            if same.ends_on and (place.ends_on is None or place.ends_on > same.ends_on):
                record.change(same, ends_on=place.ends_on)
            record.remove(Enrollment.objects.get(pk=place.pk))
    unresolved = kept.flags.exclude(state=Flag.State.RESOLVED).values("rule_id")
    for flag in gone.flags.exclude(state=Flag.State.RESOLVED).filter(rule__in=unresolved):
        record.flags.append([flag.pk, list(flag.candidates.values_list("pk", flat=True))])
        record.remove(flag)
    _settle_candidates(record, kept, gone)
    _settle_guardians(record, kept, gone)


def _settle_candidates(record: MergeRecord, kept: Student, gone: Student) -> None:
    """Of two live candidates in one domain keep the one that is further on; the other needs no action."""
    mine = {one.domain: one for one in kept.candidates.filter(state__in=FURTHER)}
    for candidate in gone.candidates.filter(state__in=FURTHER):
        if other := mine.get(candidate.domain):
            settled = min(candidate, other, key=lambda one: FURTHER.index(one.state))
            note = _("Merged with the other record of this student.")
            record.change(settled, state=Candidate.State.NO_ACTION, decision_note=note)


def _settle_guardians(record: MergeRecord, kept: Student, gone: Student) -> None:
    """Of two guardians of one name keep one if nothing is lost by it. What limits either, limits what stays."""
    mine = {_plain(one.name): one for one in kept.guardians.all()}
    for guardian in gone.guardians.all():
        if other := mine.get(_plain(guardian.name)):
            limits = _shared_limits(other, guardian)
            record.change(other, **limits)
            record.change(guardian, **limits)
            details = _shared_details(other, guardian)
            if details is not None:
                record.change(other, **details)
                record.remove(guardian)


def _shared_limits(first: Guardian, second: Guardian) -> dict[str, Any]:
    """Whether both guardians may be contacted, and the custody notes of both unless that is too long for the field."""
    notes = "; ".join(dict.fromkeys(note for one in (first, second) if (note := one.custody_note.strip())))
    most = Guardian._meta.get_field("custody_note").max_length or 0  # noqa: SLF001 (documented Meta API)
    limits: dict[str, Any] = {"may_contact": first.may_contact and second.may_contact}
    return limits if len(notes) > most else {**limits, "custody_note": notes}


def _shared_details(first: Guardian, second: Guardian) -> dict[str, str] | None:
    """The details of two guardians in one, each filled from either; None if any differ."""
    found = {}
    for name in ("relation", "phone", "email", "language", "custody_note"):
        texts = [text for one in (first, second) if (text := getattr(one, name))]
        if len({_plain(text) for text in texts}) > 1:
            return None
        found[name] = texts[0] if texts else ""
    return found


def _plain(text: str) -> str:
    """A text to compare: without the case of letters and with single spaces."""
    return " ".join(text.split()).casefold()


def _settle_different(record: MergeRecord, kept: Student, gone: Student) -> None:
    """Who was said to be another student than ``gone`` is another than ``kept``; the two themselves are one now."""
    for pair in DifferentStudents.objects.filter(Q(first=gone) | Q(second=gone)).select_related(
        "first", "second"
    ):
        side, other = ("first", pair.second) if pair.first_id == gone.pk else ("second", pair.first)
        if other.pk == kept.pk or pairs_between(kept, other).exists():
            record.remove(pair)
        else:
            record.change(pair, **{side: kept})


def _settle_stays(record: MergeRecord, kept: Student, gone: Student) -> None:
    """Keep the stay that goes on, or ended last, as the current one, and the other as an earlier `Stay`."""
    if _ended(kept) == _ended(gone):
        if kept.entered_on is None:
            record.change(kept, entered_on=gone.entered_on)
        return
    latest, earlier = sorted((kept, gone), key=_ended, reverse=True)
    entered_on = latest.entered_on
    if earlier.left_on:
        record.add(Stay(student=kept, entered_on=earlier.entered_on, left_on=earlier.left_on))
    else:
        entered_on = entered_on or earlier.entered_on
    left_on = None if latest.status == Student.Status.ACTIVE else latest.left_on
    record.change(kept, status=latest.status, entered_on=entered_on, left_on=left_on)


def _ended(student: Student) -> dt.date:
    """The day a student's current stay ended, to compare: without an end the last day there is, of a leaver the first."""
    if student.status == Student.Status.ACTIVE:
        return dt.date.max
    return student.left_on or dt.date.min


def _remove_doubles(record: MergeRecord, relation: ForeignObjectRel, kept: Student, gone: Student) -> bool:
    """Remove rows of ``gone`` that ``kept`` has too, such as both in one decision. Returns whether others may be left."""
    name = relation.field.name
    if relation.one_to_one:
        theirs = list(related_rows(relation, gone))
        if not theirs:
            return False
        if related_rows(relation, kept).exists():
            record.remove(theirs[0])
            return False
    for constraint in relation.related_model._meta.constraints:  # noqa: SLF001 (Django's API)
        if not isinstance(constraint, models.UniqueConstraint) or name not in constraint.fields:
            continue
        others = [field for field in constraint.fields if field != name]
        if constraint.condition is None and others:
            mine = list(related_rows(relation, gone))
            if not mine:
                return False
            there = set(related_rows(relation, kept).values_list(*others))
            for row in mine:
                if tuple(getattr(row, f"{one}_id", None) or getattr(row, one) for one in others) in there:
                    record.remove(row)
    return True
