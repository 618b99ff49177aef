from tests.access import EVERYBODY, Post, by

POSTS = [
    Post(
        "theme-switch",
        who=by(EVERYBODY),
        data=lambda side: {"theme": "dark"},
        effect=lambda side: type(side.me).objects.get(pk=side.me.pk).theme,
        becomes="dark",
    ),
]
