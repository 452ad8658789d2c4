"""Cases of a Spark table judged by a rule: each worker asks the same module, whose bytes go to it with the work.

Needs `pyspark` (3.5 or later) and `pyarrow`. A row is a case as JSON, as `Rule.evaluate` takes it; `answers` gives a row for each, and `tallies` counts them as an
audit does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from .answers import Value, Verdict
from .errors import CaseRefused, ClaimBroken, LimitReached
from .rule import Rule

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


_KEPT: dict[str, Rule] = {}
"""Rules that this worker has compiled and tried: a worker has many tasks, one after another."""


def answers(
    frame: DataFrame,
    rule: Rule,
    want: Sequence[str],
    *,
    case: str = "case",
    keep: Sequence[str] = (),
    as_of: datetime | str | None = None,
) -> DataFrame:
    """What a rule answers to the cases in a column of a table, beside the columns that are kept.

    Each answer is a text, its verdict or its value, in a column of its name, and null where there is none; `NAME.kind` says why: `verdict`, `value`, `unknown`, `none`, `refused`
    (with the code in `refused`), `broken` or `limit`.
    """
    from pyspark.sql.types import StringType, StructField, StructType

    kept = frame.select(*keep, case)
    names = [name for answer in want for name in (answer, f"{answer}.kind")]
    given = [field for field in kept.schema.fields if field.name != case]
    schema = StructType([*given, *(StructField(name, StringType()) for name in (*names, "refused"))])

    load, parts = rule.__reduce__()
    sha256 = rule.info.sha256

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        own = _kept(sha256, load, parts)
        for batch in batches:
            yield _judged(batch, own, want, case, as_of)

    return kept.mapInArrow(judge, schema)


def _kept(sha256: str, load: Callable[..., Rule], parts: tuple[Any, ...]) -> Rule:
    if sha256 not in _KEPT:
        _KEPT[sha256] = load(*parts)
    return _KEPT[sha256]


def _judged(batch: pa.RecordBatch, rule: Rule, want: Sequence[str], case: str, as_of: Any) -> pa.RecordBatch:
    columns: dict[str, list[str | None]] = {name: [] for answer in want for name in (answer, f"{answer}.kind")}
    refused: list[str | None] = []
    for text in batch.column(case).to_pylist():
        found, why = _answered(rule, want, text, as_of)
        refused.append(why)
        for name, (value, kind) in zip(want, found):
            columns[name].append(value)
            columns[f"{name}.kind"].append(kind)
    kept = {name: batch.column(name) for name in batch.schema.names if name != case}
    texts = {name: pa.array(column, pa.string()) for name, column in columns.items()}
    return pa.RecordBatch.from_pydict({**kept, **texts, "refused": pa.array(refused, pa.string())})


def _answered(
    rule: Rule, want: Sequence[str], text: str | None, as_of: Any
) -> tuple[list[tuple[str | None, str]], str | None]:
    try:
        decision = rule.evaluate("" if text is None else text, as_of=as_of)
    except CaseRefused as refused:
        return [(None, "refused")] * len(want), refused.faults[0].code
    except ClaimBroken:
        return [(None, "broken")] * len(want), None
    except LimitReached:
        return [(None, "limit")] * len(want), None
    return [_text(decision[name]) for name in want], None


def _text(answer: Any) -> tuple[str | None, str]:
    if isinstance(answer, Verdict):
        return answer.verdict, "verdict"
    if isinstance(answer, Value):
        return answer.text, "value"
    return None, type(answer).__name__.lower().replace("nothing", "none")


def tallies(answered: DataFrame, want: Sequence[str], by: Sequence[str] = ()) -> DataFrame:
    """How many cases have each verdict or value of each answer: `answer`, `kind`, `value`, `cases`, and the columns to count by."""
    from pyspark.sql import functions as of

    one = [
        of.struct(of.lit(name).alias("answer"), of.col(f"`{name}.kind`").alias("kind"), of.col(f"`{name}`").alias("value"))
        for name in want
    ]
    each = answered.select(*by, of.explode(of.array(*one)).alias("one")).select(*by, "one.*")
    return each.groupBy(*by, "answer", "kind", "value").agg(of.count("*").alias("cases"))
