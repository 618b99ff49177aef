"""Sign-in, preferences, switching schools, and the demo's one-click sign-in.

Uses the directory and access. It must never reveal whether an email address has an account.
"""
