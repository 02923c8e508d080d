"""JSON output: one document on standard output, readable in any encoding."""

from __future__ import annotations

import json
import sys


def print_json(value: object) -> None:
    """Print a value as one JSON document; letters that the output cannot carry are escaped."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        text = json.dumps(value, indent=1, allow_nan=False)
    sys.stdout.write(text + "\n")
