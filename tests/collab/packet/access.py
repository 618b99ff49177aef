from tests.access import Elsewhere

PAGES: list = []
POSTS: list = []

ELSEWHERE = [Elsewhere("packet-download", "a PDF; tests/collab/packet/test_views.py reads it")]
