from tests.access import Elsewhere, Page, by

PAGES = [Page("setup-show", who=by("ada zac", rest=403))]

ELSEWHERE = [
    Elsewhere("begin-show", "for a server without accounts only; tests/collab/setup/test_begin.py"),
]
