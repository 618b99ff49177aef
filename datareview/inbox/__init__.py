"""Inbox: files that come by themselves, from a watched folder of the server or by upload with a token.

It owns the folder, the tokens, and what became of each file; it reads, checks and applies files with the services of
imports, checking and loading. It never maps a file or repairs one: what is not as the last time waits for a person.
"""
