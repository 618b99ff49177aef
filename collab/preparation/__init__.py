"""The agenda before its meeting: the team's queue, proposals from the data, and the agenda email.

Uses agendas, meetings and protocols. It must never know its sources by name: they register themselves.
"""
