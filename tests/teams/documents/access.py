from tests.access import Elsewhere

ELSEWHERE = [
    Elsewhere("document-detail", "only who asked; tests/teams/documents/test_documents.py"),
    Elsewhere("document-download", "only who asked; tests/teams/documents/test_documents.py"),
]
