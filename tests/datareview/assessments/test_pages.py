"""Pages: what is typed, pasted and copied arrives; nothing that was typed is lost."""

import datetime as dt
import re

import pytest

from datareview.assessments.services.assessments import delete_assessment
from datareview.items.services.items import stored_items
from datareview.records.models import Assessment, KeyChange
from teams.lib import clock
from tests.conftest import make_meeting
from tests.factories.assessments import answer, make_assessment, make_standard

pytestmark = pytest.mark.text


def new_url(cast):
    return f"/teams/{cast.team.uuid}/assessments/new/"


def inputs(response):
    """The values of the rows of the table, as the page shows them."""
    html = response.content.decode()
    rows = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="items-(\d+)-(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            rows.setdefault(int(name[1]), {})[name[2]] = value[1] if value else ""
    for place, kind in re.findall(
        r'<select name="items-(\d+)-kind".*?value="(\w+)" selected', html, re.DOTALL
    ):
        rows[int(place)]["kind"] = kind
    return [rows[place] for place in sorted(rows)]


def short(response):
    """Number, kind, key, points and code of each row that is filled in."""
    rows = inputs(response)
    return [
        (row["number"], row["kind"], row["key"], row["points"], row["code"]) for row in rows if row["number"]
    ]


def sent(cast, rows, **more):
    """The form as a browser sends it."""
    data = {
        "title": "Unit 3: fractions",
        "given_on": cast.school.today().isoformat(),
        "mastery": "80",
        "seen": "0",
        "items-TOTAL_FORMS": str(len(rows)),
        "items-INITIAL_FORMS": str(len(rows)),
        **more,
    }
    for place, row in enumerate(rows):
        typed = {"kind": "choice", "points": "1", **row}
        data |= {f"items-{place}-{name}": value for name, value in typed.items()}
    return data


def test_an_assessment_is_pasted_seen_and_saved(cast, as_user):
    ana = as_user(cast.ana)
    make_standard(cast.school, "4.NF.A.1")
    page = ana.post(
        new_url(cast),
        sent(cast, [], pasted="C A B D", ranges="1–2 4.NF.A.1, 3-4 4.NF.A.2", read="1", mastery="75"),
    )
    assert not Assessment.objects.exists()
    assert "4 items are in the table. Nothing is saved" in " ".join(page.content.decode().split())
    assert short(page) == [
        ("1", "choice", "C", "1", "4.NF.A.1"),
        ("2", "choice", "A", "1", "4.NF.A.1"),
        ("3", "choice", "B", "1", "4.NF.A.2"),
        ("4", "choice", "D", "1", "4.NF.A.2"),
    ]
    assert 'value="75"' in page.content.decode()
    rows = [{name: row[name] for name in ("number", "key", "code")} for row in inputs(page) if row["number"]]
    asked = ana.post(new_url(cast), sent(cast, rows, mastery="75"))
    assert asked.status_code == 422
    assert "Your school has no standard 4.NF.A.2." in asked.content.decode()
    ana.post(new_url(cast), sent(cast, rows, mastery="75", add_standards="on"))
    made = Assessment.objects.get()
    assert (made.title, made.mastery, made.team) == ("Unit 3: fractions", 0.75, cast.team)
    assert [(item.key, str(item.standard)) for item in made.items.all()] == [
        ("C", "4.NF.A.1"),
        ("A", "4.NF.A.1"),
        ("B", "4.NF.A.2"),
        ("D", "4.NF.A.2"),
    ]


def test_what_was_pasted_is_never_saved_unseen(cast, as_user):
    page = as_user(cast.ana).post(new_url(cast), sent(cast, [{"number": "1", "key": "A"}], pasted="C\tB"))
    assert not Assessment.objects.exists()
    assert [row[2] for row in short(page)] == ["C", "B"]


