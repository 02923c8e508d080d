"""Intake: publishers' files opened, their rows taken over, refused or set aside, with nothing lost."""
