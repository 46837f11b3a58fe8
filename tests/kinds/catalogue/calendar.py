"""One's own calendar."""

from tests.kinds.catalogue.kind import Kind

CALENDAR = [
    Kind("calendar of a mentor", "kalender/", "mentor"),
    Kind("calendar of a coordinator", "kalender/", "town coordinator"),
    Kind("calendar, nothing in it", "kalender/", "nobody"),
    Kind("calendar, a month of long ago", "kalender/?maaned=2020-01", "caseworker"),
]
