"""Forms of imports: `files` (upload, match columns), `answers` and `absences` (what is asked of such files), `codes`.

`codes` asks what a code in a cell stands for.
"""
