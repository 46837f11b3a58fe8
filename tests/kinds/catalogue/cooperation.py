"""Initiatives, and the bodies that meet."""

from tests.kinds.catalogue.kind import Kind

COOPERATION = [
    Kind("cooperation", "samarbejde/", "coordinator"),
    Kind("cooperation, nothing of one's own", "samarbejde/", "new leader"),
    Kind("initiatives", "samarbejde/initiativer/", "caseworker"),
    Kind("initiative", "samarbejde/initiativer/{initiative}/", "caseworker"),
    Kind("initiative, nothing said", "samarbejde/initiativer/{quiet_initiative}/", "coordinator"),
    Kind("bodies", "samarbejde/grupper/", "coordinator"),
    Kind("bodies, none", "samarbejde/grupper/", "new caseworker"),
    Kind("body", "samarbejde/grupper/{body}/", "coordinator"),
    Kind("body, nobody in it", "samarbejde/grupper/{empty_body}/", "coordinator"),
]
