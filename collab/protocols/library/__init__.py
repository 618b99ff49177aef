"""Built-in protocols: the structure and durations of well-known ones, in our own words.

Each names its origin. Texts are marked for translation here, and translated when they are displayed or copied
to an agenda.
"""

from __future__ import annotations

from collab.protocols.library.dialogues import DIALOGUES
from collab.protocols.library.meetings import MEETINGS

BUILT_IN = (*MEETINGS, *DIALOGUES)
