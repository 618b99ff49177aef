from tests.access import EVERYBODY, Post, by

POSTS = [
    Post(
        "projector-switch",
        who=by(EVERYBODY),
        effect=lambda side: side.browser.session.get("projector"),
        becomes=True,
    ),
]
