"""Notes about a plan or one of its sessions that only some may read: a note on what was seen, with the plan it is about.

Uses the notes that people write about students, with their readers and log. It must never show that a note exists to
those who may not read it.
"""
