from tests.access import STAFF, Page, by

PAGES = [Page("finder-show", who=by(STAFF))]
