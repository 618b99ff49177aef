from tests.access import EVERYBODY, Page, Post, by

PAGES = [
    Page("disclosure-list", who=by("pia ada zia zac", rest=403)),
]

POSTS = [
    Post(
        "projector-switch",
        who=by(EVERYBODY),
        effect=lambda side: side.browser.session.get("projector"),
        becomes=True,
    ),
]
