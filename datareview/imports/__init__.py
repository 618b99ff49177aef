"""File imports: upload, match columns, check.

Uses records and privacy. It must never write a value of a file, which loading does.
"""
