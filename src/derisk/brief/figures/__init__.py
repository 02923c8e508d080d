"""Figures of the brief, one a file; each draws a study and returns a Figure, or None without data."""
