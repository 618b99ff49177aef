from tests.access import Elsewhere

ELSEWHERE = [
    Elsewhere("begin-show", "for a server without accounts only; tests/collab/setup/test_begin.py"),
]
