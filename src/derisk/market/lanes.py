"""Lanes: products and sums of numbers that follow one another, eight side by side, as instructions of the processor.

The compiler does not put such sums side by side by itself, as that changes their order. Here the order is fixed: number
`i` is in lane `i mod 8`, whatever the processor's own width, so that sums come out the same on processors of any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 8
"""Numbers side by side."""
MOST_HELD = 8
"""Eights of an array that are multiplied with row after row."""
MOST_SUMS = 4
"""Eights that row after row is added to."""

_VECTOR = ir.VectorType(ir.DoubleType(), LANES)


def _dot_lanes(typing_context: Any, one: Any, other: Any, size: Any) -> Any:
    """Sum of products of the first `size` numbers, in whole eights, of two arrays."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        one, other = (_data(context, builder, signature, arguments, place) for place in (0, 1))
        total = cgutils.alloca_once(builder, _VECTOR)
        builder.store(ir.Constant(_VECTOR, [0.0] * LANES), total)
        with _counted(builder, arguments[2], LANES) as place:
            products = _load(builder, one, place), _load(builder, other, place)
            builder.store(_times_plus(builder, *products, builder.load(total)), total)
        return _total(builder, builder.load(total))

    return types.float64(one, other, size), code


def _take_products(
    typing_context: Any,
    target: Any,
    row: Any,
    rows: Any,
    values: Any,
    start: Any,
    width: Any,
    other: Any,
    first: Any,
) -> Any:
    """Take from a target, from `row` on, the products of rows of values with `width` numbers of another array.

    `start` is the first value of `rows` rows, one after another; `width`, in whole eights, that of each; `first` the
    first number of the other array.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        target, values, other = (_data(context, builder, signature, arguments, place) for place in (0, 3, 6))
        row, rows, start, width, first = (arguments[place] for place in (1, 2, 4, 5, 7))
        word = width.type

        def together(place: Any, count: int) -> None:
            begin = builder.add(first, place)
            held = [_load(builder, other, builder.add(begin, word(LANES * k))) for k in range(count)]
            with _counted(builder, rows, 1) as number:
                begin = builder.add(builder.add(start, place), builder.mul(number, width))
                given = [_load(builder, values, builder.add(begin, word(LANES * k))) for k in range(count)]
                sums = [builder.fmul(a, b, flags=("contract",)) for a, b in zip(given[:2], held[:2], strict=True)]
                for k in range(2, count):
                    sums[k % 2] = _times_plus(builder, given[k], held[k], sums[k % 2])
                total = _total(builder, sums[0] if count == 1 else builder.fadd(*sums))
                to = builder.gep(target, [builder.add(row, number)])
                builder.store(builder.fsub(builder.load(to), total), to)

        _by_groups(builder, width, MOST_HELD, together)
        return context.get_dummy_value()

    return types.none(target, row, rows, values, start, width, other, first), code


def _add_rows(
    typing_context: Any,
    target: Any,
    first: Any,
    factors: Any,
    row: Any,
    rows: Any,
    values: Any,
    start: Any,
    width: Any,
) -> Any:
    """Add factors times rows of values, one after another, to `width` numbers, in whole eights, of a target.

    `first` is the first number of the target, `row` the first of `rows` factors, `start` the first value.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        target, factors, values = (_data(context, builder, signature, arguments, place) for place in (0, 2, 5))
        first, row, rows, start, width = (arguments[place] for place in (1, 3, 4, 6, 7))
        word = width.type

        def together(place: Any, count: int) -> None:
            at = [builder.add(builder.add(first, place), word(LANES * k)) for k in range(count)]
            sums = [cgutils.alloca_once(builder, _VECTOR) for _ in at]
            for total, to in zip(sums, at, strict=True):
                builder.store(_load(builder, target, to), total)
            with _counted(builder, rows, 1) as number:
                factor = _spread(builder, builder.load(builder.gep(factors, [builder.add(row, number)])))
                begin = builder.add(builder.add(start, place), builder.mul(number, width))
                for k, total in enumerate(sums):
                    given = _load(builder, values, builder.add(begin, word(LANES * k)))
                    builder.store(_times_plus(builder, factor, given, builder.load(total)), total)
            for total, to in zip(sums, at, strict=True):
                builder.store(builder.load(total), _at(builder, target, to), align=8)

        _by_groups(builder, width, MOST_SUMS, together)
        return context.get_dummy_value()

    return types.none(target, first, factors, row, rows, values, start, width), code


def _data(context: Any, builder: Any, signature: Any, arguments: Any, place: int) -> Any:
    """Where the numbers of an array among the arguments begin."""
    return context.make_array(signature.args[place])(context, builder, value=arguments[place]).data


@contextmanager
def _counted(builder: Any, size: Any, step: int) -> Iterator[Any]:
    """A loop from nothing to a size; gives the place."""
    with cgutils.for_range_slice(builder, size.type(0), size, size.type(step), intp=size.type) as (place, _):
        yield place


def _by_groups(builder: Any, width: Any, most: int, together: Callable[[Any, int], None]) -> None:
    """Code for a width: for as many eights together as there may be, then for those that are left."""
    word = width.type
    whole = builder.sub(width, builder.srem(width, word(LANES * most)))
    with _counted(builder, whole, LANES * most) as place:
        together(place, most)
    left = builder.sub(width, whole)
    for count in range(1, most):
        with builder.if_then(builder.icmp_signed("==", left, word(LANES * count))):
            together(whole, count)


def _total(builder: Any, vector: Any) -> Any:
    """Sum of eight numbers: the later half onto the earlier one until one is left."""
    size = LANES
    while size > 2:
        size //= 2
        halves = [
            builder.shuffle_vector(vector, vector, ir.Constant(ir.VectorType(ir.IntType(32), size), lanes))
            for lanes in (list(range(size)), list(range(size, 2 * size)))
        ]
        vector = builder.fadd(*halves)
    return builder.fadd(*(builder.extract_element(vector, ir.Constant(ir.IntType(32), lane)) for lane in (0, 1)))


def _at(builder: Any, data: Any, place: Any) -> Any:
    """Where eight numbers stand."""
    return builder.bitcast(builder.gep(data, [place]), _VECTOR.as_pointer())


def _load(builder: Any, data: Any, place: Any) -> Any:
    """Eight numbers."""
    return builder.load(_at(builder, data, place), align=8)


def _spread(builder: Any, number: Any) -> Any:
    """A number in every lane."""
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    once = builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(once, nothing, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


def _times_plus(builder: Any, one: Any, other: Any, more: Any) -> Any:
    """A product and a sum, which may be rounded once."""
    return builder.fadd(builder.fmul(one, other, flags=("contract",)), more, flags=("contract",))


dot_lanes: Any = intrinsic(_dot_lanes)
take_products: Any = intrinsic(_take_products)
add_rows: Any = intrinsic(_add_rows)
