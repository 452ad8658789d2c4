"""Columns that go in: checked, and written as the module has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .codes import Codes

Ints = np.ndarray[Any, np.dtype[Any]]
_DAY = r"(19|2[01])\d{2}-\d{2}-\d{2}"
_SECONDS = r"\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?"
TEXTS = {
    "date": (rf"^{_DAY}$", pa.date32()),
    "instant": (rf"^{_DAY}[T ]{_SECONDS}(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)$", pa.timestamp("ms", "UTC")),
}
"""Forms of times that stand in columns of texts, and what they are. What else a case takes, the module reads."""
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,3}))?)?")
"""Times of day, which Arrow does not read."""
NHS_NUMBER = re.compile(r"[0-9]{10}|[0-9]{3} [0-9]{3} [0-9]{4}")
LAST_INSTANT = 7_258_118_399_999
"""The last that a case can have: with the next begins the year 2200, which ranges of a module include."""
APART = {2: 1e3, 4: 1e6, 8: 1e15}
"""By bytes of a number in binary: below it, a decimal is the only one whose nearest number it is."""
EXACT = 2**53
"""Up to it, every whole number is one in binary."""
_WIDE = Context(MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)


def scaled(number: Decimal, places: int) -> int | None:
    """A number at its declared places; None where it has more of them, or is larger than any range."""
    if not number.is_finite() or number and number.adjusted() + places > 18:
        return None
    whole = number.scaleb(places, _WIDE)
    return int(whole) if whole == whole.to_integral_value() else None


class Column:
    """A column of a table. `fill` writes a part of it and says which of its values may not stand there."""

    def __init__(self, of: Mapping[str, Any], array: pa.Array, required: bool) -> None:
        self.name: str = of["name"]
        self.width: int = of["bytes"]
        self.low, self.high = int(of["from"]), int(of["to"])
        if of["type"]["kind"] == "instant":
            self.high = min(self.high, LAST_INSTANT)
        self.dtype = np.dtype(f"i{self.width}")
        self._array, self._required = array, required
        self.valid = valid_of(array)

    def shown(self, row: int) -> Any:
        """A value as a case would have it: of a number in binary with less precision, the decimal that it stands for."""
        try:
            value = self._array[row].as_py()
        except ValueError:  # a time that is more precise than any of Python's
            return Decimal("nan")
        if value is not None and pa.types.is_floating(self._array.type) and self._array.type.bit_width < 64:
            return Decimal(str(np.float32(value) if self._array.type.bit_width == 32 else np.float16(value)))
        return value

    def fill(self, to: Ints, start: int, stop: int) -> Ints | None:
        """Writes these rows; which of them are refused, or None where none is."""
        valid = None if self.valid is None else self.valid[start:stop]
        refused = self._write(to, start, stop, valid)
        if valid is not None:
            refused = ~valid if self._required else None if refused is None else refused & valid
        return refused if refused is not None and refused.any() else None

    def _write(self, to: Ints, start: int, stop: int, valid: Ints | None) -> Ints | None:
        raise NotImplementedError


class Whole(Column):
    """Whole numbers: of a number without decimal places, a choice, a code, a date or a time, times a factor."""

    def __init__(self, of: Mapping[str, Any], array: pa.Array, values: Ints, required: bool, factor: int = 1) -> None:
        super().__init__(of, array, required)
        self._values, self._factor = values, factor
        self._least, self._most = -(-self.low // factor), self.high // factor
        self._within = min(max(self._least, 0), self._most)

    def _write(self, to: Ints, start: int, stop: int, valid: Ints | None) -> Ints | None:
        values = self._values[start:stop]
        if valid is not None:
            values = np.where(valid, values, values.dtype.type(self._within))
        if self._factor == 1:
            np.copyto(to, values, casting="unsafe")
        else:
            np.multiply(values, self._factor, out=to, dtype=np.int64, casting="unsafe")
        if not len(values) or values.min() >= self._least and values.max() <= self._most:
            return None
        return (values < self._least) | (values > self._most)


class Floating(Column):
    """Numbers in binary: each is the decimal of its shortest text, and refused where that has too many places."""

    def __init__(self, of: Mapping[str, Any], array: pa.Array, values: Ints, required: bool) -> None:
        super().__init__(of, array, required)
        self._values, self._places = values, of["type"]["places"]
        self._scale, self._apart = float(10**self._places), APART[values.itemsize]

    def _write(self, to: Ints, start: int, stop: int, valid: Ints | None) -> Ints | None:
        values = self._values[start:stop]
        if valid is not None:
            values = np.where(valid, values, values.dtype.type(self.low / self._scale))
        if not len(values):
            return None
        near = np.multiply(values, self._scale, dtype=np.float64)
        np.rint(near, out=near)
        with np.errstate(invalid="ignore"):
            np.copyto(to, near, casting="unsafe")
        least, most = near.min(), near.max()
        within = least >= self.low and most <= self.high
        outside = None if within else ~((near >= self.low) & (near <= self.high))
        long = None if -self._apart < least and most < self._apart else np.flatnonzero(np.abs(near) >= self._apart)
        np.divide(near, self._scale, out=near)
        exact = near.astype(values.dtype, copy=False) == values
        if within and long is None and exact.all():
            return None
        refused: Ints = ~exact if outside is None else outside | ~exact
        for row in () if long is None else long:
            whole = self._digits(values[row])
            refused[row] = whole is None
            to[row] = self.low if whole is None else whole
        return refused

    def _digits(self, value: Any) -> int | None:
        """A number of so many digits that several decimals are as near: the one of its shortest text, where that is in the range."""
        whole = scaled(Decimal(str(value)), self._places)
        return whole if whole is not None and self.low <= whole <= self.high else None


class Flags(Column):
    """Yes and no."""

    def __init__(self, of: Mapping[str, Any], array: pa.Array, required: bool) -> None:
        super().__init__(of, array, required)
        self._bits, self._offset = array.buffers()[1], array.offset

    def _write(self, to: Ints, start: int, stop: int, valid: Ints | None) -> Ints | None:
        np.copyto(to, _bits(self._bits, self._offset + start, stop - start), casting="unsafe")
        return None


class Named(Column):
    """Choices and codes: a number for each name, and in each row the place of a name."""

    def __init__(self, of: Mapping[str, Any], array: pa.Array, named: tuple[list[int | None], Ints], required: bool) -> None:
        super().__init__(of, array, required)
        found, places = named
        fits = [number is not None and self.low <= number <= self.high for number in found] or [True]
        self._numbers = np.array([number if fit else self.low for number, fit in zip(found, fits)] or [self.low], self.dtype)
        self._misfits = None if all(fits) else ~np.array(fits)
        # Places are often the numbers themselves, with names of other columns after them; where both are bytes a byte is looked up for each, of which numpy
        # would make eight first.
        self._same = sum(fits) if fits == sorted(fits, reverse=True) and list(self._numbers[: sum(fits)]) == list(range(sum(fits))) else 0
        few = self.width == 1 and len(self._numbers) <= 256
        self._places = places
        self._bytes, self._beyond = self._by_byte() if few else (None, None)

    def _by_byte(self) -> tuple[bytes | None, int | None]:
        """The number for each byte, and a number out of range that stands for what does not fit."""
        if self._misfits is None:
            return _for_each_byte(self._numbers), None
        beyond = self.high + 1 if self.high < 127 else self.low - 1
        if beyond < -128:
            return None, None
        return _for_each_byte(np.where(self._misfits, self.dtype.type(beyond), self._numbers)), beyond

    def _write(self, to: Ints, start: int, stop: int, valid: Ints | None) -> Ints | None:
        places = self._places[start:stop]
        if self._same:
            np.copyto(to, places, casting="unsafe")
            return None if self._misfits is None or not len(places) or places.max() < self._same else places >= self._same
        if self._bytes is None:
            np.take(self._numbers, places, out=to, mode="clip")
            return None if self._misfits is None else np.take(self._misfits, places, mode="clip")
        places = places if places.itemsize == 1 else places.astype(np.uint8)
        np.copyto(to, np.frombuffer(places.tobytes().translate(self._bytes), self.dtype))
        if self._beyond is None or not len(to) or self._beyond not in (to.min(), to.max()):
            return None
        refused: Ints = to == self._beyond
        to[refused] = self.low
        return refused


def _for_each_byte(numbers: Ints) -> bytes:
    return numbers.tobytes().ljust(256, numbers[:1].tobytes())


class Mixed(pa.ExtensionType):  # type: ignore[misc]
    """A column of values of several types: each is the text of an object with it alone."""

    def __init__(self) -> None:
        super().__init__(pa.string(), "concord.mixed")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type: pa.DataType, serialized: bytes) -> Mixed:
        return cls()


class Several(Column):
    """Values of several types: those of the fact's own as a column of these, and whatever else it is refused here, for a case may hold it."""

    def __init__(self, of: Mapping[str, Any], array: pa.Array, codes: Codes | None, required: bool) -> None:
        super().__init__(of, array.storage, required)
        self._type = of["type"]
        texts = array.storage.to_pylist()
        self._values: list[Any] = [None if text is None else json.loads(text, parse_float=Decimal)[""] for text in texts]
        plain = [self._plain(value) for value in self._values]
        type_ = {"number": pa.int64(), "yes_no": pa.bool_()}.get(of["type"]["kind"], pa.string())
        # Numbers are whole ones of the fact's places already.
        self._own = column_of({**of, "type": {**of["type"], "places": 0}}, pa.array(plain, type_), codes)
        self._other = np.array([value is not None and own is None for value, own in zip(self._values, plain)], dtype=bool)

    def _plain(self, value: Any) -> Any:
        """The value where it is of the fact's own type; of a number its whole number, where there is one."""
        if self._type["kind"] == "yes_no":
            return value if isinstance(value, bool) else None
        if self._type["kind"] != "number":
            return value if isinstance(value, str) else None
        whole = scaled(Decimal(value), self._type["places"]) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None
        return whole if whole is not None and self.low <= whole <= self.high else None

    def shown(self, row: int) -> Any:
        return self._values[row]

    def _write(self, to: Ints, start: int, stop: int, valid: Ints | None) -> Ints | None:
        refused = self._own.fill(to, start, stop)
        other: Ints = self._other[start:stop]
        return other if refused is None else refused | other


