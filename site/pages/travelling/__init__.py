"""Courses to take along: what a device fetches of a course or a path, piece by piece.

``packing`` draws lessons and cases into pieces, ``contents`` lists them, ``views`` hands them out.
docs/courses-to-take-along.md tells the whole.
"""
