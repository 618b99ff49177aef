"""The agenda before its meeting, and the team's queue.

Uses agendas, proposals, meetings and protocols. It must never know its sources by name: they register themselves.
"""
