from datareview.plan_notes.models import PlanNote
from tests.access import Page, Post, by, one

SEES_MAYA = by("ana tom sol cora pia ada")

PAGES = [Page("plan-note-write", one("plan"), SEES_MAYA)]

POSTS = [
    Post(
        "plan-note-write",
        one("plan"),
        SEES_MAYA,
        data=lambda side: {"text": "Sleeps badly", "sharing": "me", "seen_on": side.school.today()},
        effect=lambda side: list(
            PlanNote.objects.filter(plan=side.plan).values_list("anecdote__author", "anecdote__sharing")
        ),
        becomes=lambda side: [(side.me.pk, "me")],
    ),
]
