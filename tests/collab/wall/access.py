from tests.access import READERS, Page, by, nothing, one
from tests.factories import rooms

STATES = [nothing, rooms.talked_over, rooms.restricted, rooms.closed]

PAGES = [
    *(Page("meeting-wall", one("meeting"), by(f"{READERS} gus"), given=given) for given in STATES),
    Page("meeting-wall-names", one("meeting"), by(f"{READERS} gus"), given=rooms.talked_over),
]
POSTS: list = []
