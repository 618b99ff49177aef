"""Choosing the colors of pages."""

DARK = '<meta name="color-scheme" content="dark">'


def test_chosen_colors_hold_on_every_device(cast, as_user):
    answer = as_user(cast.ana).post("/users/me/theme/", {"theme": "dark", "next": "/students/"})

    assert answer["Location"] == "/students/"
    assert DARK in as_user(cast.ana).get("/students/").text
    assert DARK not in as_user(cast.cora).get("/students/").text


def test_colors_follow_the_device_again(cast, as_user):
    client = as_user(cast.ana)
    for theme in ("dark", ""):
        client.post("/users/me/theme/", {"theme": theme})
    cast.ana.refresh_from_db()

    assert cast.ana.theme == ""
    assert 'media="screen and (prefers-color-scheme: dark)"' in client.get("/").text


def test_unknown_colors_change_nothing(cast, as_user):
    page = as_user(cast.ana).post("/users/me/theme/", {"theme": "sepia"}, follow=True)
    cast.ana.refresh_from_db()

    assert "Choose light, dark, or the device’s colors." in page.text
    assert cast.ana.theme == ""


def test_the_redirect_never_leaves_the_site(cast, as_user):
    answer = as_user(cast.ana).post("/users/me/theme/", {"theme": "dark", "next": "https://evil.test/"})

    assert answer["Location"] == "/"


def test_a_projector_has_colors_of_its_own(cast, as_user):
    cast.ana.theme = "light"
    cast.ana.save()
    client = as_user(cast.ana)
    client.post("/projector/")
    client.post("/users/me/theme/", {"theme": "dark"})
    assert DARK in client.get("/students/").text

    client.post("/projector/")
    cast.ana.refresh_from_db()
    assert cast.ana.theme == "light"
    assert DARK not in client.get("/students/").text
    client.post("/projector/")
    assert DARK in client.get("/students/").text


def test_the_projector_refuses_unknown_colors(cast, as_user):
    client = as_user(cast.ana)
    client.post("/projector/")
    client.post("/users/me/theme/", {"theme": "sepia"})

    assert "projector_theme" not in client.session
