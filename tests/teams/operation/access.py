from tests.access import Page, by

PAGES = [
    Page("server-show", who=by("ada zac", rest=403)),
]
