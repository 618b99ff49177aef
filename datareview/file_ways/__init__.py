"""How a file is read, corrected by hand: encoding, delimiter, widths, sheet, table, row with the names.

Uses imports and tables. It must never read a file in a request, nor change one that is applied.
"""
