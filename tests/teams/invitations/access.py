from tests.access import Elsewhere

ELSEWHERE = [
    Elsewhere(
        "invitation-answer",
        "is for people who have no account yet; tests/teams/invitations/test_invitations.py",
    ),
]
