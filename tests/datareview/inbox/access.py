from datareview.inbox.models import Inbox, UploadToken
from tests.access import Elsewhere, Page, Post, by, one

ADMIN = by("ada zac", rest=403)


def _tokens(side) -> list:
    rows = UploadToken.objects.filter(school=side.own.school, name="SIS")
    return list(rows.values_list("made_by", flat=True))


def _watched(side) -> list:
    return list(Inbox.objects.filter(school=side.own.school).values_list("watched_by", flat=True))


def _is_revoked(side) -> bool:
    return UploadToken.objects.get(pk=side.token.pk).revoked_at is not None


PAGES = [Page("inbox-show", who=ADMIN)]

POSTS = [
    Post(
        "inbox-watch",
        who=ADMIN,
        data=lambda side: {"is_watched": "yes"},
        effect=_watched,
        becomes=lambda side: [side.me.pk],
    ),
    Post(
        "token-make",
        who=ADMIN,
        data=lambda side: {"name": "SIS"},
        effect=_tokens,
        becomes=lambda side: [side.me.pk],
    ),
    Post("token-revoke", one("token"), by("ada"), effect=_is_revoked, becomes=True),
]

ELSEWHERE = [Elsewhere("file-put", "for a program with a token; tests/datareview/inbox/test_uploads.py")]
