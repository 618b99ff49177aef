"""Open and close a class's results."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from datareview.assessments.models import ClassShare
from datareview.assessments.permissions import classes_of, classes_open_to
from datareview.looks.frames import NO_CLASS, SumReader, exposed_classes, exposed_students
from datareview.looks.queries import past_of
from datareview.looks.services import release_held
from datareview.records.models import Assessment, SectionTeacher
from datareview.results.permissions import own_teaching
from datareview.results.queries.classes import classes_by_lead
from teams.audit.services import record_event
from teams.directory.models import Staff, User
from teams.documents.services import delete_documents_about
from teams.lib import clock
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from datareview.records.models import Section


@transaction.atomic
def open_class(assessment: Assessment, section: Section, *, actor: User, words: str) -> ClassShare:
    """Open the results of a class that ``actor`` teaches to all who see the assessment, with how it was taught.

    If somebody could then work out another class, from the team's numbers that they have seen, the class waits: it
    opens together with the next one with which that is no longer so. Opening an open class changes its words.
    """
    link = own_teaching(actor, assessment).filter(section=section).first()
    if link is None:
        raise PermissionDenied
    Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)  # one opens after another
    share, _made = ClassShare.objects.get_or_create(
        assessment=assessment,
        section=section,
        defaults={"teacher": link.staff, "closed_at": clock.now(), "is_waiting": True},
    )
    share.words, share.teacher = words, link.staff
    if share.closed_at is not None:
        _open_or_wait(assessment, share)
    share.save()
    release_held(assessment)
    record_event(actor, "edited", assessment, school=assessment.team.school)
    event = "class results wait to be opened" if share.is_waiting else "class results opened"
    log_security_event(event, assessment=str(assessment.uuid), section=str(section.uuid))
    return share


def _open_or_wait(assessment: Assessment, share: ClassShare) -> None:
    """Open ``share``, with others that wait where that is needed and safe; else let it wait."""
    waiting = list(assessment.class_shares.filter(is_waiting=True).exclude(pk=share.pk))
    for group in ([share], [share, *waiting]):
        if not _would_expose(assessment, {one.section_id for one in group}):
            for one in group:
                one.closed_at, one.is_waiting, one.opened_at = None, False, clock.now()
                one.save()
            return
    share.closed_at, share.is_waiting = clock.now(), True


def _would_expose(assessment: Assessment, opening: set[int]) -> bool:
    """Whether a reader could work out a closed class from what they have seen, once the classes ``opening`` are open."""
    sat = assessment.sittings.filter(is_absent=False)
    class_of = {student: one or NO_CLASS for student, one in sat.values_list("student_id", "section_id")}
    shares = assessment.class_shares.filter(is_waiting=False)
    shared = dict(shares.values_list("section_id", "closed_at"))
    open_now = {section for section, closed_at in shared.items() if closed_at is None}
    classes = classes_of(assessment).values("pk")
    teachers = Staff.objects.filter(section_links__section__in=classes).values("user")
    links = SectionTeacher.objects.filter(section__in=set(class_of.values()), is_lead=True)
    owners = classes_by_lead(links.values_list("staff_id", "section_id"))
    readers = User.objects.filter(Q(pk__in=assessment.result_views.values("reader")) | Q(pk__in=teachers))
    for reader in readers:
        past = past_of(reader, assessment)
        own = set(classes_open_to(reader, assessment).values_list("pk", flat=True)) | open_now
        before = SumReader(frozenset(own), past.classes | shared.keys(), past.sums)
        after = replace(before, open=before.open | opening)
        # The sum of a teacher's classes may be known since before one of them was theirs: that is no reason to wait.
        new = exposed_classes(class_of, after, past.sums, owners) - exposed_classes(
            class_of, before, past.sums, owners
        )
        if new or exposed_classes(class_of, after, past.sums, ()):
            return True
        late = exposed_students(class_of, after, past.sums, ()) - exposed_students(
            class_of, before, past.sums, ()
        )
        if late:
            return True
    return False


@transaction.atomic
def close_class(assessment: Assessment, section: Section, *, actor: User) -> None:
    """Close the results of a class that ``actor`` teaches again, or withdraw the wish to open them."""
    if not own_teaching(actor, assessment).filter(section=section).exists():
        raise PermissionDenied
    share = assessment.class_shares.select_for_update(no_key=True).filter(section=section).first()
    if share is None or (share.closed_at is not None and not share.is_waiting):
        return
    if share.is_waiting:
        share.delete()
    else:
        share.closed_at = clock.now()
        share.save()
    delete_documents_about(assessment.uuid)  # files may show the class; they are made again as each sees it
    record_event(actor, "edited", assessment, school=assessment.team.school)
    log_security_event("class results closed", assessment=str(assessment.uuid), section=str(section.uuid))
