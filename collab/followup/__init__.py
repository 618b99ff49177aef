"""Questions to leaders, causes of what data show, and what teachers change in their lessons.

Uses agendas, discussion and preparation, whose queue it feeds. It must never know about decisions or the live room.
"""
