from tests.access import Page, Post, by, now, one

WHO_TRIAGE = by("cora pia", sees="ana tom sol ada")

PAGES = [Page("case-lead-edit", one("maya"), WHO_TRIAGE)]
POSTS = [
    Post(
        "case-lead-edit",
        one("maya"),
        WHO_TRIAGE,
        data=lambda side: {"lead": side.staff.sol.uuid, "seen": ""},
        effect=now("maya", "case_lead__user__first_name"),
        becomes="Sol",
    )
]
