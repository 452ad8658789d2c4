"""Many cases at once, column by column: from pandas, Polars, Arrow or a map of columns, through the module's entry for batches.

Columns are read chunk by chunk straight into the memory of the module, where the chunk that is being worked on stays in the processor's cache. Every value is
held to its declared range first, as the module takes that for granted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ..case import Case, judged_at, text_of
from ..errors import CaseRefused, ClaimBroken, ConcordError, Fault, stopped
from .answers import Wanted, wanted_columns
from .batches import Batches
from .codes import Codes
from .facts import LAST_INSTANT, Column, column_of
from .frames import like, table_of, whole
from .settings import configured

if TYPE_CHECKING:
    from ..rule import Rule

MOST_FAULTS = 50
YES_NO = {"type": {"kind": "yes_no"}, "from": 0, "to": 1, "bytes": 1}


def evaluate_table(
    rule: Rule, columns: Any, want: Sequence[str], as_of: Any, settings: Case | None, ignore_unknown: bool
) -> Any:
    """What `Rule.evaluate_table` does."""
    begin = time.perf_counter()
    table = table_of(columns)
    codes = Codes(rule._manifest["logic"]["codes"])
    wanted = wanted_columns(rule.schema, rule._manifest, want, codes)
    try:
        read = _columns(rule, table, as_of, codes, ignore_unknown)
        values = configured(rule, settings, codes)
        with stopped("the module for batches does what its interface excludes"), rule._for_batches().instance(values) as batches:
            asked = partial(_asked, rule, read, None if settings is None else text_of(settings))
            _run(rule, batches, (read, asked), wanted, table.num_rows)
    except ConcordError as error:
        rule._tell_metrics(error, begin, table.num_rows)
        raise
    if rule.on_call:
        rule._tell_metrics(sum(of.unknown() for of in wanted), begin, table.num_rows)
    if rule.on_decision:
        _log(rule, read, table.num_rows, settings)
    return like(columns, {name: column for of in wanted for name, column in of.columns().items()})


def _log(rule: Rule, read: Mapping[str, Column], rows: int, settings: Case | None) -> None:
    """Tells the decision log of each row as of a case."""
    given = None if settings is None else text_of(settings)
    for row in range(rows):
        text = _case(rule, read, row)
        try:
            rule._log(rule._evaluate(text, None, given, False, None), text)
        except ClaimBroken:
            continue


def _case(rule: Rule, read: Mapping[str, Column], row: int) -> bytes:
    """A row as a case."""
    not_supplied = [of["name"] for of in rule.schema.events]
    case: dict[str, Any] = {"not_supplied": not_supplied} if not_supplied else {}
    for name, column in read.items():
        value = column.shown(row)
        if name.endswith(".none"):
            case |= {name.removesuffix(".none"): "none"} if value else {}
        elif value is not None:
            case[name] = value
    return text_of(case)


def _asked(rule: Rule, read: Mapping[str, Column], settings: bytes | None, row: int) -> Mapping[str, Any] | None:
    """The answers to a row that is asked about as a case; None where it reaches what the rule claims to be impossible."""
    try:
        decision = rule._evaluate(_case(rule, read, row), None, settings, False, None)
    except ClaimBroken:
        return None
    except CaseRefused as refused:
        raise CaseRefused([Fault(of.code, f"/{row}{of.at}", of.expected) for of in refused.faults]) from None
    answers: Mapping[str, Any] = decision.record["answers"]
    return answers


Reading = tuple[Mapping[str, Column], Callable[[int], "Mapping[str, Any] | None"]]


def _run(rule: Rule, batches: Batches, reading: Reading, wanted: Sequence[Wanted], rows: int) -> None:
    """Answers chunk after chunk. Where any value is refused, all of them are looked at and none is answered. A row with an entry that no column can hold, as
    `"<0.5"`, is asked about as a case."""
    read, asked = reading
    batches.prepare(read, sorted({output for of in wanted for output in of.outputs}))
    for of in wanted:
        of.prepare(rows)
    faults: list[Fault] = []
    cases: dict[int, None] = {}
    for start in range(0, rows, batches.chunk):
        stop = min(start + batches.chunk, rows)
        for row, name in sorted(batches.fill(read, start, stop)):
            fault = _fault(rule, name, row, read[name].shown(row))
            faults += [] if fault is None else [fault]
            cases |= {row: None} if fault is None else {}
            if len(faults) > MOST_FAULTS:
                raise CaseRefused([*faults[:MOST_FAULTS], Fault("D19", "")])
        if not faults:
            batches.answer(stop - start)
            for of in wanted:
                of.take(batches, start, stop)
    if faults:
        raise CaseRefused(faults)
    for row in cases:
        answers = asked(row)
        for of in wanted:
            of.put(row, answers)


def _fault(rule: Rule, name: str, row: int, value: Any) -> Fault | None:
    """What the module says of a value, asked about it as a case: code and expectation are its own. None where it takes it."""
    fact = name.removesuffix(".none")
    if name != fact:
        return Fault("D16" if value is True else "D07", f"/{row}/{name}")
    if value is None:
        return Fault("D12", f"/{row}/{name}")
    said = [fault for fault in rule.check(text_of({name: value})) if fault.at == f"/{name}" or fault.at.startswith(f"/{name}/")]
    return Fault(said[0].code, f"/{row}{said[0].at}", said[0].expected) if said else None


def _columns(rule: Rule, table: pa.Table, as_of: Any, codes: Codes, ignore_unknown: bool) -> dict[str, Column]:
    """The columns that the rule has, as it has them."""
    facts = {of["name"]: of for of in rule.schema.facts}
    labels = rule._manifest["logic"]["labels"]
    read: dict[str, Column] = {}
    unknown = []
    for name in table.column_names:
        fact = name.removesuffix(".none")
        if name in facts:
            read[name] = column_of(facts[name], whole(table[name]), codes)
        elif fact in facts and facts[fact]["may_be_none"]:
            read[name] = column_of({**YES_NO, "name": name}, whole(table[name]), codes)
            if fact not in table.column_names:  # what is recorded as none needs a column to stand in
                read[fact] = column_of(facts[fact], pa.nulls(table.num_rows), codes)
        elif name == "as_of" and as_of is None:
            as_of = table[name]
        elif name not in labels:
            unknown.append(Fault("D05" if name == "as_of" else "D06", f"/{name}"))
    if unknown and not ignore_unknown:
        raise CaseRefused(unknown)
    if as_of is not None:
        read["as_of"] = _instants(rule, as_of, table.num_rows)
    elif any(fault.code == "D12" for fault in rule.check({})):
        raise CaseRefused([Fault("D12", "/as_of")])
    return read


def _instants(rule: Rule, as_of: Any, rows: int) -> Column:
    """A column of instants, or one for all rows, which the module reads as that of a case."""
    from datetime import datetime, timedelta, timezone

    of = {"name": "as_of", "type": {"kind": "instant"}, "from": -2_208_988_800_000, "to": LAST_INSTANT, "bytes": 8}
    if isinstance(as_of, (str, datetime)):
        read = rule._evaluate(judged_at(b"{}", as_of), None, None, False, None).as_of
        assert read is not None
        at = (read - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)
        as_of = pa.array(np.broadcast_to(np.int64(at), rows)).cast(pa.timestamp("ms", "UTC"))
    return column_of(of, whole(as_of), None, required=True)
