from tests.access import READERS, Page, by, one

PAGES = [Page("result-charts", one("assessment"), by(READERS))]
POSTS: list = []
