import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from datareview.assessments.models import EssentialStandard
from datareview.assessments.services.assessments import delete_assessment
from datareview.standards.queries.essentials import essential_page
from datareview.standards.services.essentials import (
    EssentialValues,
    add_essential,
    change_essential,
    essential_fingerprint,
    remove_essential,
)
from teams.lib.errors import DomainError, StaleEdit
from tests.factories.assessments import answer, make_assessment, make_standard

LEVELS = ("Explains why", "Solves alone", "With an example", "With help", "Not yet")


@pytest.fixture
def plan(cast):
    """4.NF.B.3, taught for two weeks from today and checked the day after."""
    today = cast.school.today()
    cast.year = cast.school.years.get()
    return EssentialValues(
        make_standard(cast.school),
        taught_from=today,
        taught_to=today + dt.timedelta(days=14),
        check_on=today + dt.timedelta(days=15),
        levels=LEVELS,
    )


def add(cast, plan, actor=None, **changes):
    return add_essential(cast.team, actor=actor or cast.ana, year=cast.year, values=replace(plan, **changes))


def test_a_team_plans_an_essential_standard(cast, plan):
    add(cast, plan)
    assert EssentialValues.of(EssentialStandard.objects.get()) == plan


@pytest.mark.parametrize("name", ["gil", "sol", "pia", "ada", "zed"])
def test_only_members_and_coordinators_plan(cast, plan, name):
    essential, actor = add(cast, plan), getattr(cast, name)
    with pytest.raises(PermissionDenied):
        add(cast, plan, actor, standard=make_standard(cast.school, "X"))
    with pytest.raises(PermissionDenied):
        change_essential(essential, actor=actor, values=plan, seen=essential_fingerprint(essential))
    with pytest.raises(PermissionDenied):
        remove_essential(essential, actor=actor)
    assert EssentialStandard.objects.count() == 1


def test_what_cannot_be_is_refused(cast, plan):
    far = cast.year.ends_on + dt.timedelta(days=1)
    theirs = make_standard(cast.other_school, "Z")
    refused = [
        ({"standard": theirs}, "Choose one of the school’s standards"),
        ({"check_on": far}, "Choose days of this school year"),
        ({"taught_from": plan.taught_to, "taught_to": plan.taught_from}, "The last day is before the first"),
        ({"mastery": 0.05}, "10% to 100%"),
        ({"levels": LEVELS[:4]}, "all five levels, or for none"),
    ]
    for changes, sentence in refused:
        with pytest.raises(DomainError, match=sentence):
            add(cast, plan, **changes)
    add(cast, plan)
    with pytest.raises(DomainError, match="one of the team’s essential standards already"):
        add(cast, plan)
    with pytest.raises(DomainError, match="of another school"):
        add_essential(cast.team, actor=cast.ana, year=cast.other_school.years.get(), values=plan)


def test_a_stale_edit_says_what_is_stored_now(cast, plan):
    essential = add(cast, plan, levels=())
    seen = essential_fingerprint(essential)
    change_essential(essential, actor=cast.tom, values=replace(plan, mastery=0.7, levels=()), seen=seen)
    with pytest.raises(StaleEdit) as caught:
        change_essential(essential, actor=cast.ana, values=plan, seen=seen)
    assert caught.value.current.endswith("70%")
    assert EssentialStandard.objects.get().mastery == 0.7


def row(cast, user=None):
    (found,) = essential_page(user or cast.ana, cast.team, "").rows
    return found


def test_checks_so_far_and_what_is_next(cast, plan):
    today = cast.school.today()
    add(cast, plan)
    done = make_assessment(cast.team, title="Exit ticket", standard=plan.standard)
    answer(done, cast.maya, "CABD")
    missing = make_assessment(
        cast.team, title="Warm-up", standard=plan.standard, given_on=today - dt.timedelta(days=3)
    )
    make_assessment(cast.team, title="Of no standard")
    make_assessment(cast.other_team, title="Roosevelt’s")
    found = row(cast)
    assert ([str(one) for one in found.past], found.coming) == (["Warm-up", "Exit ticket"], [])
    assert (found.entered, missing.pk in found.entered) == ({done.pk}, False)
    assert (found.check_on, found.is_late) == (plan.check_on, False)
    coming = make_assessment(cast.team, title="Unit check", standard=plan.standard, given_on=plan.check_on)
    assert ([str(one) for one in row(cast).coming], row(cast).check_on) == (["Unit check"], None)
    delete_assessment(coming, actor=cast.ana)
    assert (row(cast).coming, row(cast).check_on) == ([], plan.check_on)


def test_a_dropped_item_checks_nothing_and_a_missed_day_is_late(cast, plan):
    today = cast.school.today()
    add(cast, plan, check_on=today - dt.timedelta(days=1), taught_from=None, taught_to=None)
    made = make_assessment(cast.team, standard=plan.standard, given_on=today - dt.timedelta(days=2))
    assert (row(cast).past, row(cast).is_late) == ([made], True)
    made.items.update(is_dropped=True)
    assert row(cast).past == []


def test_the_page_reads_edits_and_removes(cast, plan, as_user):
    essential = add(cast, plan)
    url, ana = f"/teams/{cast.team.uuid}/standards/", as_user(cast.ana)
    html = ana.get(url).content.decode()
    assert "Solves alone" in html
    assert "80% of the points" in " ".join(html.split())
    edit = f"/essential-standards/{essential.uuid}/edit/"
    page = ana.post(edit, {"code": "9.X", "mastery": "80", "seen": essential_fingerprint(essential)})
    assert "Your school has no standard 9.X." in page.content.decode()
    assert 'value="9.X"' in page.content.decode()
    ana.post(edit, {"code": "4.nf.b.3", "mastery": "90", "seen": essential_fingerprint(essential)})
    essential.refresh_from_db()
    assert (essential.mastery, essential.levels, essential.taught_from) == (0.9, [], None)
    ana.post(f"/essential-standards/{essential.uuid}/remove/")
    assert not EssentialStandard.objects.exists()
    assert "No essential standards yet" in ana.get(url).content.decode()


def test_a_school_without_a_year_says_so(cast, as_user):
    cast.school.years.all().delete()
    assert (
        "No school year yet" in as_user(cast.ana).get(f"/teams/{cast.team.uuid}/standards/").content.decode()
    )
    assert as_user(cast.ana).get(f"/teams/{cast.team.uuid}/standards/add/").status_code == 404
