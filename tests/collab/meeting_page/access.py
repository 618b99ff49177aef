from tests.access import READERS, Page, by, nothing, one
from tests.factories import rooms

STATES = [nothing, rooms.kept_from_tom, rooms.talked_over, rooms.restricted, rooms.closed]

PAGES = [Page("meeting-detail", one("meeting"), by(f"{READERS} gus"), given=given) for given in STATES]
