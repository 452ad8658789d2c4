"""Makes the Parquet files beside this script: the Sepsis Cases log with typed columns, and one small table as every writer writes it.

Needs pyarrow, polars and duckdb: `python3 tests/data/formats/make.py`. The tests only read what it made.
"""

import datetime as dt
import decimal
import pathlib
import uuid

import duckdb
import polars
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent


def sepsis():
    """The columns that the mapping uses: times are the hospital's local clock, and have no zone here."""
    columns = ["case_id", "activity", "timestamp", "age", "crp", "lacticacid", "leucocytes", "disfuncorg",
               "hypotensie", "hypoxie", "infectionsuspected", "oligurie", "sirscriteria2ormore"]
    read = csv.read_csv(
        HERE.parent / "sepsis" / "sepsis.csv",
        parse_options=csv.ParseOptions(delimiter=";"),
        convert_options=csv.ConvertOptions(
            include_columns=columns,
            # A case is called `NA`: in its column that is no missing value.
            column_types={name: pa.string() for name in columns}, strings_can_be_null=False,
        ),
    )
    typed = []
    for name in columns:
        column = read[name]
        if name not in ("case_id", "activity"):
            column = pa.array([None if text in ("NA", "") else text for text in column.to_pylist()], pa.string())
        if name == "timestamp":
            column = pa.array([dt.datetime.fromisoformat(text.as_py().removesuffix("Z")) for text in column], pa.timestamp("us"))
        elif name in ("age", "crp"):
            column = column.cast(pa.int32())
        elif name == "lacticacid":
            column = pa.array([decimal.Decimal(v) if v else None for v in column.to_pylist()], pa.decimal128(9, 1))
        elif name == "leucocytes":
            column = column.cast(pa.float64())
        elif name not in ("case_id", "activity"):
            column = column.cast(pa.bool_())
        typed.append(column)
    table = pa.table(dict(zip(columns, typed)))
    pq.write_table(table, HERE / "sepsis.parquet", compression="zstd", compression_level=19, row_group_size=6000)


def times():
    """Dates of birth that are times, as `datetime` of databases becomes, times finer than a millisecond, and a list."""
    utc = dt.timezone.utc
    pq.write_table(pa.table({
        "id": pa.array(["A", "B"]),
        "born_at": pa.array([dt.datetime(1950, 5, 31, 23, 30, tzinfo=utc), None], pa.timestamp("us", "UTC")),
        "born": pa.array([dt.datetime(1950, 6, 1), None], pa.timestamp("us")),
        "at": pa.array([dt.datetime(2015, 1, 5, 9, 0, 0, 123456, utc), dt.datetime(1969, 1, 5, 9, 0, 0, 999, utc)],
                       pa.timestamp("us", "UTC")),
        "values": pa.array([["1"], ["2", "3"]], pa.list_(pa.string())),
    }), HERE / "times.parquet")


