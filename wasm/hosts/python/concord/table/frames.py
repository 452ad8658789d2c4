"""Tables of other libraries as columns of Arrow that share their memory, and the way back.

What Arrow's own ways in and out do with such tables takes longer than their answers: choices are coded anew, whole numbers are copied beside one another, and what is
missing everywhere is written out. Only what lies in memory as Arrow has it, or nearly so, is taken here; the rest is left to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from ..case import text_of
from .facts import EXACT, Ints, Mixed, valid_of, values_of

PANDAS, POLARS = "pandas", "polars"
KEPT = 1 << 20
"""Rows of which a column without values is kept for the next table."""


def table_of(columns: Any) -> pa.Table:
    """What was given, as a table of Arrow: as it lies in memory where that is possible."""
    if isinstance(columns, pa.Table):
        return columns
    if isinstance(columns, pa.RecordBatch):
        return pa.Table.from_batches([columns])
    if isinstance(columns, Mapping):
        named = [(str(name), whole(column)) for name, column in columns.items()]
    elif _library(columns) == PANDAS:
        named = [(str(name), _of_pandas(column)) for name, column in columns.items()]
    elif _library(columns) == POLARS:
        named = [(column.name, _of_polars(column)) for column in columns]
    else:
        return pa.table(columns)
    return pa.Table.from_arrays([column for _, column in named], [name for name, _ in named])


def whole(column: Any) -> pa.Array:
    """A column in one piece."""
    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if isinstance(column, pa.Array):
        return column
    if _library(column) == PANDAS:
        return _of_pandas(column)
    return _of_polars(column) if _library(column) == POLARS else _listed(column)


def _listed(column: Any, from_pandas: bool = False) -> pa.Array:
    """A column of Python's values; where they are of several types, as `[97, "<50"]`, each as JSON has it."""
    try:
        array = pa.array(column, from_pandas=from_pandas)
        if not pa.types.is_struct(array.type) and _as_given(column, array.type):  # of a struct each object would have the keys of all
            return array
    except (TypeError, ValueError, pa.ArrowNotImplementedError, OverflowError):
        if isinstance(column, np.ndarray) and column.ndim != 1:
            raise
    texts = [None if _is_missing(value, from_pandas) else text_of({"": value}).decode() for value in column]
    return pa.ExtensionArray.from_storage(Mixed(), pa.array(texts, pa.string()))


def _as_given(column: Any, taken: pa.DataType) -> bool:
    """Whether Arrow took every value for what it is: beside others it makes a number of a yes, a time of a number, a day of an instant, other digits of a short
    number, and of a time without a zone one in UTC; of a time of day it leaves the zone out, and of any time what is finer than its unit."""
    if getattr(column, "dtype", object) != object or not (pa.types.is_floating(taken) or pa.types.is_temporal(taken)):
        return True
    kinds = set(map(type, column))
    if pa.types.is_floating(taken):
        short = any(kind is not np.float64 and issubclass(kind, np.floating) for kind in kinds)
        return not (kinds & {bool, np.bool_} or short and pa.types.is_float64(taken))
    if any(issubclass(kind, (int, np.integer)) for kind in kinds) or pa.types.is_date(taken) and any(issubclass(kind, datetime) for kind in kinds):
        return False
    there = [value for value in column if value is not None and value == value]
    if any(getattr(value, "nanosecond", 0) or getattr(value, "nanoseconds", 0) for value in there):
        return False
    zoned = {getattr(value, "tzinfo", None) is not None for value in there}
    return zoned <= {False} if pa.types.is_time(taken) else len(zoned) < 2


def _is_missing(value: Any, from_pandas: bool) -> bool:
    if not from_pandas or value is None:
        return value is None
    import pandas

    return pandas.api.types.is_scalar(value) and bool(pandas.isna(value))


def like(columns: Any, answered: Mapping[str, pa.Array]) -> Any:
    """The answers as the kind of table that was given, with the same index."""
    if _library(columns) == PANDAS:
        return _frame(columns.index, answered)
    if _library(columns) == POLARS:
        import polars

        return polars.DataFrame([_to_polars(name, column) for name, column in answered.items()])
    return pa.table(dict(answered))


def _library(of: Any) -> str:
    return type(of).__module__.partition(".")[0]


