"""The build runs where only DuckDB and a YAML reader are installed."""

from __future__ import annotations

import subprocess
import sys


def test_build_module_loads_no_tables_library():
    code = "import sys, derisk.data.build; print(sorted({'pandas', 'numpy', 'duckdb', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
