from tests.access import Page, by, one

WHO_SEE_MAYA = "ana tom sol cora pia ada"

PAGES = [
    Page(
        "origin-show",
        one("maya"),
        by(WHO_SEE_MAYA),
        query=lambda side: {"of": f"day-{side.school.today()}"},
    ),
]
