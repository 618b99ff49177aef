"""Settings for workers of the mail tests: claims expire after two seconds instead of five minutes."""

from __future__ import annotations

import datetime as dt

from teams.mail import services as mail

mail.CLAIMED_FOR = dt.timedelta(seconds=2)
