"""Results of an assessment on the agenda, in the room, and in the minutes."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.agendas.models import AgendaItem, Topic, Visibility
from collab.agendas.services.items import add_item, edit_item, remove_item
from collab.findings.models import ShownResults
from collab.findings.queries.results import results_on
from collab.minutes.queries.minutes import minutes_of
from collab.minutes.queries.staff_minutes import staff_minutes_of
from collab.preparation.queries.queue import queue_of
from collab.preparation.queries.sources import sources
from collab.preparation.services.queue import take_entry
from collab.room.queries.room import room_of
from collab.room.services import lifecycle
from collab.room.services.clock import go_to_item
from datareview.looks.models import ResultsView
from datareview.records.models import Assessment
from datareview.results.services import close_class, open_class
from teams.documents.models import Document
from teams.lib.errors import DomainError
from teams.lib.request_cache import request_cache
from tests.factories.assessments import answer, make_assessment
from tests.factories.meetings import current

pytestmark = pytest.mark.django_db


def page(as_user, user, address):
    return as_user(user).get(address).content.decode()


def closed(live, cast):
    lifecycle.close_meeting(live, actor=cast.ana)
    live.refresh_from_db()
    return live


def test_an_item_from_the_queue_and_one_added_by_hand_are_about_the_assessment(cast, place):
    item = place.item
    assert (item.topic.assessment, item.topic.kind, item.capture) == (place.check, "data", "cause")
    other = make_assessment(cast.team, title="Unit 2 check")
    with pytest.raises(DomainError, match="already: “Results: Unit 3 check”"):
        add_item(cast.meeting, actor=cast.tom, assessment=place.check, title="Again", minutes=5)
    with pytest.raises(PermissionDenied):
        foreign = make_assessment(cast.other_team)
        add_item(cast.meeting, actor=cast.ana, assessment=foreign, title="Theirs", minutes=5)
    edit_item(item, actor=cast.tom, version=item.version, assessment=other, title="Unit 2")
    item.topic.refresh_from_db()
    assert item.topic.assessment == other
    edit_item(item, actor=cast.tom, version=item.version + 1, assessment=None, title="Unit 2")
    item.topic.refresh_from_db()
    assert (item.topic.assessment, item.topic.kind) == (None, "other")
    assert "result" in {source.kind for source in sources()}


def test_the_form_offers_the_teams_assessments_to_members_only(cast, place, as_user):
    add = reverse("collab:item-add", args=[cast.meeting.uuid])
    make_assessment(cast.other_team, title="Foreign check")
    choice = make_assessment(cast.team, title="Unit 4 check")
    html = page(as_user, cast.ana, cast.meeting.get_absolute_url())
    assert "Unit 4 check" in html
    assert "Foreign check" not in html
    values = {"title": "Unit 4", "minutes": 5, "kind": "discuss", "capture": "notes", "visibility": "team"}
    as_user(cast.ana).post(add, values | {"assessment": choice.uuid})
    assert Topic.objects.get(title="Unit 4").assessment == choice


def test_the_agenda_opens_the_results_and_leads_to_entering(cast, place, as_user):
    html = page(as_user, cast.tom, cast.meeting.get_absolute_url())
    address = reverse("collab:item-results", args=[place.item.uuid])
    assert f'hx-get="{address}"' in html
    html = page(as_user, cast.tom, address)
    assert "12 of 24 are not there yet: Add and subtract fractions" in html
    assert reverse("datareview:answer-enter", args=[place.check.uuid]) in html
    assert "Only you see this: 4D" in html
    assert "Only you see this: 4C" not in html
    looks = ResultsView.objects.filter(reader=cast.tom).values_list("section__name", flat=True)
    assert list(looks) == ["4D"]


def test_an_item_about_no_assessment_has_no_results(cast, place, as_user):
    item = add_item(cast.meeting, actor=cast.ana, title="Norms", minutes=5)
    assert as_user(cast.ana).get(reverse("collab:item-results", args=[item.uuid])).status_code == 404
    place.check.deleted_at = place.check.created_at
    place.check.save()
    place.item.refresh_from_db()
    assert results_on(cast.ana, AgendaItem.objects.get(pk=place.item.pk), cast.meeting) is None


def test_the_room_shows_the_results_and_that_everyone_saw_them_is_recorded(cast, place, live, as_user):
    open_class(place.check, place.sections[0], actor=cast.ana, words="With fraction strips first")
    html = page(as_user, cast.tom, live.get_absolute_url())
    assert "12 of 24 are not there yet: Add and subtract fractions" in html
    assert "4C, Ana Ruiz: 3 of 6" in html
    assert "With fraction strips first" in html
    assert ResultsView.objects.filter(reader=None).get().counted == sorted(one.pk for one in place.sections)
    region = as_user(cast.tom).get(live.get_absolute_url(), {"region": "item"}).content.decode()
    assert "12 of 24 are not there yet" in region
    assert "Kid" not in region
    assert ResultsView.objects.filter(reader=None).count() == 1


def test_on_the_projector_nobodys_own_class_is_shown(cast, place, live, as_user):
    assert "Only you see this" in page(as_user, cast.tom, live.get_absolute_url())
    as_user(cast.tom).post(reverse("datareview:projector-switch"))
    html = page(as_user, cast.tom, live.get_absolute_url())
    assert "12 of 24 are not there yet" in html
    assert "Only you see this" not in html


def test_a_guest_sees_the_teams_numbers_but_no_class(cast, place, live, as_user):
    live.guests.create(staff=cast.staff.gil, invited_by=cast.ana)
    open_class(place.check, place.sections[0], actor=cast.ana, words="With fraction strips first")
    html = page(as_user, cast.gil, live.get_absolute_url())
    assert "12 of 24 are not there yet" in html
    assert "fraction strips" not in html
    assert "Ana Ruiz: 3 of 6" not in html
    assert place.check.get_absolute_url() not in html


def test_the_minutes_keep_what_was_shown(cast, place, live, as_user):
    open_class(place.check, place.sections[0], actor=cast.ana, words="With fraction strips first")
    closed(live, cast)
    place.check.sittings.all().delete()
    html = page(as_user, cast.tom, live.get_absolute_url())
    assert "12 of 24 are not there yet: Add and subtract fractions" in html
    assert "4C, Ana Ruiz: 3 of 6" in html
    assert "With fraction strips first" in html
    (part,) = minutes_of(cast.pia, room_of(cast.pia, live)).parts
    assert part.results.summary.title.startswith("Secure: Compare fractions")
    close_class(place.check, place.sections[0], actor=cast.ana)
    html = page(as_user, cast.tom, live.get_absolute_url())
    assert "12 of 24 are not there yet" in html
    assert "fraction strips" not in html


def test_a_deleted_assessment_keeps_its_results_in_the_minutes(cast, place, live):
    closed(live, cast)
    Assessment.objects.filter(pk=place.check.pk).update(deleted_at=live.closed_at)
    (part,) = minutes_of(cast.ana, room_of(cast.ana, live)).parts
    assert part.results.summary.entered == 24
    assert (part.results.may_open, part.results.summary.opened) == (False, ())


def test_an_assessment_deleted_during_the_meeting_does_not_stop_closing(cast, place, live, as_user):
    Assessment.objects.filter(pk=place.check.pk).update(deleted_at=live.started_at)
    closed(live, cast)
    assert ShownResults.objects.get().frozen is None
    html = page(as_user, cast.ana, live.get_absolute_url())
    assert "The assessment no longer existed when the meeting closed." in html


def test_a_reopened_meeting_shows_the_results_of_today(cast, place, live):
    closed(live, cast)
    lifecycle.reopen_meeting(live, actor=cast.ana)
    assert ShownResults.objects.get().frozen_at is None
    place.check.sittings.filter(section=place.sections[2]).delete()
    live.refresh_from_db()
    closed(live, cast)
    assert ShownResults.objects.get().frozen["in"] == ["4C", "4D", "4F"]


def test_the_version_for_all_staff_has_the_standards_and_no_class(cast, place, live, as_user):
    AgendaItem.objects.filter(pk=place.item.pk).update(visibility=Visibility.STAFF)
    open_class(place.check, place.sections[0], actor=cast.ana, words="With fraction strips first")
    closed(live, cast)
    live.approved_at = live.closed_at + dt.timedelta(minutes=5)
    live.save()
    (part,) = staff_minutes_of(live)
    assert [(one.standard.code, one.mastering) for one in part.results.standards] == [
        ("4.NF.A.2", 24),
        ("4.NF.B.3", 12),
    ]
    html = page(as_user, cast.gil, reverse("collab:minutes-staff", args=[live.uuid]))
    assert "Add and subtract fractions:" in html
    for word in ("In: 4C", "Opened classes", "strips", "Ana Ruiz:", "Kid0"):
        assert word not in html


def test_results_that_were_not_reached_are_not_frozen(cast, place, live):
    second = add_item(
        live, actor=cast.ana, title="Later", minutes=5, assessment=make_assessment(cast.team, title="Unit 4")
    )
    assert current(live) == place.item
    closed(live, cast)
    assert list(ShownResults.objects.values_list("item", flat=True)) == [place.item.pk]
    assert AgendaItem.objects.filter(topic=second.topic, meeting=None).exists()


@pytest.mark.sweep
def test_queries_of_the_minutes_do_not_grow_with_results(cast, place, live, django_assert_max_num_queries):
    for number in range(4):
        check = make_assessment(cast.team, title=f"Check {number}")
        item = add_item(live, actor=cast.ana, assessment=check, title=f"Check {number}", minutes=2)
        go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid), expected="", anyway=True)
    closed(live, cast)
    assert ShownResults.objects.exclude(frozen=None).count() == 5
    with request_cache(), django_assert_max_num_queries(25):
        minutes_of(cast.pia, room_of(cast.pia, live))


def test_the_agenda_says_how_far_the_results_are_now(cast, place, as_user):
    assert "24 students are in, not looked at yet." in page(
        as_user, cast.ana, cast.meeting.get_absolute_url()
    )
    page(as_user, cast.tom, reverse("collab:item-results", args=[place.item.uuid]))
    html = page(as_user, cast.ana, cast.meeting.get_absolute_url())
    assert "24 students are in." in html
    assert "not looked at yet" not in html


def test_a_placed_entry_keeps_the_day_and_not_how_far_the_results_were(cast, place):
    other = make_assessment(cast.team, title="Unit 4 check")
    answer(other, cast.maya, "CABD")
    entry = next(one for one in queue_of(cast.team, cast.school.today()).entries if one.subject == other)
    assert entry.why.endswith("1 student is in, not looked at yet.")
    item = take_entry(cast.meeting, actor=cast.ana, key=entry.key)
    assert "in, not" not in item.prompt
    assert item.topic.why == item.prompt
    remove_item(item, actor=cast.ana)
    (waiting,) = [one for one in queue_of(cast.team, cast.school.today()).entries if one.subject == item]
    assert waiting.why == entry.why


def test_the_pdf_files_have_the_results_and_that_for_all_staff_has_no_class(cast, place, live, as_user):
    AgendaItem.objects.filter(pk=place.item.pk).update(visibility=Visibility.STAFF)
    open_class(place.check, place.sections[0], actor=cast.ana, words="With fraction strips first")
    closed(live, cast)
    as_user(cast.tom).get(reverse("collab:minutes-download", args=[live.uuid]), {"whole": "yes"})
    own = Document.objects.get().html
    assert ("12 of 24" in own, "With fraction strips first" in own, "4C, Ana Ruiz: 3 of 6" in own) == (
        True,
    ) * 3
    as_user(cast.tom).get(reverse("collab:minutes-staff", args=[live.uuid]), {"format": "pdf"})
    staff = Document.objects.exclude(html=own).get().html
    assert ("12 of 24" in staff, "strips" in staff, "4C" in staff) == (True, False, False)
