"""Frameworks in the CASE format: read, chosen by grade, applied again with the same identifiers, undone."""

import contextlib
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from datareview.frameworks.case import common_prefix, grade_words, read_framework
from datareview.frameworks.models import FrameworkFile
from datareview.frameworks.queries import ALL_GRADES, FrameworkChoice, framework_page, usual_choice
from datareview.frameworks.services import apply_framework, discard_framework, store_framework, undo_framework
from datareview.records.models import Standard
from datareview.standard_measures.queries import measure_of_standard
from datareview.standard_measures.services import kept_measure
from teams.lib.errors import DomainError
from tests.factories.assessments import make_assessment
from tests.properties import given, st

PREFIX = "CCSS.Math.Content."


def item(identifier, code="", words="Words.", grades=(), kind="Standard", **more):
    row = {
        "identifier": identifier,
        "fullStatement": words,
        "educationLevel": list(grades),
        "CFItemType": kind,
        **more,
    }
    return row | ({"humanCodingScheme": PREFIX + code} if code else {})


def child(origin, destination):
    return {
        "associationType": "isChildOf",
        "originNodeURI": {"identifier": origin},
        "destinationNodeURI": {"identifier": destination},
    }


def package(**more):
    """Grade 4 fractions: a domain, a cluster without a code, two standards and a part of one; and one of grade 5."""
    return {
        "CFDocument": {"identifier": "doc", "title": "Common Core Math", "subject": ["Math"]},
        "CFItems": [
            item("nf", "4.NF", "Fractions.", ["04"], "Domain"),
            item("cluster", words="Extend equivalence.", kind="Cluster"),
            item("a1", "4.NF.A.1", "Explain why a/b = na/nb."),
            item("b3", "4.NF.B.3", "Add  and\nsubtract.", ["04"]),
            item("b3a", "4.NF.B.3a", "Join parts.", kind="Component"),
            item("five", "5.NF.A.1", "Unlike denominators.", ["05"]),
        ],
        "CFAssociations": [
            child("cluster", "nf"),
            child("a1", "cluster"),
            child("b3", "cluster"),
            child("b3a", "b3"),
            {"associationType": "isRelatedTo", "originNodeURI": {"identifier": "five"}},
        ],
        **more,
    }


def upload(cast, content=None, name="math.json", actor=None):
    data = json.dumps(content or package()).encode()
    return store_framework(cast.school, actor=actor or cast.ana, name=name, data=data)


def apply(cast, file, choice=None, actor=None):
    choice = choice or usual_choice(file)
    seen = framework_page(file, choice, "", "").seen
    return apply_framework(file, actor=actor or cast.ana, choice=choice, seen=seen)


def standards(cast):
    rows = Standard.objects.filter(school=cast.school).order_by("code")
    return list(rows.values_list("code", "statement", "grades", "subject", "framework", "identifier"))


def test_a_package_is_read_with_what_items_have_from_those_above_them():
    found = read_framework(json.dumps({"CFPackage": package()}).encode())
    assert (found.title, found.without_code) == ("Common Core Math", 1)
    assert [(one.code, one.grades, one.subject, one.kind, one.is_leaf) for one in found.items] == [
        (PREFIX + "4.NF", (4,), "Math", "Domain", False),
        (PREFIX + "4.NF.A.1", (4,), "Math", "Standard", True),
        (PREFIX + "4.NF.B.3", (4,), "Math", "Standard", False),
        (PREFIX + "4.NF.B.3a", (4,), "Math", "Component", True),
        (PREFIX + "5.NF.A.1", (5,), "Math", "Standard", True),
    ]
    assert found.items[2].statement == "Add and subtract."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"code,statement\n4.NF,Fractions\n", "no JSON file"),
        (b"[]", "no CFItems"),
        (b'{"CFItems": "many"}', "no CFItems"),
        (b'{"CFItems": [{"identifier": "a", "fullStatement": "No code."}]}', "has a code"),
        (b"[" * 100_000, "no JSON file"),
    ],
)
def test_what_is_no_framework_says_so(data, sentence):
    with pytest.raises(DomainError, match=sentence):
        read_framework(data)


