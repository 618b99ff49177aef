from tests.access import STAFF, Page, by

PAGES = [Page("search-show", who=by(STAFF))]
