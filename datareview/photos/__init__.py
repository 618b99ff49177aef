"""Photos of students, if the school wants them: small, without metadata, only for who sees the student.

Uses records. It must never be part of an export, a PDF file or a page on which names are hidden.
"""
