"""Expired sessions, and the content security policy."""


def test_an_expired_session_sends_the_whole_page_to_sign_in(client, db):
    answer = client.get(
        "/students/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/students/?grade=4"}
    )
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fstudents%2F"


def test_without_htmx_it_is_an_ordinary_redirect(client, db):
    assert client.get("/students/").headers["Location"] == "/accounts/login/?next=/students/"


def test_the_policy_of_a_page_is_strict(cast, as_user):
    policy = as_user(cast.ana).get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
