"""No one forgotten: which students teams have spoken of, and which they have not.

Uses agendas, and what datareview knows of students. It must never count what its reader may not read.
"""