def test_sixteen_items_by_count(cast, as_user):
    page = as_user(cast.ana).post(
        new_url(cast), sent(cast, [], count="16", count_kind="rubric", count_points="", ranges="1-16 RI.4.2")
    )
    assert short(page) == [(str(n), "rubric", "", "4", "RI.4.2") for n in range(1, 17)]
    blueprint = page.content.decode().split('id="blueprint"')[1]
    assert '<td class="num">16</td>' in blueprint
    assert '<td class="num">64</td>' in blueprint


def test_what_cannot_be_read_is_said_and_stays(cast, as_user):
    page = as_user(cast.ana).post(
        new_url(cast), sent(cast, [], pasted="Item\tPoints\n1\tmany", ranges="9 X.1", read="1")
    )
    html = page.content.decode()
    assert page.status_code == 422
    assert "Line 1: “many” is no number of points." in html
    assert "There is no item 9." in html
    assert "1\tmany" in html


def test_a_refused_form_keeps_what_was_typed(cast, as_user):
    rows = [{"number": "1", "key": "A", "prompt": "How many?"}, {"number": "1", "key": "B"}]
    page = as_user(cast.ana).post(new_url(cast), sent(cast, rows, note="Before recess"))
    assert page.status_code == 422
    assert "Two items have the number 1." in page.content.decode()
    assert "How many?" in page.content.decode()
    assert "Before recess" in page.content.decode()
    assert not Assessment.objects.exists()


def test_numbers_may_be_left_out_and_empty_rows_are_nothing(cast, as_user):
    rows = [{"key": "A"}, {"key": ""}, {"kind": "points", "points": "2,5", "prompt": "Explain"}]
    as_user(cast.ana).post(new_url(cast), sent(cast, rows))
    assert [(one.number, one.kind, one.max_points) for one in stored_items(Assessment.objects.get())] == [
        (1, "choice", 1),
        (2, "points", 2.5),
    ]


def test_a_form_sent_twice_makes_one(cast, as_user):
    data = sent(cast, [{"number": "1", "key": "A"}], form_key="5a0f7a1e-7f6b-4e9d-9c79-0d3b9f6e6c11")
    for _time in range(2):
        as_user(cast.ana).post(new_url(cast), data)
    assert Assessment.objects.count() == 1


def test_the_day_of_the_next_meeting_is_proposed(cast, as_user):
    starts = cast.meeting.starts_at.astimezone(cast.school.tz)
    assert f'value="{starts.date().isoformat()}"' in as_user(cast.ana).get(new_url(cast)).content.decode()
    later = make_meeting(cast.team, cast.staff.ana)
    later.starts_at, later.ends_at = starts + dt.timedelta(days=7), starts + dt.timedelta(days=7, hours=1)
    later.save()
    cast.meeting.starts_at = clock.now() - dt.timedelta(hours=3)
    cast.meeting.save()
    there = (starts + dt.timedelta(days=7)).date().isoformat()
    assert f'value="{there}"' in as_user(cast.ana).get(new_url(cast)).content.decode()


def test_items_are_copied_from_any_team_of_the_school_without_answers(cast, as_user):
    last_year = cast.school.today() - dt.timedelta(days=365)
    source = make_assessment(cast.team, "CAB", given_on=last_year, sections=[cast.section])
    answer(source, cast.maya, "CAB", section=cast.section)
    page = as_user(cast.ana).get(new_url(cast), {"copy": source.uuid})
    assert [row[2] for row in short(page)] == ["C", "A", "B"]
    assert 'value="Unit 3 check"' in page.content.decode()
    assert {row["pk"] for row in inputs(page)} == {""}
    theirs = make_assessment(cast.other_team, "DDD", title="Roosevelt’s secret")
    assert as_user(cast.ana).get(new_url(cast), {"copy": theirs.uuid}).status_code == 404
    assert "secret" not in as_user(cast.ana).get(new_url(cast)).content.decode()


def test_checking_again_says_what_is_checked(cast, as_user):
    first = make_assessment(cast.team, "CAB")
    page = as_user(cast.ana).get(new_url(cast), {"again": first.uuid})
    assert f'<option value="{first.uuid}" selected>' in page.content.decode()