class Misfit(Column):
    """A column of another type than its fact: every value in it is refused."""

    def _write(self, to: Ints, start: int, stop: int, valid: Ints | None) -> Ints | None:
        return np.ones(stop - start, dtype=bool)


def column_of(of: Mapping[str, Any], array: pa.Array, codes: Codes | None, required: bool = False) -> Column:
    """The column of a fact."""
    kind, type_ = of["type"]["kind"], array.type
    if isinstance(type_, Mixed):
        return Several(of, array, codes, required)
    if pa.types.is_null(type_):
        return Misfit(of, array, required)
    if kind == "number" and pa.types.is_integer(type_):
        return Whole(of, array, values_of(array), required, 10 ** of["type"]["places"])
    if kind == "number" and pa.types.is_floating(type_):
        return Floating(of, array, values_of(array), required)
    if kind == "number" and pa.types.is_decimal(type_):
        return _decimal(of, array, required)
    if kind == "yes_no" and pa.types.is_boolean(type_):
        return Flags(of, array, required)
    if kind in ("enum", "code", "nhs_number") and _is_text(type_):
        return _named(of, array, codes, required)
    if kind == "instant" and pa.types.is_timestamp(type_) and type_.tz is not None:
        return _milliseconds(of, array, required, pa.timestamp("ms", type_.tz))
    if kind == "duration" and pa.types.is_duration(type_):
        return _milliseconds(of, array, required, pa.duration("ms"))
    if kind == "time_of_day" and pa.types.is_time(type_):
        return _milliseconds(of, array, required, pa.time32("ms"))
    if kind in ("date", "instant", "time_of_day") and _is_text(type_):
        return _times(of, array, required)
    if kind == "date" and pa.types.is_date(type_):
        return Whole(of, array, values_of(array.cast(pa.date32())), required)
    return Misfit(of, array, required)


