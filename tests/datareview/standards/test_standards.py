import re

import pytest
from django.core.exceptions import PermissionDenied

from datareview.privacy.choices import choice_key
from datareview.records.models import Standard
from datareview.standards.services.standards import (
    StandardValues,
    add_standard,
    change_standard,
    retire_standard,
    standard_fingerprint,
)
from teams.lib.errors import DomainError, StaleEdit
from tests.factories.assessments import make_assessment, make_standard

COUNT = StandardValues("K.CC.1", "Count to 100.", "Common Core", "K", "Math")


def listed(response):
    return re.findall(r'<th scope="row">\s*(?:<a [^>]*>)?\s*([^<\s]+)\s*<', response.content.decode())


def test_a_standard_is_typed_and_found_by_code_and_words(cast, as_user):
    add_standard(cast.school, actor=cast.ana, values=COUNT)
    make_standard(cast.school)
    make_standard(cast.other_school, "Z.1", "Count the leaks.")
    ana = as_user(cast.ana)
    assert listed(ana.get("/standards/")) == ["4.NF.B.3", "K.CC.1"]
    assert listed(ana.get("/standards/", {"q": "count 100"})) == ["K.CC.1"]
    assert listed(ana.get("/standards/", {"q": "nf.b"})) == ["4.NF.B.3"]
    assert listed(ana.get("/standards/", {"subject": choice_key("Math")})) == ["K.CC.1"]
    assert listed(ana.get("/standards/", {"q": "leaks"})) == []


def test_a_framework_has_a_code_once(cast):
    add_standard(cast.school, actor=cast.ana, values=COUNT)
    with pytest.raises(DomainError, match=r"The school has k\.cc\.1 already"):
        add_standard(cast.school, actor=cast.ana, values=StandardValues("k.cc.1", "Other", "Common Core"))
    add_standard(cast.school, actor=cast.ana, values=StandardValues("K.CC.1", "Other", "State"))
    with pytest.raises(DomainError, match="needs a code and its words"):
        add_standard(cast.school, actor=cast.ana, values=StandardValues("X", "  "))


@pytest.mark.parametrize("name", ["pia", "zed"])
def test_others_change_nothing(cast, name):
    standard, actor = make_standard(cast.school), getattr(cast, name)
    with pytest.raises(PermissionDenied):
        add_standard(cast.school, actor=actor, values=COUNT)
    with pytest.raises(PermissionDenied):
        change_standard(standard, actor=actor, values=COUNT, seen=standard_fingerprint(standard))
    with pytest.raises(PermissionDenied):
        retire_standard(standard, actor=actor, is_retired=True)
    assert list(Standard.objects.filter(school=cast.school).values_list("code", "is_retired")) == [
        ("4.NF.B.3", False)
    ]


def test_two_people_at_once_see_both_texts(cast, as_user):
    standard = make_standard(cast.school)
    seen = standard_fingerprint(standard)
    change_standard(standard, actor=cast.tom, values=StandardValues("4.NF.B.3", "Tom’s words"), seen=seen)
    with pytest.raises(StaleEdit) as caught:
        change_standard(standard, actor=cast.ana, values=COUNT, seen=seen)
    assert caught.value.current == "4.NF.B.3 · Tom’s words"
    page = as_user(cast.ana).post(
        f"/standards/{standard.uuid}/edit/", {"code": "4.NF.B.3", "statement": "Ana’s words", "seen": seen}
    )
    assert page.status_code == 422
    assert "Tom’s words" in page.content.decode()
    assert "Ana’s words" in page.content.decode()


def test_a_retired_standard_is_listed_apart_and_comes_back(cast, as_user):
    standard = make_standard(cast.school)
    make_assessment(cast.team, standard=standard)
    ana = as_user(cast.ana)
    for is_retired, in_use, retired in [("yes", [], ["4.NF.B.3"]), ("no", ["4.NF.B.3"], [])]:
        ana.post(f"/standards/{standard.uuid}/retire/", {"retired": is_retired})
        assert listed(ana.get("/standards/")) == in_use
        assert listed(ana.get("/standards/", {"show": "retired"})) == retired
    assert standard.items.count() == 4


def test_where_a_standard_is_used_shows_only_what_the_reader_may_see(cast, as_user):
    standard = make_standard(cast.school)
    make_assessment(cast.team, standard=standard)
    url = f"/standards/{standard.uuid}/edit/"
    assert "Unit 3 check" in as_user(cast.ana).get(url).content.decode()
    assert "Unit 3 check" not in as_user(cast.gil).get(url).content.decode()


def test_hundreds_come_in_pages(cast, as_user):
    Standard.objects.bulk_create(
        Standard(school=cast.school, code=f"S.{n:03}", statement="Words " * 150) for n in range(120)
    )
    assert len(listed(as_user(cast.ana).get("/standards/"))) == 50
    assert listed(as_user(cast.ana).get("/standards/", {"page": "3"}))[-1] == "S.119"
