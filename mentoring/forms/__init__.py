"""What people fill in. A session's content is judged by ``mentoring.content``, not here."""