WORTH = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=2), max_size=2)
ROW = st.dictionaries(
    st.sampled_from(["identifier", "humanCodingScheme", "fullStatement", "educationLevel", "originNodeURI"]),
    WORTH,
    max_size=4,
)
ROWS = WORTH | st.lists(WORTH | ROW, max_size=3)


@given(ROWS, ROWS, WORTH | ROW)
def test_any_json_is_read_or_refused(items, links, document):
    content = {"CFItems": items, "CFAssociations": links, "CFDocument": document}
    with contextlib.suppress(DomainError):
        assert read_framework(json.dumps(content).encode()).items


def test_a_circle_of_items_ends():
    circle = package(CFAssociations=[child("a1", "b3"), child("b3", "a1")])
    assert read_framework(json.dumps(circle).encode()).items[1].grades == (4,)


def test_grades_and_prefixes_in_few_characters():
    assert grade_words([4]) == "4"
    assert grade_words(range(13)) == "K–12"
    assert grade_words([-2, 0, 2, 3]) == "PK, K, 2–3"
    assert common_prefix([PREFIX + "4.NF.A.1", PREFIX + "5.G"]) == PREFIX
    assert (common_prefix(["4.NF.A.1", "5.NF"]), common_prefix(["4.NF.A.1"]), common_prefix([])) == (
        "",
        "",
        "",
    )


def test_the_usual_choice_is_the_standards_of_the_schools_grades_without_their_common_prefix(cast):
    cast.school.highest_grade = 4
    cast.school.save()
    file = upload(cast)
    assert usual_choice(file) == FrameworkChoice(("4", ALL_GRADES), ("Component", "Standard"), PREFIX)
    apply(cast, file)
    assert standards(cast) == [
        ("4.NF.A.1", "Explain why a/b = na/nb.", "4", "Math", "Common Core Math", "a1"),
        ("4.NF.B.3", "Add and subtract.", "4", "Math", "Common Core Math", "b3"),
        ("4.NF.B.3a", "Join parts.", "4", "Math", "Common Core Math", "b3a"),
    ]


def test_applied_again_the_same_identifiers_update_and_undoing_restores(cast):
    first = apply(cast, upload(cast))
    before = list(Standard.objects.order_by("pk").values())
    newer = package()
    newer["CFItems"][2] |= {"humanCodingScheme": PREFIX + "4.NF.1", "fullStatement": "Explain equivalence."}
    newer["CFItems"][3] |= {"statusEndDate": "2026-06-30"}
    file = apply(cast, upload(cast, newer))
    assert (first.added, first.changed, file.added, file.changed) == (4, 0, 0, 2)
    assert Standard.objects.get(identifier="a1").code == "4.NF.1"
    assert Standard.objects.get(identifier="b3").is_retired
    with pytest.raises(DomainError, match="nothing to save"):
        apply(cast, upload(cast, newer))
    undo_framework(file, actor=cast.ana)
    assert list(Standard.objects.order_by("pk").values()) == before
    undo_framework(first, actor=cast.ana)
    assert standards(cast) == []


def test_a_typed_standard_becomes_the_frameworks_and_keeps_its_assessments(cast):
    typed = Standard.objects.create(school=cast.school, code="4.nf.a.1", statement="4.nf.a.1")
    other = Standard.objects.create(school=cast.school, code="4.NF.B.3", statement="Ours", framework="State")
    make_assessment(cast.team, standard=typed)
    file = apply(cast, upload(cast))
    typed.refresh_from_db()
    assert (typed.code, typed.identifier, typed.framework) == ("4.NF.A.1", "a1", "Common Core Math")
    other.refresh_from_db()
    assert (other.statement, other.identifier) == ("Ours", "")
    undo_framework(file, actor=cast.ana)
    assert sorted(Standard.objects.filter(school=cast.school).values_list("code", "framework")) == [
        ("4.NF.B.3", "State"),
        ("4.nf.a.1", ""),
    ]


