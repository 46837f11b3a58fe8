"""The pages of half-year reports: the list, one report, its words, its rows, its files."""
