from tests.access import STAFF, Elsewhere, Page, by

PAGES = [Page("report-show", who=by(STAFF))]

ELSEWHERE = [Elsewhere("report-download", "a PDF; tests/datareview/reports/test_reports.py reads it")]
