from tests.access import CAST, EVERYBODY, Elsewhere, Post, by

POSTS = [
    Post(
        "language-switch",
        who=by(EVERYBODY),
        data=lambda side: {"language": "es"},
        effect=lambda side: type(side.me).objects.get(pk=side.me.pk).language,
        becomes="es",
    ),
    Post(
        "school-switch",
        who=by(f"{CAST} gus dan"),
        data=lambda side: {"school": side.school.uuid},
        effect=lambda side: side.browser.session.get("school"),
        becomes=lambda side: side.school.pk,
        tolerates="school",
    ),
]

ELSEWHERE = [Elsewhere("demo-sign-in", "exists in a demo only; tests/teams/account/test_demo.py")]
