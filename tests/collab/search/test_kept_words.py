"""Words that are searched for stand in no address: they stay in the session, under a key."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from teams.lib.kept_words import KEPT, keep_words, words_of

SEARCH, STUDENTS = "collab:search-show", "datareview:student-list"


def typed(words, **others):
    return {"search": "new", "q": words, **others}


@pytest.mark.parametrize(
    ("name", "person"),
    [(SEARCH, "cora"), (STUDENTS, "cora"), ("datareview:leaver-list", "cora"), ("teams:person-list", "ada")],
)
def test_a_search_leads_to_an_address_without_its_words(cast, as_user, name, person):
    client = as_user(getattr(cast, person))
    answer = client.post(reverse(name), typed("Maya Okafor", sort="name", grade=""))
    assert answer.status_code == 302
    assert re.fullmatch(rf"{reverse(name)}\?sort=name&search=[\w-]+", answer["Location"])
    page = client.get(answer["Location"]).content.decode()
    assert 'value="Maya Okafor"' in page
    assert not re.search(r'(href|action|hx-get|hx-post)="[^"]*(Maya|Okafor)', page)


def test_a_list_of_a_search_has_its_rows_and_its_links_keep_it(cast, as_user):
    client = as_user(cast.cora)
    address = client.post(reverse(STUDENTS), typed("maya"))["Location"]
    page = client.get(address).content.decode()
    assert "Maya Okafor</a>" in page
    assert "Jonas" not in page
    key = address.partition("search=")[2]
    assert f"?search={key}&amp;sort=" in page or f"&amp;search={key}" in page
    assert "q=" not in page
    assert f'<input type="hidden" name="search" value="{key}">' in page  # of the download
    file = client.get(reverse("datareview:student-export"), {"search": key}).content.decode()
    assert ("Maya" in file, "Jonas" in file) == (True, False)


def test_back_leads_to_the_search_before(cast, as_user):
    client = as_user(cast.cora)
    first = client.post(reverse(STUDENTS), typed("maya"))["Location"]
    second = client.post(reverse(STUDENTS), typed("jonas"))["Location"]
    pages = [client.get(address).content.decode() for address in (second, first)]
    assert [("Maya Okafor</a>" in page, "Jonas" in page) for page in pages] == [(False, True), (True, False)]
    assert client.post(reverse(STUDENTS), typed("maya"))["Location"] == first


def test_an_address_of_somebody_elses_search_has_no_words_and_says_so(cast, as_user):
    address = as_user(cast.cora).post(reverse(STUDENTS), typed("maya"))["Location"]
    page = as_user(cast.ana).get(address).content.decode()
    assert "Maya Okafor</a>" in page
    assert "Jonas" in page
    assert 'value="maya"' not in page
    assert "stay with who typed them" in page


def test_a_search_without_words_is_the_whole_list(cast, as_user):
    client = as_user(cast.cora)
    assert client.post(reverse(STUDENTS), typed("  ", show="flagged"))["Location"].endswith("/?show=flagged")
    assert client.post(reverse(STUDENTS), typed(""))["Location"] == reverse(STUDENTS)


def test_a_search_by_htmx_is_redirected_to_the_address_that_is_pushed(cast, as_user):
    client = as_user(cast.cora)
    htmx = {"HX-Request": "true", "HX-Target": "students"}
    address = client.post(reverse(STUDENTS), typed("maya"), headers=htmx)["Location"]
    region = client.get(address, headers=htmx).content.decode()
    assert ("Maya Okafor</a>" in region, "<html" in region) == (True, False)


def test_names_that_are_hidden_stay_hidden_in_a_search(cast, as_user):
    client = as_user(cast.ana)
    client.post(reverse("datareview:projector-switch"), {"next": "/"})
    address = client.post(reverse(STUDENTS), typed("maya okafor"))["Location"]
    answer = client.get(address)
    assert answer.status_code == 200
    assert re.search(r"Student \d+</a>", answer.content.decode())
    assert "okafor" not in answer.content.decode().casefold()


def test_a_search_without_djangos_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.cora, backend="teams.account.backends.ScopeBackend")
    assert client.post(reverse(STUDENTS), typed("maya")).status_code == 403
    assert "searches" not in client.session


def test_the_last_searches_are_kept():
    session = {}
    keys = [keep_words(session, f"word {n}") for n in range(KEPT + 1)]
    assert (words_of(session, keys[0]), words_of(session, keys[1])) == (None, "word 1")
    assert keep_words(session, "word 1") == keys[1]
    keep_words(session, "another")
    assert (words_of(session, keys[1]), words_of(session, keys[2])) == ("word 1", None)
