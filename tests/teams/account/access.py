from tests.access import CAST, EVERYBODY, Elsewhere, Page, Post, by

PAGES = [
    Page("second-step-show", who=by(EVERYBODY)),
    Page("sign-in-edit", who=by("ada zac", rest=403)),
]

POSTS = [
    Post(
        "sign-in-edit",
        who=by("ada zac", rest=403),
        data=lambda side: {"demands_second_factor": "on"},
        effect=lambda side: type(side.own.school).objects.get(pk=side.own.school.pk).demands_second_factor,
        becomes=True,
    ),
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
