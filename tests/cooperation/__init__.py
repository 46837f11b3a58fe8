"""The cooperation: initiatives, bodies, meetings, decisions."""
