"""Handles: records of arrays laid out in memory once, so that a call of a kernel carries a number for each of them.

A record of fifty arrays takes longer to hand to a kernel than a small piece of a market to look at. Kernels do not
count references to these arrays: whoever holds the handle holds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, get_type_hints

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WORD = 8
"""Bytes of a word."""
_NUMBA_TYPES: dict[Any, Any] = {int: types.int64, Floats: types.float64[::1], Integers: types.int64[::1]}


class Handle(NamedTuple):
    """A record's memory, what its kernels are handed, and the record itself, which must live as long."""

    words: Integers
    address: int
    record: Any


def lay_out(record: NamedTuple) -> Handle:
    """The memory of a record of whole numbers and flat arrays, as `reader` reads it.

    Args:
        record: an instance of a class that `reader` knows; arrays are copied where they are not contiguous.
    """
    words: list[int] = []
    kept: list[Any] = []
    for kind, value in zip(_kinds(type(record)), record, strict=True):
        if kind is int:
            words.append(int(value))
            kept.append(int(value))
            continue
        array = np.ascontiguousarray(value, dtype=np.float64 if kind == Floats else np.int64)
        words += [array.__array_interface__["data"][0], array.size]
        kept.append(array)
    memory = np.array(words, dtype=np.int64)
    return Handle(memory, memory.ctypes.data, type(record)(*kept))


@cache
def _kinds(record: type) -> tuple[Any, ...]:
    """What each field of a record is annotated as."""
    return tuple(get_type_hints(record).values())


def addresses(rows: Sequence[Sequence[Handle]]) -> Integers:
    """(row, handle) addresses, which hold as long as the handles do."""
    return np.array([[handle.address for handle in row] for row in rows], dtype=np.int64)


def reader(record: type) -> Any:
    """A function for kernels that takes an address and returns the record laid out there.

    Args:
        record: a NamedTuple class whose fields are annotated `int`, `Floats` or `Integers`.
    """
    fields = [_NUMBA_TYPES[kind] for kind in _kinds(record)]
    kind = types.NamedTuple(fields, record)

    def read(typing_context: Any, address: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            place, values = 0, []
            for field in fields:
                first = _word(builder, arguments[0], place)
                if field is types.int64:
                    values.append(first)
                    place += 1
                else:
                    values.append(_array(context, builder, field, first, _word(builder, arguments[0], place + 1)))
                    place += 2
            return context.make_tuple(builder, kind, values)

        return kind(types.int64), code

    return intrinsic(read)


def _word(builder: Any, address: Any, place: int) -> Any:
    """Code that loads one word of a record."""
    word = ir.IntType(8 * WORD)
    return builder.load(builder.inttoptr(builder.add(address, word(place * WORD)), word.as_pointer()))


def _array(context: Any, builder: Any, kind: Any, address: Any, size: Any) -> Any:
    """Code of a flat array at an address; nothing is counted."""
    array = context.make_array(kind)(context, builder)
    data = builder.inttoptr(address, context.get_data_type(kind.dtype).as_pointer())
    itemsize = context.get_constant(types.intp, WORD)
    populate_array(array, data, [size], [itemsize], itemsize, None)
    return array._getvalue()
