"""One file that holds everything, made while the site runs, and what brings it back.

``archive`` is the file, ``sealing`` its encryption, ``manifest`` what it says of itself.
``sqlite`` and ``postgres`` read and write a database (``snapshots`` is what both can), ``uploads``
the folder of uploads; ``lacking`` is what no backup holds. ``making`` and ``restoring`` put them
together, and the commands call these two.
"""
