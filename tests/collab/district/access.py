from tests.access import Elsewhere, Page, by

PAGES = [Page("district-show", who=by("ada zac", rest=403))]

WHY = "for administrators of a district, whatever their school; tests/collab/district/test_district.py"
ELSEWHERE = [
    Elsewhere(f"district-{name}", WHY)
    for name in ("found", "copy", "school-add", "school-invite", "administrator-add", "administrator-remove")
]
