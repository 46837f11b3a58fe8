"""The one error of this package."""


class BackupRefused(Exception):
    """A backup cannot be made, or one cannot be restored; says why, for whoever runs the site.

    Nothing has been changed, and nothing half-done is left.
    """
