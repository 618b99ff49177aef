from tests.access import Page, by

PAGES = [Page("seat-grid", who=by("sol cora zoe", rest=403))]
