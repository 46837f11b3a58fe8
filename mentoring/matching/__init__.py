"""Who goes where: from numbers to pairs, proven best, with reasons. Nothing here knows Django.

``solving`` finds the pairs, ``changing`` the smallest change that would fill an empty seat, both
with ``programme`` where people travel together. What
the numbers mean is decided elsewhere, where needs and stays are read and reasons put into words.
"""