@pytest.fixture
def answered(cast):
    assessment = make_assessment(cast.team, "CAB", standard=make_standard(cast.school))
    answer(assessment, cast.maya, "CAB")
    return assessment


def edited(assessment, **changes):
    """The rows of an assessment as its page sends them; ``changes`` are those of the first."""
    rows = [
        {
            "pk": one.pk,
            "number": one.number,
            "key": one.key,
            "points": f"{one.max_points:g}",
            "code": one.code,
        }
        for one in stored_items(assessment)
    ]
    return [{**rows[0], **changes}, *rows[1:]]


def test_a_key_is_corrected_and_the_former_one_is_shown(cast, as_user, answered):
    url = f"/assessments/{answered.uuid}/edit/"
    done = as_user(cast.tom).post(url, sent(cast, edited(answered, key="D")))
    assert done.status_code == 302
    assert KeyChange.objects.get().former_key == "C"
    html = as_user(cast.tom).get(url).content.decode()
    assert "was C until" in html
    assert "items-0-DELETE" not in html
    assert "has answers" in html


def test_saving_says_how_many_answers_a_new_key_marked_again(cast, as_user):
    answered = make_assessment(cast.team, "CAB")
    answer(answered, cast.maya, "CAB")
    answer(answered, cast.jonas, "DAB")
    url = f"/assessments/{answered.uuid}/edit/"
    page = as_user(cast.ana).post(url, sent(cast, edited(answered, key="D")), follow=True)
    assert "Saved. 2 answers were marked again." in page.content.decode()
    answered.refresh_from_db()
    again = sent(cast, edited(answered, key="D"), seen=str(answered.version), note="Without fractions")
    page = as_user(cast.ana).post(url, again, follow=True)
    assert ("Saved." in page.content.decode(), "marked again" in page.content.decode()) == (True, False)


def test_an_item_is_dropped_and_a_new_one_added(cast, as_user, answered):
    url = f"/assessments/{answered.uuid}/edit/"
    rows = [*edited(answered, is_dropped="on"), {"number": "4", "key": "A"}]
    as_user(cast.ana).post(url, sent(cast, rows, **{"items-INITIAL_FORMS": "3"}))
    assert [(one.number, one.is_dropped) for one in stored_items(answered)] == [
        (1, True),
        (2, False),
        (3, False),
        (4, False),
    ]


def test_a_paste_into_a_stored_assessment_changes_its_items_by_number(cast, as_user, answered):
    url = f"/assessments/{answered.uuid}/edit/"
    page = as_user(cast.ana).post(url, sent(cast, edited(answered), pasted="D D", read="1"))
    pks = [str(one.pk) for one in stored_items(answered)]
    assert [(row["pk"], row["key"], row["code"]) for row in inputs(page)][:3] == [
        (pks[0], "D", "4.NF.B.3"),
        (pks[1], "D", "4.NF.B.3"),
        (pks[2], "B", "4.NF.B.3"),
    ]
    assert [one.key for one in stored_items(answered)] == ["C", "A", "B"]


def test_two_people_at_once_see_both_versions(cast, as_user, answered):
    url = f"/assessments/{answered.uuid}/edit/"
    stale = sent(cast, edited(answered, key="D"))
    as_user(cast.tom).post(url, sent(cast, edited(answered, key="B"), title="Tom’s title"))
    page = as_user(cast.ana).post(url, stale)
    html = page.content.decode()
    assert page.status_code == 422
    assert "Someone changed this assessment" in html
    assert "Tom’s title" in html
    assert "1: B · 1 · 4.NF.B.3" in html
    assert inputs(page)[0]["key"] == "D"
    version = re.search(r'name="seen" value="(\d+)"', html)[1]
    again = as_user(cast.ana).post(url, {**stale, "seen": version})
    assert (again.status_code, stored_items(answered)[0].key) == (302, "D")


