from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Images, documents and media files, and their guarded delivery."""

    name = "files"
