"""Background jobs: stored, queued, retried, and shown with their progress.

Uses lib, directory and access. It must never know about the work of a job.
"""
