from tests.access import READERS, Page, by, one

PAGES = [Page("meeting-detail", one("meeting"), by(f"{READERS} gus"))]
