"""The library of good practice: written by members, looked through, found, shown in lessons."""
