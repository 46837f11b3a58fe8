"""Questions from and for other systems: GIFT, Aiken and Moodle XML; see docs/questions.md."""
