"""What editors and reviewers do with the bank in the admin, beside writing questions."""
