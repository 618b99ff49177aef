"""Settings for workers of the mail tests: claims expire after two seconds instead of five minutes."""

from __future__ import annotations

import datetime as dt

from teams.mail.services import sending

sending.CLAIMED_FOR = dt.timedelta(seconds=2)
