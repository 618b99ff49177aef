"""The list of students over several pages."""

import re

from tests.conftest import make_student


def test_page_links_keep_what_the_list_is_narrowed_by(cast, client):
    for number in range(120):
        make_student(cast.school, f"9{number:03}", "Page", f"Filler {number:03}", 4)
    client.force_login(cast.cora)
    first = client.get("/students/", {"grade": "4", "sort": "name"}).content.decode()
    assert 'href="?grade=4&amp;sort=name&amp;page=2"' in first
    second = client.get("/students/", {"grade": "4", "sort": "name", "page": "2"}).content.decode()
    assert re.search(r'rel="prev"\s+href="\?grade=4&amp;sort=name&amp;page=1"', second)
    assert "page=2" not in second.split('class="pagination"')[1].split("</nav>")[0].replace("page=3", "")
