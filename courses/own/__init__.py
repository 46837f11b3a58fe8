"""What a learner keeps for themselves: bookmarks and notes."""
