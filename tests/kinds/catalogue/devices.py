"""What lies on the device: pages that are the same for everybody until their script fills them; and
what the server knows of devices."""

from tests.kinds.catalogue.kind import FORM, Kind, empty

#: What they take comes once: the worker keeps it, and a visit after the first takes nothing of it.
ONCE = 42_000

DEVICES = [
    Kind("without net", "enhed/offline/", requests=4, budget=ONCE),
    Kind("saving data", "data/"),
    Kind("saving data, chosen", "data/", send={"choice": ["spar"]}),
    Kind("saving data, unknown choice", "data/", send={"choice": ["måske"]}),
    Kind("what lies on the device", "enhed/", requests=4, budget=ONCE),
    Kind("the log on the device", "enhed/log/", requests=4, budget=FORM),
    Kind("two versions on the device", "enhed/konflikt/", requests=4, budget=FORM),
    # The fifth asks who one is, and for the server's key: this page is the same for everybody.
    Kind("set a device up, signed out", "enhed/klar/", requests=5, budget=ONCE),
    Kind("set a device up", "enhed/klar/", "caseworker", requests=5, budget=ONCE),
    Kind("open a device", "enhed/laas-op/", "caseworker", requests=4, budget=ONCE),
    Kind("another PIN", "enhed/kode/", "caseworker", requests=4, budget=ONCE),
    Kind("PIN forgotten", "enhed/glemt/", "caseworker", requests=4, budget=ONCE),
    Kind("save a file", "enhed/fil/", "caseworker", requests=4, budget=ONCE),
    Kind("my devices, none", "enheder/", "leader"),
    Kind("my devices", "enheder/", "mentor"),
    Kind("a device", "enheder/{device}/", "mentor"),
    Kind("a device, no name", "enheder/{device}/", "mentor", status=422, send=empty("name")),
    Kind("a device, shut out", "enheder/{device_out}/", "mentor"),
    Kind("take a file in", "enheder/fil/", "coordinator"),
    Kind("take a file in, none", "enheder/fil/", "coordinator", status=422, send={}),
    Kind("what is not sent", "enheder/ikke-sendt/", "coordinator"),
    Kind("courses on this device", "enhed/kurser/", requests=4, budget=ONCE),
    Kind("read without net", "enhed/kurser/laes/", requests=4, budget=ONCE),
    Kind(
        "take a course along", "tag-med/kursus/{course_key}/", "caseworker", requests=8, budget=ONCE
    ),
    Kind(
        "take a learning path along",
        "tag-med/forloeb/{path}/",
        "caseworker",
        requests=8,
        budget=ONCE,
    ),
    Kind("waits for you, on this device", "enhed/bekraeft/", requests=4, budget=ONCE),
    Kind("handovers on this device", "enhed/overdragelser/", requests=4, budget=ONCE),
]
