from tests.access import OFFICE, STAFF, Elsewhere, Page, by, one

SEES_MAYA = "ana tom sol cora pia ada"
WHOLE, PROVIDERS = by(OFFICE, rest=403), by(f"{OFFICE} sol", rest=403)
PAGES = [
    Page("plan-effects", one("plan"), by(SEES_MAYA)),
    Page("outcome-list", who=by(STAFF)),
    Page("outcome-detail", at=lambda side: ["minutes"], who=by(STAFF)),
    Page("outcome-detail", at=lambda side: ["tiers"], who=by(STAFF)),
    Page("outcome-detail", at=lambda side: ["strategies"], who=PROVIDERS),
    Page("outcome-detail", at=lambda side: ["caseload"], who=PROVIDERS),
    Page("outcome-detail", at=lambda side: ["flags"], who=WHOLE),
    Page("outcome-detail", at=lambda side: ["requests"], who=WHOLE),
    Page("outcome-detail", at=lambda side: ["seats"], who=WHOLE),
    Page("outcome-export", at=lambda side: ["minutes"], who=by(STAFF)),
    Page("outcome-export", at=lambda side: ["flags"], who=WHOLE),
]
ELSEWHERE = [Elsewhere("outcome-download", "a PDF; tests/datareview/outcomes/test_outcomes.py makes it")]
