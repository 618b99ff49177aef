from tests.access import STAFF, Page, by

PAGES = [Page("coverage-show", who=by(STAFF))]
