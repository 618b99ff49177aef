"""A piece is uploaded, converted, covered by its uploader, shown, scored blind, kept and erased."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from collab.agendas.services.items import add_item, remove_item
from collab.findings.services.predictions import ask_to_predict_results
from collab.minutes.queries.minutes import minutes_of
from collab.planning.services.lapsing import expire_unstarted_meeting
from collab.planning.services.meetings import cancel_meeting
from collab.preparation.services.queue import take_entry
from collab.room.queries.room import room_of
from collab.room.services import lifecycle
from collab.student_work.models import StudentWork, WorkScore
from collab.student_work.permissions import work_visible_to
from collab.student_work.queries.work import work_on
from collab.student_work.services import pieces, scores
from datareview.privacy.services.erasure import erase_student
from teams.jobs.models import Job
from teams.jobs.services.jobs import Progress
from teams.lib.errors import DomainError, StaleEdit
from tests.factories.meetings import current
from tests.factories.work import make_scoring, make_work, pdf, picture, uploaded

pytestmark = pytest.mark.django_db

NAME = [[0.0, 0.0, 50.0, 20.0]]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def on_disk(files: Path) -> list[Path]:
    return sorted(path for path in files.rglob("*") if path.is_file())


@pytest.fixture
def item(cast):
    return cast.meeting.items.first()


def upload(item, user, content=None, *, title="A", student=None):
    file = uploaded(picture() if content is None else content)
    with pieces.stored_work(item, actor=user, file=file, title=title, student=student) as work:
        return pieces.convert_later(work, actor=user)


def run(work, job):
    job(work.job, Progress(work.job))
    work.refresh_from_db()
    return work


def cover(work, user, covers=None, *, lacks_names=False):
    work = pieces.cover_work(
        work, actor=user, covers={1: NAME} if covers is None else covers, lacks_names=lacks_names
    )
    return run(work, pieces.finish_work)


def test_only_the_uploader_sees_it_until_names_are_covered_and_then_nothing_else_is_left(
    cast, item, files, django_capture_on_commit_callbacks
):
    work = upload(item, cast.tom)
    assert (work.state, work_visible_to(cast.ana).count(), work_visible_to(cast.tom).count()) == (
        "converting",
        0,
        1,
    )
    run(work, pieces.convert_work)
    assert (work.state, work_visible_to(cast.ana).count()) == ("covering", 0)
    with pytest.raises(PermissionDenied):
        pieces.cover_work(work, actor=cast.ana, covers={}, lacks_names=True)
    with pytest.raises(DomainError, match="Cover the name, or say that no name can be seen"):
        pieces.cover_work(work, actor=cast.tom, covers={}, lacks_names=False)
    work = cover(work, cast.tom)
    assert (work.state, work.file.name, work_visible_to(cast.ana).get()) == ("shown", "", work)
    (only,) = on_disk(files)
    page = Image.open(only)
    assert max(page.getpixel((20, 10))) < 25
    assert min(page.getpixel((250, 150))) > 230
    assert pieces.finish_work(work.job, Progress(work.job)) == {}
    assert on_disk(files) == [only]
    assert cover(work, cast.tom).state == "shown"


def test_a_rectangle_off_its_page_or_on_another_is_refused(cast, item):
    work = run(upload(item, cast.tom), pieces.convert_work)
    for covers in (
        {2: NAME},
        {1: [[90, 0, 20, 10]]},
        {1: [[0, 0, 0, 10]]},
        {1: NAME * 5},
        {1: [[-1, 0, 5, 5]]},
    ):
        with pytest.raises(DomainError, match="not on its page"):
            pieces.cover_work(work, actor=cast.tom, covers=covers, lacks_names=False)


def test_a_file_that_cannot_be_read_says_why_and_an_attempt_that_runs_again_leaves_no_more(
    cast, item, files, django_capture_on_commit_callbacks
):
    work = run(upload(item, cast.ana, b"%PDF-1.7 nothing"), pieces.convert_work)
    assert (work.state, work.error) == ("failed", "The file is damaged or protected, so it can’t be read.")
    other = run(upload(item, cast.ana, pdf(2)), pieces.convert_work)
    StudentWork.objects.filter(pk=other.pk).update(state="converting")
    with django_capture_on_commit_callbacks(execute=True):
        run(other, pieces.convert_work)
    assert [page.number for page in other.pages.all()] == [1, 2]
    assert len(on_disk(files)) == 4  # two uploads and two pages


def test_wrong_kinds_large_files_and_too_many_are_refused_and_leave_no_file(cast, item, files, monkeypatch):
    with pytest.raises(DomainError, match="Upload a picture"):
        upload(item, cast.ana, b"GIF89a" + b"\0" * 40)
    monkeypatch.setattr(pieces, "MOST_BYTES", 200)
    with pytest.raises(DomainError, match="the limit is 0 MB"):
        upload(item, cast.ana)
    monkeypatch.setattr(pieces, "MOST_PIECES", 0)
    monkeypatch.setattr(pieces, "MOST_BYTES", 10**6)
    with pytest.raises(DomainError, match="up to 0 pieces"):
        upload(item, cast.ana)
    assert on_disk(files) == []


@pytest.mark.parametrize("who", ["gil", "pia", "zed"])
def test_only_who_takes_part_uploads(cast, item, who):
    with pytest.raises(PermissionDenied):
        upload(item, getattr(cast, who))
    with pytest.raises(PermissionDenied):
        upload(item, cast.ana, student=cast.leak)


def test_nothing_is_added_to_a_closed_meeting(cast, live):
    item = current(live)
    work = make_work(item, cast.ana)
    lifecycle.close_meeting(live, actor=cast.ana)
    item.refresh_from_db()
    with pytest.raises(DomainError, match="This meeting is closed"):
        upload(item, cast.ana)
    pieces.delete_work(work, actor=cast.ana)
    assert not StudentWork.objects.exists()


def test_deleting_removes_pages_and_scores(cast, item, files, django_capture_on_commit_callbacks):
    work = make_work(item, cast.tom)
    WorkScore.objects.create(work=work, scorer=cast.ana, level=2)
    with pytest.raises(PermissionDenied):
        pieces.delete_work(work, actor=cast.pia)
    with django_capture_on_commit_callbacks(execute=True):
        pieces.delete_work(work, actor=cast.ana)
    assert (StudentWork.objects.count(), WorkScore.objects.count(), on_disk(files)) == (0, 0, [])


def test_work_is_erased_with_its_student_and_so_is_work_of_nobody_in_particular(
    cast, item, files, django_capture_on_commit_callbacks
):
    hers = make_work(item, cast.ana, student=cast.maya)
    unsaid = make_work(item, cast.ana)
    his = make_work(item, cast.ana, student=cast.jonas)
    with django_capture_on_commit_callbacks(execute=True):
        erase_student(cast.maya, actor=cast.ada)
    assert list(StudentWork.objects.values_list("pk", flat=True)) == [his.pk]
    left = [path.name for path in on_disk(files)]
    assert [hers.pk != his.pk, unsaid.pk != his.pk, len(left)] == [True, True, 1]
    assert left[0].startswith(str(his.uuid))


def test_old_work_and_work_that_nobody_covers_are_deleted(
    cast, item, files, django_capture_on_commit_callbacks
):
    old, left, new = (make_work(item, cast.ana, state=state) for state in ("shown", "covering", "shown"))
    for work, days in ((old, 401), (left, 8), (new, 300)):
        StudentWork.objects.filter(pk=work.pk).update(created_at=work.created_at - dt.timedelta(days=days))
    with django_capture_on_commit_callbacks(execute=True):
        assert pieces.delete_old_work() == 2
    assert StudentWork.objects.get() == new
    assert len(on_disk(files)) == 1


def test_a_failed_job_lets_people_go_on(cast, item):
    work = upload(item, cast.ana)
    Job.objects.filter(pk=work.job.pk).update(state=Job.State.FAILED)
    assert StudentWork.objects.get().standing == "failed"
    StudentWork.objects.update(state="finishing")
    assert StudentWork.objects.get().standing == "covering"


def test_after_a_failure_halfway_nothing_uncovered_is_left_and_more_can_be_covered(
    cast, item, files, monkeypatch
):
    work = run(upload(item, cast.ana, pdf(2)), pieces.convert_work)
    work = pieces.cover_work(work, actor=cast.ana, covers={1: NAME, 2: NAME}, lacks_names=False)
    before = {page.number: page.file.name for page in work.pages.all()}
    real, done = pieces.covered, []

    def fail_at_the_second(jpeg, covers):
        done.append(covers)
        if len(done) == 2:
            raise OSError("disk")
        return real(jpeg, covers)

    monkeypatch.setattr(pieces, "covered", fail_at_the_second)
    with pytest.raises(OSError, match="disk"):
        pieces.finish_work(work.job, Progress(work.job))
    assert [(files / before[number]).exists() for number in (1, 2)] == [False, True]
    Job.objects.filter(pk=work.job.pk).update(state=Job.State.FAILED)
    monkeypatch.setattr(pieces, "covered", real)

    work = StudentWork.objects.get(pk=work.pk)
    more = [[0.0, 80.0, 100.0, 20.0]]
    work = cover(work, cast.ana, {1: more, 2: NAME})
    first = work.pages.get(number=1)
    with Image.open(files / first.file.name) as page:
        _wide, high = page.size
        black = [max(page.getpixel((5, y))) < 25 for y in (5, high - 5)]
    assert black == [True, True]
    assert (work.state, work.pages.exclude(covers=[]).count()) == ("shown", 0)
    assert on_disk(files) == sorted(files / page.file.name for page in work.pages.all())


# Scores ----------------------------------------------------------------------------------------------------


@pytest.fixture
def scored(cast, live):
    """Five pieces on the current item of the live meeting, with a rubric."""
    found = current(live)
    make_scoring(found)
    found.pieces = [make_work(found, cast.ana, title=title) for title in "ABCDE"]
    return found


def score_all(item, user, levels):
    for work, level in zip(item.pieces, levels, strict=True):
        scores.score_work(work, actor=user, level=level, why="A drawing" if level == 4 else "")


def test_scores_are_blind_until_the_last_of_those_present_has_scored_every_piece(cast, live, scored):
    score_all(scored, cast.ana, [4, 3, 2, 1, 0])
    page = work_on(cast.tom, scored, live)
    assert ([piece.scores for piece in page.pieces], page.agreement) == ([()] * 5, None)
    assert [piece.mine.level for piece in work_on(cast.ana, scored, live).pieces] == [4, 3, 2, 1, 0]
    score_all(scored, cast.tom, [4, 3, 2, 2, 0])
    page = work_on(cast.tom, scored, live)
    assert [piece.levels for piece in page.pieces] == ["4, 4", "3, 3", "2, 2", "1, 2", "0, 0"]
    assert (page.agreement.exact, page.agreement.adjacent, round(page.agreement.kappa, 2)) == (0.8, 1.0, 0.95)
    assert page.sentence == (
        "5 pieces have several scores. Of two scores, 80% are equal and 100% at most one level apart. "
        "Beyond chance: 0.95 (weighted kappa; 1 is full agreement)."
    )
    with pytest.raises(DomainError, match="already visible"):
        scores.score_work(scored.pieces[0], actor=cast.ana, level=1)


def test_one_person_alone_reveals_nothing_by_scoring(cast, live, scored):
    lifecycle.mark_attendance(live, actor=cast.ana, staff_uuid=str(cast.staff.tom.uuid), mark="absent")
    score_all(scored, cast.ana, [4, 3, 2, 1, 0])
    assert not work_on(cast.ana, scored, live).is_revealed


def test_members_reveal_and_closing_shows_the_scores_in_the_minutes(cast, live, scored):
    scores.score_work(scored.pieces[0], actor=cast.ana, level=3)
    scores.score_work(scored.pieces[0], actor=cast.tom, level=1)
    with pytest.raises(PermissionDenied):
        scores.reveal_scores(scored, actor=cast.pia)
    lifecycle.close_meeting(live, actor=cast.ana)
    live.refresh_from_db()
    (part,) = minutes_of(cast.pia, room_of(cast.pia, live)).parts
    assert part.work.sentence == (
        "1 piece has several scores. Of two scores, 0% are equal and 0% at most one level apart."
    )


def test_a_rubric_is_written_once_and_stays_when_people_have_scored(cast, live):
    item = current(live)
    scores.set_rubric(item, actor=cast.tom, rubric="4: all", highest=4, version=0)
    with pytest.raises(StaleEdit) as stale:
        scores.set_rubric(item, actor=cast.ana, rubric="3: all", highest=3, version=0)
    assert stale.value.current == "4: all"
    work = make_work(item, cast.ana)
    with pytest.raises(DomainError, match="Choose a level"):
        scores.score_work(work, actor=cast.ana, level=5)
    scores.score_work(work, actor=cast.ana, level=4)
    with pytest.raises(DomainError, match="already scored"):
        scores.set_rubric(item, actor=cast.ana, rubric="3: all", highest=3, version=1)


def test_no_score_without_a_rubric_or_of_what_is_not_shown(cast, live):
    item = current(live)
    work = make_work(item, cast.ana, state="covering")
    with pytest.raises(DomainError, match="Write the rubric first"):
        scores.score_work(work, actor=cast.ana, level=1)
    make_scoring(item)
    with pytest.raises(DomainError, match="Choose a level"):
        scores.score_work(work, actor=cast.ana, level=1)


# Pages -----------------------------------------------------------------------------------------------------


def test_a_piece_from_upload_to_score_on_the_pages(cast, live, as_user):
    item = current(live)
    tom, list_ = as_user(cast.tom), reverse("collab:work-list", args=[item.uuid])
    assert "No work yet" in tom.get(list_).content.decode()
    values = {"title": "A", "student": cast.maya.uuid, "file": uploaded(picture())}
    assert tom.post(list_, values).status_code == 302
    work = StudentWork.objects.get()
    assert (work.title, work.student) == ("A", cast.maya)
    assert "progress" in tom.get(work.get_absolute_url()).content.decode()
    run(work, pieces.convert_work)
    html = tom.get(work.get_absolute_url()).content.decode()
    assert "Cover every name" in html
    address = reverse("collab:work-cover", args=[work.uuid])
    refused = tom.post(address, {"page1-1-x": 5, "page1-1-y": 5})
    assert (refused.status_code, "Type all four numbers" in refused.content.decode()) == (422, True)
    assert 'value="5"' in refused.content.decode()
    tom.post(address, {f"page1-1-{part}": 10 for part in ("x", "y", "width", "height")})
    work.refresh_from_db()
    run(work, pieces.finish_work)
    picture_ = tom.get(reverse("collab:work-page", args=[work.uuid, 1]))
    assert picture_["Content-Type"] == "image/jpeg"
    assert "no-store" in picture_["Cache-Control"]
    page = Image.open(io.BytesIO(b"".join(picture_.streaming_content)))
    assert max(page.getpixel((45, 30))) < 25
    rubric = reverse("collab:rubric-set", args=[item.uuid])
    assert tom.post(rubric, {"rubric": "4: all", "highest": 4, "version": 0}).status_code == 302
    stale = tom.post(rubric, {"rubric": "3: mine", "highest": 3, "version": 0}).content.decode()
    assert ("4: all" in stale, "3: mine" in stale) == (True, True)
    tom.post(reverse("collab:work-score", args=[work.uuid]), {"level": 3, "why": "A number line"})
    assert WorkScore.objects.get().level == 3
    html = as_user(cast.ana).get(work.get_absolute_url()).content.decode()
    assert "A number line" not in html
    assert "Maya" not in html
    room = as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    assert "Student work: 1 piece" in room


def test_what_is_not_shown_yet_is_404_for_others(cast, item, as_user):
    work = make_work(item, cast.tom, state="covering")
    for name, more in (("detail", []), ("page", [1])):
        address = reverse(f"collab:work-{name}", args=[work.uuid, *more])
        assert as_user(cast.ana).get(address).status_code == 404
        assert as_user(cast.tom).get(address).status_code == 200
    assert as_user(cast.ana).post(reverse("collab:work-cover", args=[work.uuid])).status_code == 404
    assert (
        "only you see it"
        in as_user(cast.tom).get(reverse("collab:work-list", args=[item.uuid])).content.decode()
    )


def test_work_waits_with_an_item_that_goes_back_to_the_queue(cast, as_user):
    item = add_item(cast.meeting, actor=cast.ana, title="Fractions", minutes=5)
    work = run(upload(item, cast.ana), pieces.convert_work)
    work = pieces.cover_work(work, actor=cast.ana, covers={}, lacks_names=True)
    remove_item(item, actor=cast.ana)
    assert run(work, pieces.finish_work).state == "shown"
    assert as_user(cast.ana).get(work.get_absolute_url()).status_code == 404
    take_entry(cast.meeting, actor=cast.ana, key=f"waiting:{item.pk}")
    assert as_user(cast.tom).get(work.get_absolute_url()).status_code == 200


def test_work_on_an_item_that_was_not_reached_goes_along_and_back(cast, live, as_user):
    later = add_item(live, actor=cast.ana, title="Fractions", minutes=5)
    work = make_work(later, cast.ana)
    make_scoring(later)
    lifecycle.close_meeting(live, actor=cast.ana)
    waiting = later.topic.agenda_items.get(meeting=None)
    work.refresh_from_db()
    assert (work.item, waiting.work_scoring.highest) == (waiting, 4)
    lifecycle.reopen_meeting(live, actor=cast.ana)
    work.refresh_from_db()
    assert (work.item, later.topic.agenda_items.count()) == (later, 1)


@pytest.mark.parametrize("way", ["cancelled", "lapsed"])
def test_work_and_what_was_asked_go_along_when_a_meeting_does_not_take_place(cast, way):
    item = add_item(cast.meeting, actor=cast.ana, title="Fractions", minutes=5)
    other = add_item(cast.meeting, actor=cast.ana, title="Writing", minutes=5)
    work = make_work(item, cast.ana)
    for one in (item, other):
        make_scoring(one)
    ask_to_predict_results(item, actor=cast.ana, wanted=True)
    if way == "cancelled":
        cancel_meeting(cast.meeting, actor=cast.ana)
    else:
        long_ago = cast.meeting.starts_at - dt.timedelta(days=90)
        type(cast.meeting).objects.update(starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=1))
        assert expire_unstarted_meeting(cast.meeting)
    waiting = item.topic.agenda_items.get(meeting=None)
    assert (waiting.student_work.get(), waiting.work_scoring.version) == (work, 1)
    assert waiting.shown_results.predict_first
    assert other.topic.agenda_items.get(meeting=None).work_scoring.version == 1


def test_files_go_with_the_item(cast, item, files, django_capture_on_commit_callbacks):
    make_work(item, cast.ana)
    with django_capture_on_commit_callbacks(execute=True):
        item.topic.delete()
    assert (StudentWork.objects.count(), on_disk(files)) == (0, [])


def test_queries_do_not_grow_with_pieces(cast, live, scored):
    for work in scored.pieces:
        scores.score_work(work, actor=cast.tom, level=2)
    with CaptureQueriesContext(connection) as many:
        work_on(cast.ana, scored, live)
    StudentWork.objects.exclude(pk=scored.pieces[0].pk).delete()
    with CaptureQueriesContext(connection) as few:
        work_on(cast.ana, scored, live)
    assert len(many) == len(few)
