"""Sign-in, preferences, the switch of schools and the demo's one-click sign-in.

Uses the directory and access. It must never tell whether an address has an account.
"""
