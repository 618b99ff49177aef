"""PDF files: a page requests one, a worker makes it, and only the requester may download it, for a day.

Uses jobs and the directory. It must never decide who may read a document's content: the requesting page does that.
"""
