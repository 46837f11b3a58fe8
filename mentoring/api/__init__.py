"""What a device sends sessions with: JSON in, a receipt out. ``schema`` describes it."""
