"""Certificates: what they say, how they are drawn, and how the world checks them."""
