from tests.access import STAFF, Page, by

PAGES = [Page("mastery-list", who=by(STAFF))]
POSTS: list = []
