"""Drafts live in the browser; on a shared machine they must not pass from one person to the next."""


def test_the_page_says_whose_drafts_they_are(cast, as_user):
    for person in (cast.ana, cast.tom):
        assert f'data-user="{person.pk}"' in as_user(person).get("/").content.decode()
