"""Teaching groups after an assessment: by band, changed by hand, checked again."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.assessments.services.assessments import AssessmentValues, change_assessment
from datareview.items.services.items import stored_items
from datareview.records.models import Guardian, KeyChange
from datareview.regrouping import services
from datareview.regrouping.models import GroupedStudent, MasteryBand, Regrouping
from datareview.regrouping.queries.families import families_of
from datareview.regrouping.queries.groups import groups_page, proposed_groups
from datareview.regrouping.services import GroupValues
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests import conftest
from tests.factories.assessments import absent, answer, make_assessment, make_standard

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
KEYS = "AAAAA"


@pytest.fixture
def check(cast):
    """Five items on one standard: Maya 1 of 5, Jonas 4 of 5, Ines 3 of 5; Liv was absent."""
    standard = make_standard(cast.school)
    found = make_assessment(cast.team, KEYS, given_on=cast.school.today() - 7 * DAY, standard=standard)
    cast.liv = conftest.make_student(cast.school, "1009", "Liv", "Adams", 4)
    answer(found, cast.maya, "ABBBB")
    answer(found, cast.jonas, "AAAAB")
    answer(found, cast.ines, "AAAB ")
    absent(found, cast.liv)
    return found


@pytest.fixture
def formed(cast, check):
    return services.form_groups(check, make_standard_of(check), actor=cast.ana)


def make_standard_of(check):
    return check.items.first().standard


def members(regrouping) -> dict[str, list[str]]:
    rows = GroupedStudent.objects.filter(regrouping=regrouping).order_by("student__first_name")
    found: dict[str, list[str]] = {}
    for row in rows.select_related("group", "student"):
        found.setdefault(row.group.band, []).append(row.student.first_name)
    return found


def save(cast, regrouping, *, who="ana", groups=None, places=None, check_on=None, version=None):
    return services.save_groups(
        regrouping,
        actor=getattr(cast, who),
        groups=groups or {},
        places=places or {},
        check_on=check_on,
        version=regrouping.version if version is None else version,
    )


def of(regrouping, band):
    return regrouping.groups.get(band=band)


def test_a_proposal_has_each_student_in_a_band_once_all_items_are_entered(cast, check):
    ron = conftest.make_student(cast.school, "1010", "Ron", "Ames", 4)
    answer(check, ron, "AAB..")
    found = proposed_groups(cast.ana, check, make_standard_of(check))
    names = {
        one.band: [(place.student.first_name, place.points) for place in one.places] for one in found.bands
    }
    assert names == {
        MasteryBand.MORE_TIME: [("Maya", "1 of 5")],
        MasteryBand.DEVELOPING: [],
        MasteryBand.CLOSE: [("Ines", "")],  # of a class that is closed to Ana
        MasteryBand.SECURE: [("Jonas", "4 of 5")],
    }
    assert [(place.student.first_name, place.points) for place in found.without] == [
        ("Liv", ""),
        ("Ron", "2 of 3"),
    ]


def test_groups_are_formed_once_and_recorded(cast, check, formed):
    assert members(formed) == {"more_time": ["Maya"], "close": ["Ines"], "secure": ["Jonas"]}
    assert services.form_groups(check, make_standard_of(check), actor=cast.tom) == formed
    assert Regrouping.objects.count() == 1
    assert AuditEvent.objects.filter(verb="formed-groups", subject_uuid=check.uuid).count() == 1
    whole = services.form_groups(check, None, actor=cast.tom)
    assert (whole.standard, members(whole)) == (None, members(formed))
    assert services.form_groups(check, None, actor=cast.ana) == whole


def test_no_groups_without_results_or_on_a_standard_that_is_not_asked(cast, check):
    empty = make_assessment(cast.team, "AB", title="Unit 4 check", standard=make_standard_of(check))
    with pytest.raises(DomainError, match="No results are in yet"):
        services.form_groups(empty, None, actor=cast.ana)
    other = make_standard(cast.school, "4.NF.A.1", "Equivalent fractions.")
    with pytest.raises(DomainError, match="No item of this assessment"):
        services.form_groups(check, other, actor=cast.ana)


@pytest.mark.parametrize("who", ["gil", "sol", "pia", "ada", "zed"])
def test_only_the_team_forms_and_changes_groups(cast, check, formed, who):
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        services.form_groups(check, None, actor=actor)
    with pytest.raises(PermissionDenied):
        save(cast, formed, who=who)
    with pytest.raises(PermissionDenied):
        services.remove_groups(formed, actor=actor)
    with pytest.raises(PermissionDenied):
        services.note_group(of(formed, "secure"), actor=actor, tried="x", saw="", seen="")


def test_students_move_and_groups_get_a_teacher_days_and_a_check(cast, formed):
    close, secure = of(formed, "close"), of(formed, "secure")
    values = GroupValues(
        teacher=cast.staff.tom,
        place="Room 12",
        weekdays=(1, 3),
        time=dt.time(13, 10),
        teaches="Number line",
        seats=3,
    )
    places = {cast.maya.pk: close.pk, cast.jonas.pk: None, cast.liv.pk: secure.pk}
    save(cast, formed, groups={close.pk: values}, places=places, check_on=cast.school.today() + DAY)
    assert members(formed) == {"close": ["Ines", "Maya"], "secure": ["Liv"]}
    page = groups_page(cast.ana, formed)
    line = next(one for one in page.groups if one.group == close)
    assert (line.group.teacher, line.group.days, line.group.time, line.group.seats) == (
        cast.staff.tom,
        "Tue, Thu",
        dt.time(13, 10),
        3,
    )
    assert [place.student for place in page.outside] == [cast.jonas]
    formed.refresh_from_db()
    assert (formed.check_on, formed.version) == (cast.school.today() + DAY, 1)


def test_a_group_takes_no_more_students_than_it_has_seats(cast, formed):
    close = of(formed, "close")
    with pytest.raises(DomainError, match="2 students for 1 seats"):
        save(cast, formed, groups={close.pk: GroupValues(seats=1)}, places={cast.maya.pk: close.pk})


def test_strangers_other_groups_and_early_checks_are_refused(cast, formed):
    group = of(formed, "close")
    with pytest.raises(DomainError, match="Only students who were given"):
        save(cast, formed, places={cast.leak.pk: group.pk})
    with pytest.raises(DomainError, match="One of these groups is gone"):
        save(cast, formed, places={cast.maya.pk: group.pk + 999})
    with pytest.raises(DomainError, match="teacher of this school"):
        save(cast, formed, groups={group.pk: GroupValues(teacher=cast.staff.zed)})
    with pytest.raises(DomainError, match="Check again after"):
        save(cast, formed, check_on=formed.assessment.given_on)


def test_of_two_people_at_once_the_second_sees_both(cast, formed):
    close = of(formed, "close")
    save(cast, formed, who="tom", places={cast.maya.pk: close.pk})
    with pytest.raises(StaleEdit, match="Close: Ines Duarte, Maya Okafor"):
        save(cast, formed, places={cast.maya.pk: None}, version=0)
    assert members(formed) == {"close": ["Ines", "Maya"], "secure": ["Jonas"]}


def test_a_group_is_added_and_removed_when_empty(cast, formed):
    extra = services.add_group(formed, "close", actor=cast.ana)
    assert [group.band for group in formed.groups.all()] == [
        "more_time",
        "developing",
        "close",
        "close",
        "secure",
    ]
    with pytest.raises(DomainError, match="Move its students first"):
        services.remove_group(of(formed, "secure"), actor=cast.ana)
    services.remove_group(extra, actor=cast.ana)
    assert formed.groups.count() == 4


def test_no_more_than_twelve_groups(cast, formed):
    for _number in range(8):
        services.add_group(formed, "secure", actor=cast.ana)
    with pytest.raises(DomainError, match="at most 12 groups"):
        services.add_group(formed, "secure", actor=cast.ana)


def test_a_note_is_written_and_a_stale_one_shows_the_other(cast, formed):
    group = of(formed, "close")
    seen = services.note_version(group)
    services.note_group(group, actor=cast.tom, tried="Number lines", saw="They see it", seen=seen)
    group.refresh_from_db()
    assert (group.tried, group.saw) == ("Number lines", "They see it")
    with pytest.raises(StaleEdit) as stale:
        services.note_group(group, actor=cast.ana, tried="Games", saw="", seen=seen)
    assert "Number lines" in stale.value.current
    services.note_group(
        group, actor=cast.ana, tried="Number lines ", saw="They see it", seen=seen
    )  # the same


def test_sessions_of_plans_on_the_days_of_a_group_are_said(cast, formed):
    group = of(formed, "more_time")
    day = cast.plan.weekdays[0]
    save(cast, formed, groups={group.pk: GroupValues(weekdays=(day,))})
    [line] = [one for one in groups_page(cast.ana, formed).groups if one.places and one.group == group]
    assert str(cast.plan.strategy) in line.places[0].clashes
    other = next(number for number in range(5) if number not in cast.plan.weekdays)
    save(cast, Regrouping.objects.get(), groups={group.pk: GroupValues(weekdays=(other,))})
    [line] = [one for one in groups_page(cast.ana, formed).groups if one.places and one.group == group]
    assert line.places[0].clashes == ""


def test_a_family_reads_the_sentence_in_its_language(cast, formed):
    Guardian.objects.create(student=cast.maya, name="Eva Okafor", relation="mother", language="es")
    group = of(formed, "more_time")
    values = GroupValues(teacher=cast.staff.tom, weekdays=(1,), time=dt.time(13, 10), teaches="Number line.")
    save(cast, formed, groups={group.pk: values})
    found = {one.student: one for one in families_of(groups_page(cast.ana, formed))}
    assert found[cast.jonas].sentence == "Jonas works in a small group for the next lessons."
    assert found[cast.maya].language != found[cast.jonas].language
    assert "Number line" in found[cast.maya].sentence
    assert "small group" not in found[cast.maya].sentence


def test_checked_again_each_group_has_its_gain_beyond_the_rise_of_low_scores(cast, check, formed):
    """Ten students of 1 and ten of 4 of 5; afterwards all have 4: by hand with r = 0 the expected is the mean after."""
    low = [conftest.make_student(cast.school, f"2{n:02}", "Low", f"L{n}", 4) for n in range(10)]
    high = [conftest.make_student(cast.school, f"3{n:02}", "High", f"H{n}", 4) for n in range(10)]
    first = make_assessment(
        cast.team, KEYS, title="First", given_on=check.given_on, standard=make_standard_of(check)
    )
    second = make_assessment(cast.team, KEYS, title="Second", given_on=check.given_on + 5 * DAY)
    second.items.update(standard=make_standard_of(check))
    second.again_of = first
    second.save()
    for student, number in [(one, n) for group in (low, high) for n, one in enumerate(group)]:
        answer(first, student, "ABBBB" if student in low else "AAAAB", section=cast.other_section)
        answer(second, student, ("AAAAB" if number % 2 else "AAABB") if student in low else "AAAAA")
    regrouping = services.form_groups(first, make_standard_of(check), actor=cast.ana)
    [checked] = groups_page(cast.ana, regrouping).checks
    assert checked.assessment == second
    by_band = {one.group.band: one for one in checked.outcomes if one.group}
    more, secure = by_band["more_time"], by_band["secure"]
    assert (more.n, more.gone, more.secure_before, more.secure_after) == (10, 0, 0, 5)
    assert (more.before, more.after) == (pytest.approx(0.2), pytest.approx(0.7))
    assert (secure.n, secure.secure_before, secure.secure_after) == (10, 10, 10)
    assert more.counts == "5 of 10 students are secure now, 0 before."
    # mean before .5, after .85; r of (.2, .8) with (.6/.8, 1): before deviates by .3, after by .15 on average.
    expected = 0.85 + more_correlation(low=[0.8, 0.6] * 5, high=[1.0] * 10) * (0.2 - 0.5) - 0.2
    assert more.gain.expected == pytest.approx(expected)
    assert more.gain.observed == pytest.approx(0.5)
    assert (more.before_in_words, more.after_in_words) == ("20%", "70%")
    assert more.words == (
        "More than students with such scores gained in all groups together"
        " (+38 percentage points): +12 beyond it, +5 to +20."
    )
    assert secure.words == (
        "Less than students with such scores gained in all groups together"
        " (+32 percentage points): −12 from it, −12 to −12."
    )
    save(cast, regrouping, places={low[0].pk: of(regrouping, "close").pk})
    [checked] = groups_page(cast.ana, regrouping).checks
    means = {one.group.band: (one.n, one.before, one.after) for one in checked.outcomes if one.group}
    assert means == {"more_time": (9, None, None), "close": (1, None, None), "secure": (10, 0.8, 1.0)}
    assert (
        checked.outcomes[0].words
        == "Means are not shown: someone was moved after the check again was entered."
    )


def more_correlation(low, high):
    before = [0.2] * len(low) + [0.8] * len(high)
    after = [*low, *high]
    n = len(before)
    mx, my = sum(before) / n, sum(after) / n
    sxy = sum((x - mx) * (y - my) for x, y in zip(before, after, strict=True))
    sxx, syy = sum((x - mx) ** 2 for x in before), sum((y - my) ** 2 for y in after)
    return sxy / (sxx * syy) ** 0.5


def test_a_student_who_missed_the_second_check_is_counted_as_gone(cast, check, formed):
    second = make_assessment(cast.team, KEYS, title="Again", standard=make_standard_of(check))
    second.again_of = check
    second.save()
    answer(second, cast.jonas, "AAAAA")
    [checked] = groups_page(cast.ana, formed).checks
    found = {one.group.band: (one.n, one.gone) for one in checked.outcomes if one.group}
    assert found == {"more_time": (0, 1), "close": (0, 1), "secure": (1, 0)}
    assert {one.words for one in checked.outcomes} == {"Too few to say."}


def test_groups_are_formed_changed_noted_printed_and_removed_on_the_pages(cast, check, as_user):
    client = as_user(cast.ana)
    address = reverse("datareview:regrouping-form", args=[check.uuid])
    query = f"?standard={make_standard_of(check).uuid}"
    assert "Maya" in client.get(address + query).content.decode()
    client.post(address + query)
    regrouping = Regrouping.objects.get()
    page = client.get(regrouping.get_absolute_url())
    form = page.context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, [])}
    close = of(regrouping, "close")
    sent |= {f"s-{cast.maya.uuid}": str(close.pk), f"g{close.pk}-place": "Room 12"}
    client.post(regrouping.get_absolute_url(), sent)
    assert members(regrouping)["close"] == ["Ines", "Maya"]
    stale = client.post(regrouping.get_absolute_url(), sent | {f"g{close.pk}-place": "Room 99"})
    text = stale.content.decode()
    assert "Someone changed these groups" in text
    assert "Room 99" in text
    note = reverse("datareview:group-note", args=[regrouping.uuid, close.pk])
    client.post(note, {"tried": "Games", "saw": "Joy", "seen": services.note_version(close)})
    lists = client.get(reverse("datareview:regrouping-lists", args=[regrouping.uuid])).content.decode()
    assert "Room 12" in lists
    client.post(reverse("datareview:regrouping-extend", args=[regrouping.uuid]), {"band": "secure"})
    assert regrouping.groups.filter(band="secure").count() == 2
    extra = regrouping.groups.filter(band="secure").last()
    client.post(reverse("datareview:group-remove", args=[regrouping.uuid, extra.pk]))
    assert regrouping.groups.filter(band="secure").count() == 1
    client.post(reverse("datareview:regrouping-remove", args=[regrouping.uuid]))
    assert not Regrouping.objects.exists()


def test_a_standard_that_has_no_words_yet_is_named_once(cast, as_user):
    standard = make_standard(cast.school, "5.NF.B.4", "5.NF.B.4")
    found = make_assessment(cast.team, KEYS, given_on=cast.school.today(), standard=standard)
    answer(found, cast.maya, "ABBBB")
    proposed = as_user(cast.ana).get(
        reverse("datareview:regrouping-form", args=[found.uuid]), {"standard": str(standard.uuid)}
    )
    assert 'class="lead"' not in proposed.text
    formed = services.form_groups(found, standard, actor=cast.ana)
    assert 'class="lead"' not in as_user(cast.ana).get(formed.get_absolute_url()).text
    results = as_user(cast.ana).get(found.get_absolute_url()).text
    assert f'<option value="{standard.uuid}" selected>5.NF.B.4</option>' in results


def test_results_lead_to_the_groups_on_the_standard_of_their_bands(cast, check, as_user):
    standard = make_standard_of(check)
    client = as_user(cast.ana)
    link = f"{reverse('datareview:regrouping-form', args=[check.uuid])}?standard={standard.uuid}"
    assert f'href="{link}"' in client.get(check.get_absolute_url()).text
    assert "Make these groups" in client.get(link).text
    formed = services.form_groups(check, standard, actor=cast.ana)
    assert client.get(link).headers["Location"] == formed.get_absolute_url()
    whole = reverse("datareview:regrouping-form", args=[check.uuid])
    page = client.get(formed.get_absolute_url()).text
    assert f'href="{whole}"' in page
    assert "Make these groups" in client.get(whole).text
    everything = services.form_groups(check, None, actor=cast.ana)
    assert client.get(whole).headers["Location"] == everything.get_absolute_url()


def test_a_large_group_is_split_evenly_with_strong_and_weak_students_in_each(cast, check, formed):
    for number, letters in enumerate(["AAAAA", "AAAAB", "AAAAA", "AAAAB", "AAAAA"]):
        student = conftest.make_student(cast.school, f"20{number}", f"Kid{number}", f"Name{number}", 4)
        answer(check, student, letters)
        GroupedStudent.objects.create(regrouping=formed, group=of(formed, "secure"), student=student)
    group = of(formed, "secure")
    values = GroupValues(seats=2, teaches="Number lines")
    services.save_groups(
        formed,
        actor=cast.ana,
        groups={group.pk: values},
        places={},
        check_on=None,
        version=formed.version,
        split=group.pk,
    )
    parts = formed.groups.filter(band="secure")
    names = [sorted(part.places.values_list("student__first_name", flat=True)) for part in parts]
    assert names == [["Kid0", "Kid1"], ["Kid2", "Kid3"], ["Jonas", "Kid4"]]
    assert {(part.seats, part.teaches) for part in parts} == {(2, "Number lines")}


def test_a_group_of_one_is_not_split_and_nothing_is_saved(cast, formed, as_user):
    page = as_user(cast.ana).get(formed.get_absolute_url())
    assert "split evenly" not in page.content.decode()
    data = {"version": 0, "check_on": "2098-05-05", "split": of(formed, "secure").pk}
    data |= {f"s-{student.uuid}": of(formed, "secure").pk for student in [cast.jonas]}
    page = as_user(cast.ana).post(formed.get_absolute_url(), data)
    assert "A group of one can’t be split." in page.content.decode()
    formed.refresh_from_db()
    assert (formed.check_on, formed.groups.count()) == (None, 4)


def test_the_page_splits_what_is_chosen_on_it(cast, check, formed, as_user):
    students = [cast.maya, cast.jonas, cast.ines, cast.liv]
    chosen = {f"s-{student.uuid}": of(formed, "close").pk for student in students}
    as_user(cast.ana).post(formed.get_absolute_url(), {"version": 0, **chosen})
    assert (
        "Save, and split evenly into 2" in as_user(cast.ana).get(formed.get_absolute_url()).content.decode()
    )
    data = {"version": 1, "split": of(formed, "close").pk, **chosen}
    as_user(cast.ana).post(formed.get_absolute_url(), data)
    parts = formed.groups.filter(band="close")
    assert [sorted(part.places.values_list("student__first_name", flat=True)) for part in parts] == [
        ["Jonas", "Maya"],
        ["Ines", "Liv"],
    ]


def test_a_large_group_is_called_no_small_one(cast, check, formed):
    for number in range(8):
        student = conftest.make_student(cast.school, f"20{number}", f"Kid{number}", f"Name{number}", 4)
        answer(check, student, "AAAAA")
        GroupedStudent.objects.create(regrouping=formed, group=of(formed, "secure"), student=student)
    found = {one.student.first_name: one.sentence for one in families_of(groups_page(cast.ana, formed))}
    assert (found["Jonas"], found["Maya"]) == (
        "Jonas works in a group for the next lessons.",
        "Maya works in a small group for the next lessons.",
    )


def test_a_key_changed_after_groups_were_formed_is_told_with_who_has_another_band(
    cast, check, formed, as_user
):
    KeyChange.objects.create(item=check.items.get(number=2), former_key="E", former_max_points=1)
    KeyChange.objects.update(changed_at=formed.made_at - DAY)
    assert "A key was changed" not in as_user(cast.ana).get(formed.get_absolute_url()).content.decode()
    items = [replace(one, key="B") if one.number == 2 else one for one in stored_items(check)]
    marked = change_assessment(
        check, actor=cast.ana, values=AssessmentValues.of(check), items=items, seen=check.version
    )
    assert marked == 3
    page = groups_page(cast.ana, formed)
    assert [(one.item.number, str(one)) for one in page.changed_keys] == [(2, "A")]
    assert [(place.student.first_name, place.band_name) for place in page.elsewhere] == [
        ("Maya", "Developing"),
        ("Ines", "Developing"),
        ("Jonas", "Close"),
    ]
    html = as_user(cast.ana).get(formed.get_absolute_url()).content.decode()
    assert f'<a href="#group-of-{cast.jonas.uuid}">Jonas Weber</a> (Close)' in html
    assert f'id="group-of-{cast.jonas.uuid}"' in html
