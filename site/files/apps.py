from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Images, documents and media files, and their guarded delivery."""

    name = "files"

    def ready(self) -> None:
        """Look at uploads that wait for their words."""
        from files import receivers

        receivers.connect()
