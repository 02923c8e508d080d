"""Exports: rows and records leave as tables that carry their sources and licences, one format a module."""
