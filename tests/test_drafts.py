"""Drafts are stored in the browser; on a shared machine they must not pass from one user to the next."""


def test_the_page_names_the_owner_of_drafts(cast, as_user):
    for person in (cast.ana, cast.tom):
        assert f'data-user="{person.pk}"' in as_user(person).get("/").content.decode()
