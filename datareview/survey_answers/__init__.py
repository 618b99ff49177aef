"""What people answer to surveys: by a link, about their students, the results, and the talks that answers ask for.

Uses surveys, runs and mail. It must never say who gave an anonymous answer, nor show answers to people for whom they are
not meant.
"""
