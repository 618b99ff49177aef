"""File imports: match columns, check, apply and undo.

Uses records, trends and runs. It must never apply a part of a file.
"""
