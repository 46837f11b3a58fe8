"""How much of a calendar is given to whoever reads it again and again."""

from datetime import timedelta

#: Back far enough that what was cancelled leaves every calendar.
BACK = timedelta(days=30)
AHEAD = timedelta(days=400)
MOST = 500
