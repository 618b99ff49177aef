"""The dashboard's page."""

from django.urls import reverse


def test_another_team_is_shown_to_htmx_too(cast, as_user):
    address = reverse("datareview:dashboard-show", query={"team": cast.team.uuid})
    answer = as_user(cast.ana).get(address, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<main" in answer.content.decode()
