from tests.access import STAFF, Page, by

PAGES = [Page("explore-show", who=by(STAFF))]
