"""The search page: state in the address, marks, empty states, the field in the bar."""

from __future__ import annotations

import uuid

from django.urls import reverse

from collab.discussion.models import Contribution


def test_what_was_found_is_marked_and_links_to_its_meeting(cast, as_user):
    Contribution.objects.create(
        item=cast.meeting.items.first(),
        author=cast.tom,
        text="Herons <b>fly</b>",
        client_key=uuid.uuid4(),
    )
    page = as_user(cast.ana).get(reverse("collab:search-show"), {"q": "heron"}).content.decode()
    assert f'<a href="{cast.meeting.get_absolute_url()}"><mark>Herons</mark> &lt;b&gt;fly' in page
    assert "1 result" in page
    assert 'value="heron"' in page


def test_nothing_asked_and_nothing_found_say_so(cast, as_user):
    client = as_user(cast.ana)
    assert "What are you looking for?" in client.get(reverse("collab:search-show")).content.decode()
    page = client.get(reverse("collab:search-show"), {"q": "heron"}).content.decode()
    assert "Nothing found" in page


def test_what_is_not_understood_is_said_and_the_rest_counts(cast, as_user):
    address = reverse("collab:search-show")
    wrong = {"q": "passages", "since": "yesterday", "kind": "spells", "team": "x", "page": "-4", "order": "?"}
    answer = as_user(cast.ana).get(address, wrong)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert "1 result" in page
    page = client_get(as_user(cast.ana), since="2026-05-02", until="2026-05-01")
    assert "is before the first" in page


def client_get(client, **query):
    return client.get(reverse("collab:search-show"), query).content.decode()


def test_a_query_of_any_length_and_kind_is_answered(cast, as_user):
    for text in ("'" * 50, "a " * 300, "\\", "%", "_", "&|!():*<->", '"', "-", "\x00x", "ﬁ İ ß", "💬"):
        assert as_user(cast.ana).get(reverse("collab:search-show"), {"q": text}).status_code == 200


def test_the_bar_has_a_field_for_who_has_a_school(cast, as_user, client):
    assert 'action="/search/"' in as_user(cast.ana).get("/").content.decode()
    client.logout()
    assert 'action="/search/"' not in client.get("/accounts/login/").content.decode()
