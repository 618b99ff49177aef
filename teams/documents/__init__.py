"""PDF files: a page asks for one, a worker makes it, and only who asked may fetch it, for a day.

Uses jobs and the directory. It must never decide who may read what is in a document: the page that asks has done that.
"""
