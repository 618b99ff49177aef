"""PDF files: a page requests one, a worker makes it, and only the requester may download it, for a day.

Who no longer has the role and teams of then can't. Uses access, jobs and the directory. It must never decide who may
read a document's content: the requesting page does that.
"""
