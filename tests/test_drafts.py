"""Drafts are stored in the browser; on a shared machine they must not pass from one user to the next."""

from pathlib import Path
from urllib.parse import unquote

from django.urls import reverse


def test_the_page_names_the_owner_of_drafts(cast, as_user):
    for person in (cast.ana, cast.tom):
        assert f'data-user="{person.pk}"' in as_user(person).get("/").content.decode()


def test_only_forms_of_accounts_and_searches_keep_no_drafts():
    texts = {path: path.read_text(encoding="utf-8") for path in Path("templates").rglob("*.html")}
    without = {
        str(path.parent.relative_to("templates")) for path, text in texts.items() if "data-no-draft" in text
    }
    accounts, searches = (
        {"account", "mfa/totp", "mfa/webauthn", "teams/people"},
        {"collab/search", "components", "datareview/survey_answers"},
    )
    assert without == accounts | searches


def test_after_an_expired_session_the_page_with_the_form_opens_again(cast, client):
    address = reverse("datareview:candidate-decide", args=[cast.candidate.uuid])
    page = cast.candidate.get_absolute_url()
    answer = client.post(address, {}, headers={"Referer": f"http://testserver{page}"})
    assert unquote(answer["Location"]) == f"/accounts/login/?next={page}"
    elsewhere = client.post(address, {}, headers={"Referer": "http://elsewhere.test/"})
    assert unquote(elsewhere["Location"]) == f"/accounts/login/?next={address}"


def test_the_page_with_the_form_opens_again_with_its_query(cast, client):
    page = f"{reverse('datareview:plan-start')}?student={cast.maya.uuid}"
    answer = client.post(page, {}, headers={"Referer": f"http://testserver{page}"})
    assert unquote(answer["Location"]) == f"/accounts/login/?next={page}"
