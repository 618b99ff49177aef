from tests.access import STAFF, Page, by

PAGES = [Page("dashboard-show", who=by(STAFF))]
