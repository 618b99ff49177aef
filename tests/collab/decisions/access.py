from tests.access import READERS, Page, by, one

PAGES = [Page("ledger-show", one("team"), by(READERS))]
POSTS = []
