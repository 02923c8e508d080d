"""Importers: one publisher's files a module; each reads a path and returns what it took in."""
