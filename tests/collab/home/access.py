from tests.access import EVERYBODY, Page, by

PAGES = [Page("home-show", who=by(EVERYBODY))]
