"""The pages of the server about devices: one's own, and taking in what one could not send."""