def table():
    """Values of every type that is read, with gaps, as Python holds them."""
    rows = 300
    gap = lambda n, value: None if n % 7 == 3 else value
    day = dt.datetime(2026, 3, 29, 0, 59, 58)
    at = lambda n: day + dt.timedelta(hours=n, milliseconds=n * 37)
    return {
        "name": (pa.string(), [gap(n, ["Ä", "b", "", "🙂 long text " * 3][n % 4]) for n in range(rows)]),
        "unique": (pa.string(), [f"case-{n:05}" for n in range(rows)]),
        "small": (pa.int32(), [gap(n, n * n - 500) for n in range(rows)]),
        "large": (pa.int64(), [gap(n, n**7 - 2**40) for n in range(rows)]),
        "bits": (pa.bool_(), [gap(n, n % 3 == 0) for n in range(rows)]),
        "real": (pa.float64(), [gap(n, n / 8 - 3) for n in range(rows)]),
        "half": (pa.float32(), [gap(n, n / 4 + 0.1) for n in range(rows)]),
        "money": (pa.decimal128(18, 2), [gap(n, decimal.Decimal(n * 101 - 9999).scaleb(-2)) for n in range(rows)]),
        "born": (pa.date32(), [gap(n, dt.date(1930, 1, 1) + dt.timedelta(days=97 * n)) for n in range(rows)]),
        "local": (pa.timestamp("us"), [gap(n, at(n)) for n in range(rows)]),
        "instant": (pa.timestamp("us", "UTC"), [gap(n, at(n).replace(tzinfo=dt.timezone.utc)) for n in range(rows)]),
        "clock": (pa.time64("us"), [gap(n, dt.time(n % 24, n % 60, 7, 500_000 * (n % 2))) for n in range(rows)]),
        "never": (pa.string(), [None] * rows),
    }


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        text = value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
        return text.replace("+00:00", "Z")
    if isinstance(value, dt.time):
        return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def writers():
    columns = table()
    arrow = pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})
    expected = {name: [text(value) for value in values] for name, (_, values) in columns.items()}
    expected["half"] = ["" if v is None else text(round(v, 6)) for v in columns["half"][1]]
    lines = ["\t".join(expected)] + ["\t".join(row) for row in zip(*expected.values())]
    (HERE / "expected.tsv").write_text("\n".join(lines) + "\n")

    plain = ["small", "large", "real", "half", "born", "local", "instant", "clock"]
    pq.write_table(arrow, HERE / "arrow-1-snappy.parquet", compression="snappy", version="1.0", row_group_size=128)
    pq.write_table(arrow, HERE / "arrow-2-gzip.parquet", compression="gzip", data_page_version="2.0", data_page_size=512)
    pq.write_table(arrow, HERE / "arrow-lz4.parquet", compression="lz4", use_dictionary=False, data_page_size=1024)
    pq.write_table(arrow, HERE / "arrow-brotli.parquet", compression="brotli")
    pq.write_table(
        arrow, HERE / "arrow-delta.parquet", compression="none", use_dictionary=False, data_page_version="2.0",
        column_encoding={"small": "DELTA_BINARY_PACKED", "large": "DELTA_BINARY_PACKED", "local": "DELTA_BINARY_PACKED",
                         "name": "DELTA_LENGTH_BYTE_ARRAY", "unique": "DELTA_BYTE_ARRAY", "real": "BYTE_STREAM_SPLIT",
                         "half": "BYTE_STREAM_SPLIT", "bits": "RLE", "money": "BYTE_STREAM_SPLIT"},
    )
    # A page with a checksum each, as Spark writes them.
    checked = arrow.select(["name", "unique", "small", "born", "local"])
    pq.write_table(checked, HERE / "checked-1.parquet", compression="snappy", data_page_size=1024, write_page_checksum=True)
    pq.write_table(
        checked, HERE / "checked-2.parquet", compression="gzip", data_page_version="2.0", data_page_size=1024, write_page_checksum=True
    )
    # As a writer that streams leaves it: a group of no rows between two others; and no rows at all.
    few = arrow.select(["name", "small"])
    for name, parts in [("empty-group", [few[:5], few[:0], few[5:8]]), ("no-rows", [few[:0]])]:
        with pq.ParquetWriter(HERE / f"{name}.parquet", few.schema) as out:
            for part in parts:
                out.write_table(part)
    older = arrow.drop_columns(["instant", "clock"])
    pq.write_table(older, HERE / "arrow-int96.parquet", use_deprecated_int96_timestamps=True, store_decimal_as_integer=True)
    polars.from_arrow(arrow).write_parquet(HERE / "polars.parquet", compression="zstd")
    duckdb.sql("set timezone = 'UTC'")
    duckdb.register("arrow", arrow)
    duckdb.sql(f"copy arrow to '{HERE / 'duckdb.parquet'}' (format parquet, compression zstd, row_group_size 2048)")
    duckdb.sql(f"copy arrow to '{HERE / 'duckdb-2.parquet'}' (format parquet, parquet_version v2, compression snappy)")

    others = pa.table({
        "id": pa.array([uuid.UUID(int=n * 2**90 + 5).bytes for n in range(5)], pa.uuid()),
        "patient": pa.array([{"id": "A", "age": 7}, {"id": "B", "age": None}, None, {"id": None, "age": 1}, {"id": "C", "age": 2}]),
        "codes": pa.array([["a", "b"], [], None, ["c"], ["d"]]),
        "unsigned": pa.array([0, 1, 2**64 - 1, None, 7], pa.uint64()),
        "not_text": pa.array([b"ok", b"\xff\xfe", None, b"x", b"y"], pa.binary()),
        "real": pa.array([float("nan"), float("inf"), 1e21, 1e-7, 5e-324]),
        "nothing": pa.nulls(5),
    })
    pq.write_table(others, HERE / "others.parquet")


sepsis()
times()
writers()
