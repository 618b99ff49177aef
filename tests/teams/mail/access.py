from teams.mail.models import Mail
from tests.access import EVERYBODY, Page, Post, by, now, one

PAGES = [
    Page("mail-preferences", who=by(EVERYBODY)),
    Page("mail-list", who=by("ada zac", rest=403)),
]

POSTS = [
    Post(
        "mail-preferences",
        who=by(EVERYBODY),
        data=lambda side: {"wants_digest": "on", "quiet_from": "17:00", "quiet_until": "07:00"},
        effect=lambda side: type(side.me).objects.get(pk=side.me.pk).wants_invitations,
        becomes=False,
    ),
    Post(
        "mail-test",
        who=by("ada zac", rest=403),
        effect=lambda side: Mail.objects.filter(to=side.me, kind="account").count(),
        becomes=1,
    ),
    Post(
        "mail-retry",
        one("email"),
        by("ada", blind="zac", rest=403),
        effect=now("email", "given_up_at"),
        becomes=None,
    ),
]
