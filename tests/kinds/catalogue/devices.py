"""What lies on the device: pages that are the same for everybody until their script fills them."""

from tests.kinds.catalogue.kind import FORM, Kind

DEVICES = [
    Kind("without net", "enhed/offline/", requests=4),
    Kind("saving data", "data/"),
    Kind("saving data, chosen", "data/", send={"choice": ["spar"]}),
    Kind("saving data, unknown choice", "data/", send={"choice": ["måske"]}),
    Kind("what lies on the device", "enhed/", requests=4),
    Kind("the log on the device", "enhed/log/", requests=4, budget=FORM),
    Kind("two versions on the device", "enhed/konflikt/", requests=4),
]