def _milliseconds(of: Mapping[str, Any], array: pa.Array, required: bool, as_: pa.DataType) -> Column:
    """Times of any unit; what is more precise than a millisecond is refused."""
    whole = array.cast(as_, safe=False)
    values = values_of(whole)
    if not whole.cast(array.type, safe=False).equals(array):
        again = pc.equal(whole.cast(array.type, safe=False), array).fill_null(True)
        values = np.where(np.asarray(again), values, BEYOND)
    return Whole(of, array, values, required)


def _times(of: Mapping[str, Any], array: pa.Array, required: bool) -> Column:
    """Times as texts in their plain form, as files have them; what else a text says is asked about as a case."""
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    texts = coded.dictionary.cast(pa.string())
    known = np.array([_clock(text) for text in texts.to_pylist()], np.int64) if of["type"]["kind"] == "time_of_day" else _dated(texts, *TEXTS[of["type"]["kind"]])
    places = values_of(coded.indices)
    values = np.take(known, places, mode="clip") if len(known) else np.zeros(len(array), np.int64)
    return Whole(of, array, values, required)


BEYOND: int = np.iinfo(np.int64).max
"""Above every range."""


def _dated(texts: pa.Array, form: str, as_: pa.DataType) -> Ints:
    """Dates and instants; what is in another form, or on no day of the calendar, is beyond."""
    plain = pc.if_else(pc.match_substring_regex(texts, form), texts, None)
    try:
        read = plain.cast(as_)
    except pa.ArrowInvalid:  # such as 2026-02-30
        read = pa.array([_time(text, as_) for text in plain.to_pylist()], as_)
    return np.where(np.asarray(read.is_valid()), values_of(read).astype(np.int64), BEYOND)


