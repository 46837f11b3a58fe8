"""What is kept about one person, over all apps: taken along, erased, and deleted when it is old.

Goes by the ``RECORDS`` that the apps declare (``core.declarations``); docs/personal-data.md.
"""
