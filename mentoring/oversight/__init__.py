"""What a coordinator looks through: lists that are narrowed, kept and taken along; who is stuck.

``listing`` is the one way to look through many rows, ``stuck`` says once what counts as stuck, and
``lists`` is what there is to look through.
"""