def _of_pandas(column: Any) -> pa.Array:
    """A column of pandas, in which NaN is missing."""
    kind = column.dtype.kind
    if column.dtype.name == "category" and column.dtype.categories.dtype != object:
        return _choices(getattr(column, "array", column).codes, pa.array(column.dtype.categories, from_pandas=True))
    if not isinstance(column.dtype, np.dtype) or kind not in "iufb" or column.dtype.itemsize > 8:
        return whole(_listed(column, from_pandas=True))
    values = np.ascontiguousarray(column.to_numpy())
    if kind == "b":
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(np.packbits(values, bitorder="little"))])
    missing = kind == "f" and len(values) > 0 and np.isnan(values.min())
    return pa.array(values, mask=np.isnan(values) if missing else None)


def _choices(codes: Ints, names: pa.Array) -> pa.Array:
    """Choices by their places, of which -1 is none."""
    missing = len(codes) > 0 and codes.min() < 0
    places = pa.array(codes, mask=codes < 0 if missing else None)
    return pa.DictionaryArray.from_arrays(places, names, safe=False)


def _of_polars(column: Any) -> pa.Array:
    """A column of Polars. Its choices have their names in common with other columns, so there may be more names than rows."""
    names: Any = getattr(column.dtype, "categories", None)
    if hasattr(names, "to_series"):
        names = names.to_series()
    if not hasattr(names, "to_arrow") or len(names) > max(len(column), 256):
        return column.to_arrow()
    return pa.DictionaryArray.from_arrays(column.to_physical().to_arrow(), names.to_arrow(), safe=False)


def _frame(index: Any, answered: Mapping[str, pa.Array]) -> Any:
    """A DataFrame. Columns in which all is missing are one, and that of the table before: pandas 3 copies a column before it is written to."""
    import pandas

    shown: dict[str, Any] = {}
    for name, column in answered.items():
        if column.null_count == len(column) > 0 and _is_number(column.type) and not pandas.__version__.startswith("2."):
            nothing = (_nothing if len(column) <= KEPT else _nothing.__wrapped__)(len(column))
            shown[name] = nothing.copy(deep=False)
            shown[name].index = index
        else:
            shown[name] = _to_pandas(column)
    return pandas.DataFrame(shown, index=index, copy=False)


@lru_cache(1)
def _nothing(rows: int) -> Any:
    import pandas

    return pandas.Series(np.full(rows, np.nan), copy=False)


def _is_number(of: pa.DataType) -> bool:
    return bool(pa.types.is_integer(of) or pa.types.is_floating(of))


def _to_pandas(column: pa.Array) -> Any:
    """A column of answers: choices as categories, numbers that may be missing as floats with NaN where these hold them exactly. It has no index of its own, by which it would be put in other rows."""
    import pandas

    if pa.types.is_dictionary(column.type):
        codes, there = values_of(column.indices), valid_of(column.indices)
        codes = codes if there is None else np.where(there, codes, codes.dtype.type(-1))
        return pandas.Categorical.from_codes(codes, dtype=_categories(tuple(column.dictionary.to_pylist())), validate=False)
    if not _is_number(column.type):
        return column.to_pandas().array
    values, there = values_of(column), valid_of(column)
    if there is None:
        return values
    if values.dtype == np.int64 and np.any(there & ((values > EXACT) | (values < -EXACT))):
        return pandas.arrays.IntegerArray(values.copy(), ~there)
    return np.where(there, values, np.nan)


@lru_cache(64)
def _categories(names: tuple[str, ...]) -> Any:
    import pandas

    return pandas.CategoricalDtype(names)


def _to_polars(name: str, column: pa.Array) -> Any:
    """A column of answers: choices as an enumeration of their names."""
    import polars

    rows = len(column)
    if not pa.types.is_dictionary(column.type):
        return _series(name, column[:1]).new_from_index(0, rows) if column.null_count == rows > 0 else _series(name, column)
    names = polars.Enum(column.dictionary.to_pylist())
    places = values_of(column.indices)
    if rows and (column.null_count == rows or not column.null_count and places.min() == places.max()):
        return polars.Series(name, column[:1].to_pylist(), dtype=names).new_from_index(0, rows)
    return polars.Series(name, names.categories, dtype=names).gather(_series(name, column.indices.view(pa.uint8())))


def _series(name: str, column: pa.Array) -> Any:
    import polars

    return polars.Series(name, column)