def test_what_is_used_or_was_changed_since_stays_when_a_file_is_undone(cast):
    file = apply(cast, upload(cast))
    make_assessment(cast.team, standard=Standard.objects.get(identifier="a1"))
    Standard.objects.filter(identifier="b3").update(statement="In our words.")
    kept_measure(measure_of_standard(Standard.objects.get(identifier="b3a")))
    file = undo_framework(file, actor=cast.ana)
    assert (file.kept, file.state) == (3, "undone")
    assert [code for code, *_rest in standards(cast)] == ["4.NF.A.1", "4.NF.B.3", "4.NF.B.3a"]


def test_a_code_that_is_there_twice_is_left_out(cast):
    Standard.objects.create(
        school=cast.school, code="4.NF.A.1", statement="x", framework="Common Core Math", identifier="other"
    )
    double = package()
    double["CFItems"].append(item("b3-again", "4.nf.b.3", "Again.", ["04"]))
    file = upload(cast, double)
    assert framework_page(file, usual_choice(file), "", "").counts == {
        "new": 3,
        "changed": 0,
        "same": 0,
        "double": 2,
    }


def test_a_change_since_it_was_seen_is_not_overwritten(cast):
    file = upload(cast)
    choice = usual_choice(file)
    Standard.objects.create(school=cast.school, code="4.NF.A.1", statement="Typed meanwhile")
    with pytest.raises(DomainError, match="changed meanwhile"):
        apply_framework(file, actor=cast.ana, choice=choice, seen="4.0")
    assert len(standards(cast)) == 1


def test_others_may_not(cast):
    file = upload(cast)
    for actor in (cast.pia, cast.zed):
        with pytest.raises(PermissionDenied):
            upload(cast, actor=actor)
        with pytest.raises(PermissionDenied):
            apply(cast, file, actor=actor)
        with pytest.raises(PermissionDenied):
            undo_framework(file, actor=actor)
        with pytest.raises(PermissionDenied):
            discard_framework(file, actor=actor)
    assert (FrameworkFile.objects.count(), standards(cast)) == (1, [])


def test_the_pages_from_upload_to_undo(cast, as_user):
    ana = as_user(cast.ana)
    assert "/standards/files/" in ana.get("/standards/").content.decode()
    data = {"file": ContentFile(json.dumps(package()).encode(), name="math.json")}
    response = ana.post("/standards/files/", data)
    file = FrameworkFile.objects.get()
    assert response.url == file.get_absolute_url()
    page = ana.get(
        file.get_absolute_url(), {"chosen": "1", "grade": "5", "kind": "Standard", "without": PREFIX}
    )
    assert page.context["found"].counts["new"] == 1
    sent = {"chosen": "1", "grade": "5", "kind": "Standard", "without": PREFIX, "seen": "1.0"}
    ana.post(f"{file.get_absolute_url()}apply/", sent)
    ana.post(f"{file.get_absolute_url()}apply/", sent)
    assert [code for code, *_rest in standards(cast)] == ["5.NF.A.1"]
    assert "Undo this file" in ana.get(file.get_absolute_url()).content.decode()
    ana.post(f"{file.get_absolute_url()}discard/")
    assert FrameworkFile.objects.exists()
    ana.post(f"{file.get_absolute_url()}undo/")
    assert standards(cast) == []
    ana.post(f"{file.get_absolute_url()}discard/")
    assert not FrameworkFile.objects.exists()


def test_a_refused_upload_says_why(cast, as_user):
    response = as_user(cast.ana).post("/standards/files/", {"file": ContentFile(b"{}", name="x.json")})
    assert (response.status_code, FrameworkFile.objects.count()) == (422, 0)
    assert "has no CFItems" in response.content.decode()


@pytest.mark.sweep
def test_far_too_many_items_take_as_many_queries(cast, as_user, django_assert_max_num_queries):
    many = package()
    many["CFItems"] += [item(f"x{n}", f"4.X.{n}", "Words " * 60, ["04"]) for n in range(2000)]
    file = upload(cast, many)
    with django_assert_max_num_queries(30):
        assert as_user(cast.ana).get(file.get_absolute_url(), {"page": "3"}).status_code == 200
    with django_assert_max_num_queries(40):
        apply(cast, file)
    assert Standard.objects.filter(school=cast.school).count() == 2004
