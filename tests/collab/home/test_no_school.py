"""Who works at no school today, or no longer, is refused a school's pages, without a server error."""

import pytest
from django.urls import reverse

PAGES = [
    "collab:question-list",
    "collab:poll-list",
    "teams:timetable-show",
    "teams:bells-show",
    "teams:calendar-show",
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_school_is_refused(client, django_user_model, db, name):
    client.force_login(django_user_model.objects.create_user(email="new@x.org", password="x"))
    assert client.get(reverse(name)).status_code == 403
