from tests.access import STAFF, Page, by

PAGES = [
    Page("dashboard-show", who=by(STAFF)),
    Page("dashboard-export", who=by("ana tom sol cora pia ada zac zoe zed zia")),
]
