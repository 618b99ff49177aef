from tests.access import Elsewhere, Page, by

PAGES = [Page("invitation-links", who=by("ada zac", rest=403))]

ELSEWHERE = [
    Elsewhere(
        "invitation-answer",
        "is for people who have no account yet; tests/teams/invitations/test_invitations.py",
    ),
]
