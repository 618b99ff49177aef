"""Choosing a language."""


def test_a_language_is_kept_and_one_is_back_where_one_was(cast, as_user):
    answer = as_user(cast.ana).post("/users/me/language/", {"language": "es", "next": "/school/"})
    cast.ana.refresh_from_db()
    assert (cast.ana.language, answer["Location"]) == ("es", "/school/")


def test_an_unknown_language_changes_nothing(cast, as_user):
    as_user(cast.ana).post("/users/me/language/", {"language": "xx"})
    cast.ana.refresh_from_db()
    assert cast.ana.language == ""


def test_one_is_never_sent_to_another_site(cast, as_user):
    answer = as_user(cast.ana).post("/users/me/language/", {"language": "es", "next": "https://evil.test/"})
    assert answer["Location"] == "/"
