"""What a learner sees of courses: what is offered, how far one is, and what the law has changed."""