def _time(text: str | None, as_: pa.DataType) -> Any:
    try:
        return pa.array([text]).cast(as_)[0] if text else None
    except pa.ArrowInvalid:
        return None


def _clock(text: str | None) -> int:
    found = CLOCK.fullmatch(text or "")
    if found is None:
        return BEYOND
    hours, minutes, seconds, parts = found.groups(default="0")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1_000 + int(parts.ljust(3, "0"))


def _decimal(of: Mapping[str, Any], array: pa.Array, required: bool) -> Column:
    """Exact decimals: in whole numbers of the declared places, and what has more of them above every range."""
    places = of["type"]["places"]
    wholes = [0 if value is None else scaled(value, places) for value in (entry.as_py() for entry in array)]
    fits = [BEYOND if whole is None or abs(whole) > BEYOND else whole for whole in wholes]
    return Whole(of, array, np.array(fits, dtype=np.int64), required)


def _named(of: Mapping[str, Any], array: pa.Array, codes: Codes | None, required: bool) -> Column:
    """Choices and codes: each name is looked up once."""
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    names = coded.dictionary.to_pylist()
    if of["type"]["kind"] == "enum":
        places = {name: place for place, name in enumerate(of["type"]["variants"])}
        found = [places.get(name) for name in names]
    elif of["type"]["kind"] == "nhs_number":
        found = [_nhs_number(name) for name in names]
    else:
        assert codes is not None
        # Recorded as none, as a case says it: the module is asked.
        found = [None if name == "none" else codes.number(name) for name in names]
    return Named(of, array, (found, values_of(coded.indices)), required)


def _nhs_number(text: str) -> int | None:
    if not NHS_NUMBER.fullmatch(text):
        return None
    digits = text.replace(" ", "")
    check = -sum((10 - place) * int(digit) for place, digit in enumerate(digits[:9])) % 11
    return int(digits) if check == int(digits[9]) else None


def _is_text(of: pa.DataType) -> bool:
    of = of.value_type if pa.types.is_dictionary(of) else of
    return bool(pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_string_view(of))


def values_of(array: pa.Array) -> Ints:
    """The values of an array as they lie in memory; where there is a null, anything."""
    kind = "f" if pa.types.is_floating(array.type) else "u" if pa.types.is_unsigned_integer(array.type) else "i"
    dtype = np.dtype(f"{kind}{array.type.bit_width // 8}")
    if array.buffers()[1] is None:
        return np.zeros(len(array), dtype)
    values: Ints = np.frombuffer(array.buffers()[1], dtype=dtype)[array.offset : array.offset + len(array)]
    return values


def valid_of(array: pa.Array) -> Ints | None:
    """Which values are there; None where all are."""
    if not array.null_count:
        return None
    if array.buffers()[0] is None:
        return np.zeros(len(array), dtype=bool)
    return _bits(array.buffers()[0], array.offset, len(array)).view(bool)


def _bits(buffer: pa.Buffer, offset: int, count: int) -> Ints:
    """A byte for each bit."""
    first, skipped = divmod(offset, 8)
    return np.unpackbits(np.frombuffer(buffer, dtype=np.uint8)[first:], count=skipped + count, bitorder="little")[skipped:]