def test_deleted_and_restored_from_the_list(cast, as_user, answered):
    ana = as_user(cast.ana)
    after = ana.post(f"/assessments/{answered.uuid}/delete/", follow=True).content.decode()
    assert "You can restore it here." in after
    assert "Unit 3 check" in after
    assert ana.get(f"/assessments/{answered.uuid}/edit/").status_code == 404
    assert "Unit 3 check" not in ana.get(f"/teams/{cast.team.uuid}/assessments/").content.decode()
    ana.post(f"/assessments/{answered.uuid}/restore/")
    assert "Unit 3 check" in ana.get(f"/teams/{cast.team.uuid}/assessments/").content.decode()


def listed(response):
    return re.findall(r'<th scope="row">\s*(?:<a [^>]*>)?([^<]+?)\s*<', response.content.decode())


def test_the_list_filters_sorts_and_counts(cast, as_user, answered):
    ana, url = as_user(cast.ana), f"/teams/{cast.team.uuid}/assessments/"
    last_year = cast.school.years.get().starts_on - dt.timedelta(days=20)
    make_assessment(cast.team, "A", title="Last year’s", given_on=last_year)
    make_assessment(cast.team, "A", title="A quick one", given_on=cast.school.today() - dt.timedelta(days=1))
    gone = make_assessment(cast.team, "A", title="Gone")
    delete_assessment(gone, actor=cast.ana)
    assert listed(ana.get(url)) == ["Unit 3 check", "A quick one"]
    assert listed(ana.get(url, {"sort": "title"})) == ["A quick one", "Unit 3 check"]
    assert listed(ana.get(url, {"show": "all"})) == ["Unit 3 check", "A quick one", "Last year’s"]
    assert listed(ana.get(url, {"show": "deleted"})) == ["Gone"]
    assert listed(ana.get(url, {"q": "nf.b quick"})) == []
    assert listed(ana.get(url, {"q": "4.nf.b"})) == ["Unit 3 check"]
    assert listed(as_user(cast.pia).get(url, {"show": "deleted"})) == [
        "Unit 3 check",
        "A quick one",
        "Last year’s",
    ]


def test_all_teams_assessments_in_one_list_but_no_other_schools(cast, as_user, answered):
    make_assessment(cast.other_team, title="Roosevelt’s")
    assert listed(as_user(cast.pia).get("/assessments/")) == ["Unit 3 check"]
    assert listed(as_user(cast.pia).get("/assessments/", {"team": cast.other_team.uuid})) == ["Unit 3 check"]
    assert listed(as_user(cast.gil).get("/assessments/")) == []
    assert "Make one for Grade 4" in as_user(cast.ana).get("/assessments/").content.decode()


def test_hundreds_come_in_pages(cast, as_user):
    Assessment.objects.bulk_create(
        Assessment(team=cast.team, title=f"Check {n}", given_on=cast.school.today()) for n in range(60)
    )
    url = f"/teams/{cast.team.uuid}/assessments/"
    assert len(listed(as_user(cast.ana).get(url))) == 25
    assert len(listed(as_user(cast.ana).get(url, {"page": "3"}))) == 10


def test_codes_that_the_school_does_not_have_are_said_when_items_are_read(cast, as_user):
    make_standard(cast.school, "4.NF.A.1")
    ana = as_user(cast.ana)
    answer = ana.post(
        new_url(cast), sent(cast, [], read="yes", pasted="C A B", ranges="1 5.NF.B.4, 2 4.nf.a.1, 3 5.NF.A.1")
    )
    assert answer.status_code == 200
    assert "Your school has no standard 5.NF.B.4, 5.NF.A.1. Correct the code, or add it." in answer.text
    assert 'name="add_standards"' in answer.text
    known = ana.post(new_url(cast), sent(cast, [], read="yes", pasted="C A B", ranges="1-3 4.NF.A.1"))
    assert 'name="add_standards"' not in known.text
