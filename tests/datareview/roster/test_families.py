"""Guardians and groups of students."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.records.models import Guardian, Subgroup
from datareview.records.queries.families import family_record_of
from datareview.roster.services import families, groups
from datareview.roster.services.families import GuardianValues, guardian_version
from datareview.roster.services.groups import Membership
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import START, TODAY

pytestmark = pytest.mark.django_db

ROSA = GuardianValues(
    "Rosa Okafor", "mother", "555-0101", "rosa@example.org", "es", custody_note="Court order"
)


@pytest.fixture
def rosa(cast):
    return families.add_guardian(cast.maya, actor=cast.ada, values=ROSA)


@pytest.fixture
def listed(cast):
    for group in ("English learner", "Former learner"):
        groups.add_group_name(cast.school, actor=cast.ada, category="Language", group=group)


def test_only_the_office_reads_a_custody_note(cast, rosa):
    notes = {
        name: [line.custody_note for line in family_record_of(getattr(cast, name), cast.maya).guardians]
        for name in ("ana", "sol", "cora", "pia", "ada")
    }
    assert notes == {
        "ana": [""],
        "sol": [""],
        "cora": ["Court order"],
        "pia": ["Court order"],
        "ada": ["Court order"],
    }


def test_the_page_of_a_student_shows_a_custody_note_to_the_office_only(cast, rosa, as_user):
    groups.add_group_name(cast.school, actor=cast.ada, category="Language", group="English learner")
    groups.add_to_group(Membership(cast.maya, "Language", "English learner"), actor=cast.ada)
    found = {}
    for name in ("ana", "cora"):
        page = as_user(getattr(cast, name)).get(cast.maya.get_absolute_url()).content.decode()
        found[name] = ("Rosa Okafor" in page, "Court order" in page, "English learner" in page)
    assert found == {"ana": (True, False, False), "cora": (True, True, True)}


def test_a_page_with_hidden_names_shows_nothing_of_a_guardian(cast, rosa, as_user):
    families.edit_guardian(
        rosa, actor=cast.ada, values=replace(ROSA, may_contact=False), seen=guardian_version(rosa)
    )
    words = ("Rosa", "mother", "555-0101", "rosa@example.org", "Spanish", "Court order", "Do not contact")
    found = {}
    for name in ("ana", "cora", "ada"):
        client = as_user(getattr(cast, name))
        client.post(reverse("datareview:projector-switch"), {"next": "/"})
        page = client.get(cast.maya.get_absolute_url()).content.decode()
        found[name] = ([word for word in words if word in page], "Guardians are not shown" in page)
    assert found == dict.fromkeys(("ana", "cora", "ada"), ([], True))


def test_a_guardian_is_edited_and_what_was_there_is_in_the_erasable_part_of_the_log(cast, rosa):
    families.edit_guardian(
        rosa, actor=cast.ada, values=replace(ROSA, may_contact=False), seen=guardian_version(rosa)
    )
    rosa.refresh_from_db()
    assert GuardianValues.of(rosa) == replace(ROSA, may_contact=False)
    event = AuditEvent.objects.get(verb="edited-guardian")
    assert (event.subject_uuid, event.data) == (cast.maya.uuid, {"guardian": str(rosa.uuid)})
    assert event.detail.data == {"may_contact": [True, False]}


def test_of_two_edits_of_a_guardian_the_second_sees_the_first(cast, rosa):
    seen = guardian_version(rosa)
    families.edit_guardian(rosa, actor=cast.ada, values=replace(ROSA, phone="555-0199"), seen=seen)
    with pytest.raises(StaleEdit) as stale:
        families.edit_guardian(rosa, actor=cast.ada, values=ROSA, seen=seen)
    assert "555-0199" in stale.value.current


def test_a_removed_guardian_is_gone_and_a_second_click_says_so(cast, rosa):
    families.remove_guardian(rosa, actor=cast.ada)
    assert not Guardian.objects.exists()
    with pytest.raises(DomainError, match="in the meantime"):
        families.edit_guardian(rosa, actor=cast.ada, values=ROSA, seen="x")


def test_guardians_are_of_the_own_school(cast):
    with pytest.raises(DomainError, match="another school"):
        families.add_guardians(cast.school, actor=cast.ada, rows=[(cast.maya, ROSA), (cast.leak, ROSA)])
    for user in (cast.cora, cast.zed):
        with pytest.raises(PermissionDenied):
            families.add_guardian(cast.maya, actor=user, values=ROSA)
    assert not Guardian.objects.exists()


def test_a_guardian_without_a_name_is_refused(cast):
    with pytest.raises(DomainError, match="guardian’s name"):
        families.add_guardian(cast.maya, actor=cast.ada, values=GuardianValues("  "))


def test_a_new_group_of_a_category_ends_the_old_one(cast, listed):
    groups.add_to_group(Membership(cast.maya, "Language", "English learner", START), actor=cast.ada)
    groups.add_to_group(Membership(cast.maya, "Language", "Former learner", TODAY), actor=cast.ada)
    yesterday = TODAY - dt.timedelta(days=1)
    assert list(cast.maya.subgroups.order_by("pk").values_list("group", "starts_on", "ends_on")) == [
        ("English learner", START, yesterday),
        ("Former learner", TODAY, None),
    ]


def test_a_new_group_without_a_first_day_begins_today(cast, listed):
    groups.add_to_group(Membership(cast.maya, "Language", "English learner"), actor=cast.ada)
    groups.add_to_group(Membership(cast.maya, "Language", "Former learner"), actor=cast.ada)
    yesterday = TODAY - dt.timedelta(days=1)
    assert list(cast.maya.subgroups.order_by("pk").values_list("group", "starts_on", "ends_on")) == [
        ("English learner", None, yesterday),
        ("Former learner", TODAY, None),
    ]


@pytest.mark.parametrize(
    ("first", "last", "is_refused"),
    [
        (None, None, True),
        (None, -40, False),
        (None, -30, True),
        (-25, -22, True),
        (-20, None, True),
        (-19, None, False),
    ],
)
def test_memberships_of_a_category_share_no_day(cast, listed, first, last, is_refused):
    def day(number):
        return None if number is None else TODAY + dt.timedelta(days=number)

    groups.add_to_group(
        Membership(cast.maya, "Language", "English learner", day(-30), day(-20)), actor=cast.ada
    )
    new = Membership(cast.maya, "Language", "Former learner", day(first), day(last))
    if is_refused:
        with pytest.raises(
            DomainError, match="Maya Okafor is or was in English learner on some of these days"
        ):
            groups.add_to_group(new, actor=cast.ada)
    else:
        groups.add_to_group(new, actor=cast.ada)
    assert cast.maya.subgroups.count() == 2 - is_refused


def test_a_later_last_day_and_another_category_share_no_day_either(cast, listed):
    add = [
        Membership(cast.maya, "Language", "English learner", START, START + dt.timedelta(days=5)),
        Membership(cast.maya, "Language", "Former learner", START + dt.timedelta(days=6), TODAY),
    ]
    first, _second = groups.add_to_groups(cast.school, actor=cast.ada, rows=add)
    with pytest.raises(DomainError, match="Former learner on some of these days"):
        groups.end_group(first, actor=cast.ada, ends_on=START + dt.timedelta(days=6))
    name = groups.add_group_name(cast.school, actor=cast.ada, category="Other", group="Newcomer")
    member = Membership(cast.maya, "Other", "Newcomer", TODAY, TODAY)
    groups.add_to_group(member, actor=cast.ada)
    with pytest.raises(DomainError, match="another group of Language on the same days"):
        groups.rename_group(name, actor=cast.ada, category="Language", group="Newcomer")
    cast.maya.subgroups.filter(category="Other").update(starts_on=TODAY + dt.timedelta(days=1), ends_on=None)
    groups.rename_group(name, actor=cast.ada, category="Language", group="Newcomer")
    assert cast.maya.subgroups.filter(category="Language").count() == 3


def test_a_group_that_is_not_on_the_list_is_refused(cast, listed):
    rows = [Membership(cast.maya, "Language", "English learner"), Membership(cast.jonas, "Language", "Other")]
    with pytest.raises(DomainError, match="not on the school’s list"):
        groups.add_to_groups(cast.school, actor=cast.ada, rows=rows)
    with pytest.raises(DomainError, match="one group of a category"):
        groups.add_to_groups(
            cast.school,
            actor=cast.ada,
            rows=[Membership(cast.maya, "Language", one) for one in ("English learner", "Former learner")],
        )
    assert not Subgroup.objects.exists()


def test_the_same_group_again_is_refused(cast, listed):
    member = Membership(cast.maya, "Language", "English learner")
    groups.add_to_group(member, actor=cast.ada)
    with pytest.raises(DomainError, match="since then"):
        groups.add_to_group(member, actor=cast.ada)


def test_a_membership_that_ends_before_it_begins_is_refused(cast, listed):
    with pytest.raises(DomainError, match="before it begins"):
        groups.add_to_group(
            Membership(cast.maya, "Language", "English learner", TODAY, START), actor=cast.ada
        )
    row = groups.add_to_group(Membership(cast.maya, "Language", "English learner", TODAY), actor=cast.ada)
    with pytest.raises(DomainError, match="before it begins"):
        groups.end_group(row, actor=cast.ada, ends_on=START)


def test_a_renamed_group_keeps_its_members_and_a_used_one_stays(cast, listed):
    groups.add_to_group(Membership(cast.maya, "Language", "English learner", START, TODAY), actor=cast.ada)
    name = cast.school.group_names.get(group="English learner")
    groups.rename_group(name, actor=cast.ada, category="Language", group="Multilingual")
    assert list(cast.maya.subgroups.values_list("group", flat=True)) == ["Multilingual"]
    with pytest.raises(DomainError, match="are or were in this group"):
        groups.remove_group_name(name, actor=cast.ada)
    with pytest.raises(DomainError, match="on the list already"):
        groups.rename_group(name, actor=cast.ada, category="Language", group="Former learner")
    groups.remove_group_name(cast.school.group_names.get(group="Former learner"), actor=cast.ada)
    assert list(cast.school.group_names.values_list("group", flat=True)) == ["Multilingual"]


def test_a_group_of_another_school_keeps_its_name(cast, listed):
    cast.leak.subgroups.create(category="Language", group="English learner")
    name = cast.school.group_names.get(group="English learner")
    groups.rename_group(name, actor=cast.ada, category="Language", group="Multilingual")
    assert cast.leak.subgroups.get().group == "English learner"


def test_several_students_join_a_group_leave_it_and_are_removed_from_it(cast, listed, as_user):
    learners = cast.school.group_names.get(group="English learner")
    groups.add_to_group(Membership(cast.jonas, "Language", "Former learner", START), actor=cast.ada)
    ada, page = as_user(cast.ada), reverse("datareview:group-detail", args=[learners.pk])
    both = {"row": [cast.maya.uuid, cast.jonas.uuid], "on": TODAY.isoformat()}

    def change(do, **data):
        return ada.post(f"{page}members/", {**both, "do": do, "back": "show=others&grade=4", **data})

    rows = ada.get(page, {"show": "others", "grade": 4}).context["rows"]
    now_in = {str(row.student): row.membership.group for row in rows if row.membership}
    assert now_in == {"Jonas Weber": "Former learner"}
    assert change("add", on="").status_code == 422
    assert change("add").url == f"{page}?show=others&grade=4"
    assert change("add").status_code == 422  # they are in it already
    yesterday = TODAY - dt.timedelta(days=1)
    stored = Subgroup.objects.order_by("student__last_name", "starts_on").values_list("group", "ends_on")
    assert sorted(stored, key=str) == [
        ("English learner", None),
        ("English learner", None),
        ("Former learner", yesterday),
    ]
    assert {row.student for row in ada.get(page).context["rows"]} == {cast.maya, cast.jonas}
    assert (
        change("end", on=(TODAY - dt.timedelta(days=1)).isoformat()).status_code == 422
    )  # before they joined
    assert change("end").status_code == 302
    assert set(Subgroup.objects.filter(group="English learner").values_list("ends_on", flat=True)) == {TODAY}
    ada.post(f"{page}members/", {"do": "remove", "everyone": "yes", "back": ""})
    assert list(Subgroup.objects.values_list("group", flat=True)) == ["Former learner"]
    assert [event.data["n"] for event in AuditEvent.objects.filter(verb="removed-from-groups")] == [2]
    assert as_user(cast.ana).get(page).status_code == 404


def test_students_are_filtered_by_group_for_those_who_may_know_it(cast, listed, as_user):
    groups.add_to_group(Membership(cast.maya, "Language", "English learner"), actor=cast.ada)
    pk = cast.school.group_names.get(group="English learner").pk
    address, found = reverse("datareview:student-list"), {}
    for name in ("ana", "cora"):
        page = as_user(getattr(cast, name)).get(address, {"group": pk})
        found[name] = len(page.context["list"].rows), "English learner" in page.content.decode()
    assert found["cora"] == (1, True)
    assert found["ana"] == (cast.school.students.filter(grade=4).count(), False)


def test_guardians_are_listed_to_those_who_see_the_student_searched_and_downloaded(cast, rosa, as_user):
    families.add_guardian(cast.jonas, actor=cast.ada, values=GuardianValues("Ben Weber", may_contact=False))
    cast.leak.guardians.create(name="Zita Stone")
    address, file = reverse("datareview:guardian-list"), reverse("datareview:guardian-export")

    def names(user, **wanted):
        return [str(row.guardian) for row in as_user(user).get(address, wanted).context["list"].rows]

    assert names(cast.cora) == ["Ben Weber", "Rosa Okafor"]
    assert names(cast.zed) == ["Zita Stone"]
    assert (
        names(cast.cora, language="es")
        == names(cast.cora, q="0101")
        == names(cast.cora, q="Maya")
        == ["Rosa Okafor"]
    )
    assert names(cast.cora, show="silent") == names(cast.cora, show="never") == ["Ben Weber"]
    assert "Court order" not in as_user(cast.cora).get(address).content.decode()
    cora = as_user(cast.cora)
    picked = reverse("datareview:guardians-picked")
    chosen = cora.post(picked, {"row": rosa.uuid}).content.decode().splitlines()
    assert chosen[1:] == ["Rosa Okafor,mother,1001,Maya Okafor,4,Spanish,555-0101,rosa@example.org,yes"]
    assert len(cora.get(file, {"show": "may"}).content.decode().splitlines()) == 2
    assert len(cora.post(picked, {"everyone": "yes", "back": ""}).content.decode().splitlines()) == 3
    cora.post(reverse("datareview:projector-switch"), {"next": "/"})
    assert cora.get(address).url == reverse("datareview:student-list")


def test_the_language_of_several_guardians_changes_at_once(cast, rosa, as_user):
    ben = families.add_guardian(cast.jonas, actor=cast.ada, values=GuardianValues("Ben Weber"))
    address = reverse("datareview:guardians-change")
    ada, chosen = as_user(cast.ada), {"row": [rosa.uuid, ben.uuid], "back": "grade=4"}
    assert ada.post(address, {**chosen, "do": "language"}).status_code == 422
    done = ada.post(address, {**chosen, "do": "language", "language": "es"})
    assert done.url == f"{reverse('datareview:guardian-list')}?grade=4"
    assert set(Guardian.objects.values_list("language", flat=True)) == {"es"}
    event = AuditEvent.objects.get(verb="edited-guardians")
    assert (event.data, event.detail.data["before"]) == ({"n": 1}, {str(ben.uuid): ["en", True]})
