"""A mentor leaves: the dossier, who takes it over, and what is followed up afterwards."""
