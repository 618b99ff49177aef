"""Choosing a language."""


def test_a_language_is_stored_and_the_user_returns_to_the_page(cast, as_user):
    answer = as_user(cast.ana).post("/users/me/language/", {"language": "es", "next": "/school/"})
    cast.ana.refresh_from_db()
    assert (cast.ana.language, answer["Location"]) == ("es", "/school/")


def test_an_unknown_language_changes_nothing(cast, as_user):
    as_user(cast.ana).post("/users/me/language/", {"language": "xx"})
    cast.ana.refresh_from_db()
    assert cast.ana.language == ""


def test_the_redirect_never_leaves_the_site(cast, as_user):
    answer = as_user(cast.ana).post("/users/me/language/", {"language": "es", "next": "https://evil.test/"})
    assert answer["Location"] == "/"
