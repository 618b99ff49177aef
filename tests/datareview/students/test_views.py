"""The list of students over several pages."""

import datetime as dt
import re

from django.urls import reverse

from datareview.records.models import Section
from tests.conftest import TODAY, make_student


def test_page_links_keep_what_the_list_is_narrowed_by(cast, client):
    for number in range(120):
        make_student(cast.school, f"9{number:03}", "Page", f"Filler {number:03}", 4)
    client.force_login(cast.cora)
    first = client.get("/students/", {"grade": "4", "sort": "name"}).content.decode()
    assert 'href="?grade=4&amp;sort=name&amp;page=2"' in first
    second = client.get("/students/", {"grade": "4", "sort": "name", "page": "2"}).content.decode()
    assert re.search(r'rel="prev"\s+href="\?grade=4&amp;sort=name&amp;page=1"', second)
    assert "page=2" not in second.split('class="pagination"')[1].split("</nav>")[0].replace("page=3", "")


def test_the_filter_of_a_section_finds_who_is_in_it_today(cast, as_user):
    """Not who was in it, nor who was in a section with its number in another year."""
    earlier = cast.school.years.create(name="Last year", starts_on="2020-09-01", ends_on="2021-06-30")
    old = Section.objects.create(
        school=cast.school, year=earlier, local_id=cast.section.local_id, name="Old 4A", is_core=True
    )
    old.enrollments.create(student=cast.ines, starts_on="2020-09-01")
    cast.section.enrollments.filter(student=cast.jonas).update(ends_on=TODAY - dt.timedelta(days=1))
    cora, address = as_user(cast.cora), reverse("datareview:student-list")
    page = cora.get(address, {"section": cast.section.uuid}).context["list"]
    assert [row.student for row in page.rows] == [cast.maya]
    assert [one.name for one in page.sections] == ["4A", "4B"]
    assert cora.get(address, {"section": old.uuid}).context["list"].rows == []


def test_a_section_without_a_teacher_shows_no_empty_brackets(cast, as_user):
    cora, address = as_user(cast.cora), cast.maya.get_absolute_url()
    assert "(Ana R)" in " ".join(cora.get(address).content.decode().split())
    cast.section.teacher_links.all().delete()
    head = cora.get(address).content.decode().split('class="over"')[1].split("</p>")[0]
    assert ("4A" in head, "(" in head) == (True, False)
