from tests.access import Page, by, one

PAGES = [
    Page("job-list", who=by("ada zac", rest=403)),
    Page("job-detail", one("job"), by("ada")),
]
