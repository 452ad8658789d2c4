"""Many cases at once, column by column: from pandas, Polars, Arrow or a map of columns, through the module's entry for batches.

Columns are read chunk by chunk straight into the memory of the module, where the chunk that is being worked on stays in the processor's cache. Every value is
held to its declared range first, as the module takes that for granted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ..case import Case, text_of
from ..errors import CaseRefused, Fault
from .answers import Wanted, wanted_columns
from .batches import Batches
from .codes import Codes
from .facts import Column, column_of
from .settings import configured

if TYPE_CHECKING:
    from ..rule import Rule

MOST_FAULTS = 50
YES_NO = {"type": {"kind": "yes_no"}, "from": 0, "to": 1, "bytes": 1}


def evaluate_table(
    rule: Rule, columns: Any, want: Sequence[str], as_of: Any, settings: Case | None, ignore_unknown: bool
) -> Any:
    """What `Rule.evaluate_table` does."""
    table = _table(columns)
    codes = Codes(rule._manifest["logic"]["codes"])
    wanted = wanted_columns(rule.schema, rule._manifest, want, codes)
    read = _columns(rule, table, as_of, codes, ignore_unknown)
    values = configured(rule, settings)
    with rule._for_batches().instance(values) as batches:
        _run(rule, batches, read, wanted, table.num_rows)
    answered = pa.table({name: column for of in wanted for name, column in of.columns().items()})
    return _like(columns, answered)


def _run(rule: Rule, batches: Batches, read: Mapping[str, Column], wanted: Sequence[Wanted], rows: int) -> None:
    """Answers chunk after chunk. Where any value is refused, all of them are looked at and none is answered."""
    batches.prepare(read, sorted({output for of in wanted for output in of.outputs}))
    for of in wanted:
        of.prepare(rows)
    faults: list[Fault] = []
    for start in range(0, rows, batches.chunk):
        stop = min(start + batches.chunk, rows)
        refused = batches.fill(read, start, stop)
        faults += _faults(rule, read, refused, MOST_FAULTS + 1 - len(faults))
        if len(faults) > MOST_FAULTS:
            raise CaseRefused([*faults[:MOST_FAULTS], Fault("D19", "")])
        if not faults:
            batches.answer(stop - start)
            for of in wanted:
                of.take(batches, start, stop)
    if faults:
        raise CaseRefused(faults)


def _faults(rule: Rule, read: Mapping[str, Column], refused: list[tuple[int, str]], most: int) -> list[Fault]:
    """What the module says of these values, asked about each as a case: codes and expectations are its own."""
    return [_fault(rule, name, row, read[name].shown(row)) for row, name in sorted(refused)[:most]]


def _fault(rule: Rule, name: str, row: int, value: Any) -> Fault:
    fact = name.removesuffix(".none")
    if name != fact:
        return Fault("D16" if value is True else "D07", f"/{row}/{name}")
    for text in (text_of({name: value}), text_of({name: []})):
        said = [fault for fault in rule.check(text) if fault.at.startswith(f"/{name}")]
        if said:
            return Fault(said[0].code, f"/{row}{said[0].at}", said[0].expected)
    return Fault("D12" if value is None else "D11", f"/{row}/{name}")


def _columns(rule: Rule, table: pa.Table, as_of: Any, codes: Codes, ignore_unknown: bool) -> dict[str, Column]:
    """The columns that the rule has, as it has them."""
    facts = {of["name"]: of for of in rule.schema.facts}
    labels = rule._manifest["logic"]["labels"]
    read: dict[str, Column] = {}
    unknown = []
    for name in table.column_names:
        fact = name.removesuffix(".none")
        if name in facts:
            read[name] = column_of(facts[name], _whole(table[name]), codes)
        elif fact in facts and facts[fact]["may_be_none"]:
            read[name] = column_of({**YES_NO, "name": name}, _whole(table[name]), codes)
        elif name == "as_of" and as_of is None:
            as_of = table[name]
        elif name not in labels:
            unknown.append(Fault("D05" if name == "as_of" else "D06", f"/{name}"))
    if unknown and not ignore_unknown:
        raise CaseRefused(unknown)
    if as_of is not None:
        read["as_of"] = _instants(as_of, table.num_rows)
    elif any(fault.code == "D12" for fault in rule.check({})):
        raise CaseRefused([Fault("D12", "/as_of")])
    return read


def _instants(as_of: Any, rows: int) -> Column:
    """A column of instants, or one for all rows."""
    from datetime import datetime

    of = {"name": "as_of", "type": {"kind": "instant"}, "from": -2_208_988_800_000, "to": 7_258_118_400_000, "bytes": 8}
    if isinstance(as_of, str):
        as_of = datetime.fromisoformat(as_of.replace("Z", "+00:00"))
    if isinstance(as_of, datetime):
        as_of = pa.array(np.broadcast_to(np.int64(round(as_of.timestamp() * 1_000)), rows)).cast(pa.timestamp("ms", "UTC"))
    return column_of(of, _whole(as_of), None, required=True)


def _whole(column: Any) -> pa.Array:
    """A column in one piece."""
    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return column if isinstance(column, pa.Array) else pa.array(column)


def _table(columns: Any) -> pa.Table:
    """What was given, as a table of Arrow: as it lies in memory where that is possible."""
    if isinstance(columns, pa.Table):
        return columns
    if isinstance(columns, pa.RecordBatch):
        return pa.Table.from_batches([columns])
    if isinstance(columns, Mapping):
        return pa.table({name: _whole(column) for name, column in columns.items()})
    if type(columns).__module__.startswith("pandas"):
        return pa.Table.from_pandas(columns, preserve_index=False)
    return pa.table(columns)


def _like(columns: Any, answered: pa.Table) -> Any:
    """The answers as the kind of table that was given, with the same index."""
    of = type(columns).__module__.partition(".")[0]
    if of == "pandas":
        frame = answered.to_pandas()
        frame.index = columns.index
        return frame
    if of == "polars":
        import polars

        return polars.from_arrow(answered)
    return answered
