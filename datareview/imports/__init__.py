"""File imports: upload, match columns, see the result.

Uses recognition and privacy. It must never check or write a value of a file, which checking and loading do.
"""
