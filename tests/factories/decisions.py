"""A decision with a check date."""

import datetime as dt
import uuid

from collab.decisions.services import decisions
from tests.factories.meetings import current


def decide(cast, live, **fields):
    values = {
        "text": "Pairs",
        "check_on": cast.school.today() + dt.timedelta(weeks=4),
        "client_key": uuid.uuid4(),
    }
    return decisions.decide(current(live), actor=cast.ana, **{**values, **fields})
