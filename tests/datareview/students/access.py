from tests.access import STAFF, Page, by, one

PAGES = [
    Page("student-list", who=by(STAFF)),
    Page("student-export", who=by(STAFF)),
    Page("student-detail", one("maya"), by("ana tom sol cora pia ada")),
    Page("student-conference", one("maya"), by("ana tom sol cora pia ada")),
    Page("student-years", one("maya"), by("ana tom sol cora pia ada")),
    Page("student-measures", one("maya"), by("ana tom sol cora pia ada")),
]
