from tests.access import READERS, Page, by, one

PAGES = [
    Page("assessment-detail", one("assessment"), by(READERS)),
]
