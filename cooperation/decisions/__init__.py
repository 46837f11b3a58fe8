"""What was decided and who does what about it: the register, its history, and what is late."""
