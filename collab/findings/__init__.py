"""Findings: the results of an assessment on an agenda item, shown to everyone in the meeting and kept in its minutes.

Uses agendas, and the results of datareview. It must never know what people conclude from them.
"""
