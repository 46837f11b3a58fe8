"""Two languages, one truth: what is translated, by whom, who looked (``docs/translation.md``)."""
