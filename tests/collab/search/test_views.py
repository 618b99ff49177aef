"""The search page: state in the URL, marks, empty states, and the field in the top bar."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from collab.discussion.models import Contribution


def test_results_are_marked_and_link_to_their_meeting(cast, as_user):
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


def test_empty_queries_and_empty_results_say_so(cast, as_user):
    client = as_user(cast.ana)
    assert "What are you looking for?" in client.get(reverse("collab:search-show")).content.decode()
    page = client.get(reverse("collab:search-show"), {"q": "heron"}).content.decode()
    assert "Nothing found" in page


def test_invalid_filters_are_reported_and_ignored(cast, as_user):
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


@pytest.mark.sweep
def test_queries_of_any_length_and_kind_are_answered(cast, as_user):
    for text in ("'" * 50, "a " * 300, "\\", "%", "_", "&|!():*<->", '"', "-", "ﬁ İ ß", "💬"):
        assert as_user(cast.ana).get(reverse("collab:search-show"), {"q": text}).status_code == 200


def test_the_bar_has_a_field_for_users_with_a_school(cast, as_user, client):
    assert 'action="/search/"' in as_user(cast.ana).get("/").content.decode()
    client.logout()
    assert 'action="/search/"' not in client.get("/accounts/login/").content.decode()
