"""Children: processes beside this one that run a module of the package and talk in lines of JSON."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any, Final

Message = dict[str, Any]

_START: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; from importlib import import_module; import_module(sys.argv[1]).main()"
)
"""A child finds modules where its parent does, and runs neither the parent's script nor what lies in its folder."""


class Child:
    """A process of its own, told what to do over its standard input; it ends when this process does."""

    def __init__(self, module: str) -> None:
        """Start `main()` of a module.

        Args:
            module: the module's full name.

        Raises:
            OSError: no process can be started here.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, module, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            start_new_session=True,  # an interrupt is the parent's to answer
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    @property
    def process_id(self) -> int:
        """The process's number."""
        return self._process.pid

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message; one that has ended does not hear it, and `answer` says so."""
        try:
            self._pipe("stdin").write(json.dumps(message).encode() + b"\n")
            self._pipe("stdin").flush()
        except OSError:
            return

    def answer(self) -> Message | None:
        """The next message from the child; None where it has ended."""
        line = self._pipe("stdout").readline()
        if not line.endswith(b"\n"):
            return None
        found: Message = json.loads(line)
        return found

    def kill(self) -> None:
        """End the process at once; a thread that waits for its answer gets None."""
        self._process.kill()

    def close(self) -> str:
        """End the process, wait for it and let go of its pipes; how it ended."""
        self._process.kill()
        code = self._process.wait()
        for name in ("stdin", "stdout"):
            try:
                self._pipe(name).close()
            except OSError:  # what was still to be sent to it
                continue
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def _pipe(self, name: str) -> Any:
        return getattr(self._process, name)


class Parent:
    """The process that started this one, as the child hears and tells it."""

    def __init__(self) -> None:
        """Take standard input and output for messages alone; whatever else is printed goes nowhere."""
        self._out = os.fdopen(os.dup(1), "wb")
        self._in = os.fdopen(os.dup(0), "rb")
        with open(os.devnull, "r+b") as nowhere:
            os.dup2(nowhere.fileno(), 0)
            os.dup2(nowhere.fileno(), 1)
        self._heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="listen", daemon=True).start()

    def listen(self) -> Message:
        """The next message from the parent; when the parent ends, so does this process, whatever it is doing."""
        return self._heard.get()

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message."""
        self._out.write(json.dumps(message).encode() + b"\n")
        self._out.flush()

    def _listen(self) -> None:
        for line in self._in:
            self._heard.put(json.loads(line))
        os._exit(0)


def start_child(module: str) -> Child | None:
    """A child that runs a module; None where no process can be started."""
    try:
        return Child(module)
    except (OSError, ValueError, TypeError):  # no interpreter to start, or no room for one
        return None
