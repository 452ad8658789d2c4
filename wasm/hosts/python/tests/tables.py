"""Tables answer as cases do: `tables.py FOLDER`, with modules of `concord build`. Every case of the vectors is a row, without its events."""

import json
import sys
import unittest
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas
import polars
import pyarrow as pa

from concord import CaseRefused, Nothing, Rule, SettingRefused, Unknown, Value
from concord.answers import native

FOLDER = Path(sys.argv.pop(1)) if len(sys.argv) > 1 else Path("target/hosts/rules")
AS_OF = "2026-03-05T18:00:00Z"
ROWS = json.loads((Path(__file__).parents[2] / "corpus" / "rows.json").read_bytes(), parse_float=Decimal)
RANGES = ("number", "duration", "instant", "date", "time_of_day")


def loaded(name):
    return Rule.load(FOLDER / f"{name}.wasm", allow_draft=True)


def said(value, kind):
    """A value of a vector as Python has it; None where it is none, or known in part."""
    if not isinstance(value, (int, float, str, Decimal)) or isinstance(value, str) and value[:1] in "<>≤≥":
        return None
    return None if value == "none" and "none" not in kind.get("variants", []) else native(kind)(value)


def column(of, cases):
    values = [said(case.get(of["name"]), of["type"]) for case in cases]
    return pa.array(list(map(float, values)) if all(isinstance(value, Decimal) for value in values) else values)


def as_written(of, cases):
    """A column of times as texts, as a file has them; nothing where the fact is no time."""
    times = of["type"]["kind"] in ("date", "instant", "time_of_day")
    values = [case.get(of["name"]) if said(case.get(of["name"]), of["type"]) is not None else None for case in cases]
    return pa.array(values, pa.string()) if times and any(values) else None


def expected(answer):
    """The value, its kind and its ends, as a table has them."""
    if isinstance(answer, Value):
        value = answer.value
        return (float(value) if isinstance(value, Decimal) else value), "value", None, None
    if isinstance(answer, Nothing):
        return None, "none", None, None
    if isinstance(answer, Unknown):
        ends = (answer.possible.from_, answer.possible.to)
        return None, "unknown", *(float(end) if isinstance(end, Decimal) else end for end in ends)
    unknown = answer.verdict == "unknown"
    return None if unknown else answer.verdict, "unknown" if unknown else "value", None, None


def shown(column):
    """The values of a column; a length of time beyond what Python can say is the longest."""
    if not pa.types.is_duration(column.type):
        return column.to_pylist()
    most = timedelta.max // timedelta(milliseconds=1)
    lengths = column.cast(pa.int64()).to_pylist()
    beyond = lambda length: timedelta.max if length > 0 else timedelta.min
    return [None if of is None else timedelta(milliseconds=of) if abs(of) < most else beyond(of) for of in lengths]


class Tables(unittest.TestCase):
    def test_every_rule_answers_rows_as_cases(self):
        rows = 0
        for path in sorted(FOLDER.glob("*.vectors.json")):
            rule = loaded(path.name.removesuffix(".vectors.json"))
            facts = {of["name"] for of in rule.schema.facts}
            kinds = [of["name"] for of in rule.schema.events]
            cases = [
                {name: value for name, value in vector["case"].items() if name in facts}
                for vector in json.loads(path.read_bytes(), parse_float=Decimal)["cases"]
            ]
            for case in cases:
                for of in rule.schema.facts:
                    if of["name"] in case and case[of["name"]] != "none" and said(case[of["name"]], of["type"]) is None:
                        del case[of["name"]]  # known in part: a table cannot say that
            rows += len(cases)
            with self.subTest(rule.info.package):
                self.hold(rule, cases, kinds)
        print(f"{rows} rows", end=" ")

    def hold(self, rule, cases, kinds):
        columns = {of["name"]: column(of, cases) for of in rule.schema.facts}
        for of in rule.schema.facts:
            if of["may_be_none"]:
                columns[f"{of['name']}.none"] = [case.get(of["name"]) == "none" for case in cases]
        wanted = [of["name"] for of in rule.schema.answers]
        columns["as_of"] = [datetime.fromisoformat(AS_OF)] * len(cases)
        table = rule.evaluate_table(columns, wanted)
        written = {of["name"]: texts for of in rule.schema.facts if (texts := as_written(of, cases))}
        self.assertTrue(rule.evaluate_table({**columns, **written, "as_of": [AS_OF] * len(cases)}, wanted).equals(table))
        decisions = [rule.evaluate({**case, "as_of": AS_OF, "not_supplied": kinds}) for case in cases]
        ranged = {of["name"] for of in rule.schema.answers if of.get("type", {}).get("kind") in RANGES}
        for name in wanted:
            parts = [name, f"{name}.kind"] + ([f"{name}.from", f"{name}.to"] if name in ranged else [])
            found = list(zip(*(shown(table[part]) for part in parts)))
            right = [expected(decision[name])[: len(parts)] for decision in decisions]
            self.assertEqual(found, right, name)

    def test_a_row_with_an_entry_that_no_column_holds_is_asked_about_as_a_case(self):
        for path in sorted(FOLDER.glob("*.vectors.json")):
            rule = loaded(path.name.removesuffix(".vectors.json"))
            facts = [of["name"] for of in rule.schema.facts]
            kinds = [of["name"] for of in rule.schema.events]
            vectors = json.loads(path.read_bytes(), parse_float=Decimal)["cases"]
            cases = [{name: vector["case"][name] for name in facts if vector["case"].get(name) is not None} for vector in vectors]
            # As cases have them, whatever they are: `"<50"`, `"none"`, `{"from": 1, "to": 2}`.
            columns = {name: [case.get(name) for case in cases] for name in facts}
            ranged = {of["name"] for of in rule.schema.answers if of.get("type", {}).get("kind") in RANGES}
            wanted = [of["name"] for of in rule.schema.answers]
            with self.subTest(rule.info.package):
                table = rule.evaluate_table({**columns, "as_of": [AS_OF] * len(cases)}, wanted)
                decisions = [rule.evaluate({**case, "as_of": AS_OF, "not_supplied": kinds}) for case in cases]
                for name in wanted:
                    parts = [name, f"{name}.kind"] + ([f"{name}.from", f"{name}.to"] if name in ranged else [])
                    found = list(zip(*(shown(table[part]) for part in parts)))
                    self.assertEqual(found, [expected(decision[name])[: len(parts)] for decision in decisions], name)

    def test_values_of_several_types_stand_in_one_column(self):
        rule = loaded("news2")
        spo2 = [96, ">=96", {"from": 92, "to": 93}, None, Decimal(91)]
        frame = pandas.DataFrame({"spo2": pandas.Series(spo2, dtype=object), "scale": ["scale_1"] * 5})
        frame.index = [7, 5, 3, 1, 0]
        for columns in (frame, {name: list(frame[name]) for name in frame}):
            table = rule.evaluate_table(columns, ["saturation"])
            kinds = [rule.evaluate({"scale": "scale_1", **({} if of is None else {"spo2": of})})["saturation"] for of in spo2]
            self.assertEqual(list(table["saturation.kind"].tolist() if columns is frame else table["saturation.kind"].to_pylist()), [expected(of)[1] for of in kinds])
        for odd, at in ((["96"], ["/0/spo2"]), (["<97", 96, "banana", 2**63], ["/2/spo2", "/3/spo2"]), ([True, "<97"], ["/0/spo2"])):
            with self.assertRaises(CaseRefused) as refused:
                rule.evaluate_table({"spo2": odd}, ["total"])
            self.assertEqual([of.at for of in refused.exception.faults], at)

    def test_pandas_polars_arrow_and_maps_say_the_same(self):
        columns = {"spo2": [91, None, 97], "temperature": [38.4, 36.0, None], "on_oxygen": [True, False, None], "scale": ["scale_1"] * 3}
        rule, want = loaded("news2"), ["saturation", "warmth", "total"]
        right = rule.evaluate_table(columns, want).to_pydict()
        self.assertEqual(right["saturation"], [3, None, 0])
        self.assertEqual(right["saturation.kind"], ["value", "unknown", "value"])
        self.assertEqual(right["total.from"][0], 6)
        frame = pandas.DataFrame(columns, index=["a", "b", "c"])
        answered = rule.evaluate_table(frame, want)
        self.assertEqual(list(answered.index), ["a", "b", "c"])
        self.assertEqual(pa.Table.from_pandas(answered, preserve_index=False).to_pydict()["total.to"], right["total.to"])
        answered = rule.evaluate_table(polars.DataFrame(columns), [*want, "risk"])
        self.assertEqual(answered.drop("risk", "risk.kind").to_dict(as_series=False), right)
        none, known = (rule.evaluate_table(polars.DataFrame(of), ["risk"])["risk"] for of in ({"spo2": [97, 96]}, {**columns, "consciousness": ["voice"] * 3}))
        self.assertEqual([answered["risk"].dtype, none.null_count()], [known.dtype, 2])
        self.assertEqual(none.dtype, known.dtype)
        self.assertEqual(rule.evaluate_table(polars.DataFrame(columns)[:0], want).shape, (0, len(right)))
        sliced = pa.table({name: pa.array([None, *column, None])[1:4] for name, column in columns.items()})
        self.assertEqual(rule.evaluate_table(sliced, want).to_pydict(), right)

    def test_answers_are_written_to_one_by_one(self):
        rule = loaded("news2")
        frame = pandas.DataFrame({"spo2": [97, 91], "scale": ["scale_1"] * 2}, index=[7, 8])
        first, second = (rule.evaluate_table(frame, ["saturation"]) for _ in range(2))
        first.loc[7, "saturation.from"] = 3
        first.loc[8, "saturation"] = 0
        self.assertEqual(first["saturation.from"].tolist()[0], 3)
        self.assertEqual(first["saturation"].tolist(), [first.loc[7, "saturation"], 0])
        for untouched in (first["saturation.to"], second["saturation.from"], rule.evaluate_table(frame, ["saturation"])["saturation.from"]):
            self.assertTrue(untouched.isna().all())
            self.assertEqual(list(untouched.index), [7, 8])

    def test_answers_stand_beside_their_rows_whatever_the_index(self):
        rule = Rule.load(FOLDER / "news2.wasm", allow_draft=True)
        rates = [30, 12, None, 25]
        right = rule.evaluate_table({"respiration_rate": rates}, ["total", "single_red", "risk"]).to_pydict()
        frame = pandas.DataFrame({"respiration_rate": pandas.array(rates, dtype="Int64"), "keep": [True, False, True, True]})
        named = pandas.Index(["Ann", "Bob", "Ann", "Cy"], name="who")
        frames = {
            "as it came": frame,
            "sorted": frame.sort_values("respiration_rate", ascending=False),
            "filtered": frame[frame.keep],
            "turned round": frame[::-1],
            "sampled": frame.sample(frac=1, random_state=5),
            "names, one twice": frame.set_index(named),
            "instants": frame.set_index(pandas.date_range("2026-03-01", periods=4)),
            "two levels": frame.set_index(pandas.MultiIndex.from_product([["a", "b"], [1, 0]])),
            "of other numbers": frame.set_axis([3, 2, 1, 0]),
        }
        for name, of in frames.items():
            with self.subTest(name):
                answered = rule.evaluate_table(of[["respiration_rate"]], ["total", "single_red", "risk"])
                self.assertTrue(answered.index.equals(of.index))
                places = [next(at for at, rate in enumerate(rates) if rate == (None if pandas.isna(seen) else seen)) for seen in of.respiration_rate]
                for column, values in right.items():
                    seen = [None if pandas.isna(value) else value for value in answered[column]]
                    self.assertEqual(seen, [values[place] for place in places], column)
        made = Rule.load(FOLDER / "sepsis.wasm", allow_draft=True)
        shown = made.evaluate_table(pandas.DataFrame({"age": [70, 15]}, index=[9, 8]), ["antibiotics_1h", "antibiotics_1h.due"], as_of=AS_OF)
        self.assertTrue(list(shown.index) == [9, 8] and shown["antibiotics_1h.due.kind"].notna().all())

    def test_one_instant_for_all_is_read_as_that_of_a_case(self):
        rule = loaded("sepsis")
        for as_of in (AS_OF, "2026-03-05 19:00+01", datetime(2026, 3, 5, 18, 0, 0, 999, tzinfo=timezone.utc)):
            answered = rule.evaluate_table({"age": [70]}, ["antibiotics_1h"], as_of=as_of)
            self.assertEqual(answered["antibiotics_1h.kind"].to_pylist(), ["unknown"])
            self.assertEqual(rule.evaluate({}, as_of=as_of).as_of, datetime.fromisoformat(AS_OF.replace("Z", "+00:00")))
        for as_of in ("2026-03-05T18:00:00", datetime(2026, 3, 5, 18)):  # of no zone
            for ask in (lambda: rule.evaluate_table({"age": [70]}, ["antibiotics_1h"], as_of=as_of), lambda: rule.evaluate({}, as_of=as_of)):
                with self.assertRaises(CaseRefused) as caught:
                    ask()
                self.assertEqual(caught.exception.faults[0].at, "/as_of")

    def test_choices_go_in_by_any_names(self):
        rule = loaded("news2")
        right = ["alert", "new_confusion", None, "unresponsive"]
        wrong = ["alert", "asleep", None, "unresponsive"]
        polars.Series(["elsewhere", "pain"], dtype=polars.Categorical)  # names that all categories have in common
        kinds = {
            "category": lambda of: pandas.DataFrame({"consciousness": pandas.Categorical(of)}),
            "ordered": lambda of: pandas.DataFrame({"consciousness": pandas.Categorical(of, ["unresponsive", "asleep", "new_confusion", "alert"])}),
            "text": lambda of: pandas.DataFrame({"consciousness": of}),
            "object": lambda of: pandas.DataFrame({"consciousness": pandas.Series(of, dtype=object)}),
            "polars": lambda of: polars.DataFrame({"consciousness": polars.Series(of, dtype=polars.Categorical)}),
            "enum": lambda of: polars.DataFrame({"consciousness": polars.Series(of, dtype=polars.Enum(["asleep", "unresponsive", "alert", "new_confusion"]))}),
            "polars text": lambda of: polars.DataFrame({"consciousness": of}),
            "many": lambda of: pa.table({"consciousness": pa.DictionaryArray.from_arrays(pa.array([0, 299, None, 7]), [of[0], *"abcdef", of[3], *map(str, range(291)), of[1]])}),
        }
        for name, of in kinds.items():
            with self.subTest(name):
                answered = rule.evaluate_table(of(right), ["mind"])
                self.assertEqual(list(answered["mind.kind"].to_pylist() if name == "many" else answered["mind.kind"]), ["value", "value", "unknown", "value"])
                with self.assertRaises(CaseRefused) as caught:
                    rule.evaluate_table(of(wrong), ["mind"])
                self.assertEqual([(fault.code, fault.at) for fault in caught.exception.faults], [("D10", "/1/consciousness")])

    def test_numbers_go_in_of_any_width(self):
        rule = loaded("news2")
        for dtype in ("uint8", "int16", "uint32", "int64", "float32", "float64", "Int64", "Float64", "int64[pyarrow]"):
            with self.subTest(dtype):
                frame = pandas.DataFrame({"pulse": pandas.array([80, 131, 40], dtype=dtype)})
                answered = rule.evaluate_table(frame, ["heart"])
                self.assertEqual(answered["heart"].tolist(), [0, 3, 3])
        strided = pandas.DataFrame(np.arange(40, 100, dtype=float).reshape(20, 3), columns=["spo2", "pulse", "systolic"])
        right = rule.evaluate_table(strided.to_dict("list"), ["heart"]).to_pydict()
        self.assertEqual(rule.evaluate_table(strided, ["heart"])["heart"].tolist(), right["heart"])
        missing = pandas.DataFrame({"temperature": np.float32([37.1, np.nan]), "on_oxygen": pandas.array([True, None], dtype="boolean")})
        self.assertEqual(list(rule.evaluate_table(missing, ["warmth", "oxygen"])["warmth.kind"]), ["value", "unknown"])

    def test_many_rows_go_in_chunks(self):
        rule, rows = loaded("news2"), 100_003
        spo2 = np.arange(rows) % 71 + 30
        table = rule.evaluate_table({"spo2": spo2, "scale": ["scale_1"] * rows, "pulse": [None, *[80] * (rows - 1)]}, ["saturation", "heart"])
        by_value = {value: rule.evaluate({"spo2": value, "scale": "scale_1"})["saturation"].value for value in range(30, 101)}
        self.assertEqual(table["saturation"].to_pylist(), [by_value[value] for value in spo2.tolist()])
        self.assertEqual(table["heart.kind"].to_pylist(), ["unknown"] + ["value"] * (rows - 1))

    def test_what_may_not_stand_in_a_row_is_refused_with_its_place(self):
        rule = loaded("news2")

        def faults(columns, want="total", **options):
            with self.assertRaises(CaseRefused) as caught:
                rule.evaluate_table(columns, [want], **options)
            return [(fault.code, fault.at) for fault in caught.exception.faults]

        self.assertEqual(faults({"spo2": [97, 101, None, 29]}), [("D08", "/1/spo2"), ("D08", "/3/spo2")])
        self.assertEqual(faults({"temperature": [37.1, 37.15, float("nan"), 1e300]})[:2], [("D09", "/1/temperature"), ("D07", "/2/temperature")])
        self.assertEqual(faults({"temperature": [Decimal("37.10"), Decimal("37.15")]}), [("D09", "/1/temperature")])
        self.assertEqual(faults({"scale": ["scale_1", "scale_3"]}), [("D10", "/1/scale")])
        self.assertEqual(faults({"spo2": ["97"]}), [("D07", "/0/spo2")])
        self.assertEqual(faults({"on_oxygen": [1]}), [("D07", "/0/on_oxygen")])
        self.assertEqual(faults({"colour": ["red"]}), [("D06", "/colour")])
        self.assertEqual(len(faults({"spo2": [1] * 60})), 51)
        rule.evaluate_table({"colour": ["red"], "spo2": [97]}, ["total"], ignore_unknown=True)
        with self.assertRaises(KeyError):
            rule.evaluate_table({"spo2": [97]}, ["totals"])
        rule = loaded("sepsis")
        self.assertEqual(faults({"age": [70]}, "organ_signs"), [("D12", "/as_of")])
        naive = pa.array([datetime(2026, 3, 5)])
        self.assertEqual(faults({"age": [70]}, "organ_signs", as_of=naive), [("D11", "/0/as_of")])
        rule.evaluate_table({"age": [70]}, ["antibiotics_1h", "antibiotics_1h.due"], as_of=[datetime(2026, 3, 5, tzinfo=timezone.utc)])

    def test_hooks_are_told(self):
        calls, decisions = [], []
        hooks = {"on_call": calls.append, "on_decision": lambda decision, _: decisions.append(decision)}
        rule = Rule.load(FOLDER / "news2.wasm", allow_draft=True, **hooks)
        columns = {"respiration_rate": [25, 12], "spo2": [91, None], "scale": ["scale_1"] * 2, "on_oxygen": [True, False]}
        rule.evaluate_table(pandas.DataFrame({**columns, "temperature": np.float32([37.1, 36.9])}), ["saturation", "risk"])
        with self.assertRaises(CaseRefused):
            rule.evaluate_table({"spo2": [97, 200]}, ["risk"])
        self.assertEqual([(call.outcome, call.unknown, call.cases) for call in calls], [("answered", 2, 2), ("refused", 0, 2)])
        self.assertEqual(calls[1].codes, ("D08",))
        self.assertEqual([type(decision["saturation"]) for decision in decisions], [Value, Unknown])
        rule = Rule.load(FOLDER / "sepsis.wasm", allow_draft=True, **hooks)
        rule.evaluate_table({"age": [70, None]}, ["antibiotics_1h", "antibiotics_1h.due"], as_of=AS_OF, settings={"antibiotics_within": "PT45M"})
        self.assertEqual([decision.settings for decision in decisions[2:]], [{"antibiotics_within": "PT45M"}] * 2)
        self.assertEqual(decisions[2].as_of, datetime.fromisoformat(AS_OF))
        self.assertEqual((calls[2].unknown, calls[2].cases), (2, 2))

    def test_times_as_texts_are_refused_in_their_rows(self):
        for name, kind, good, wrong in (
            ("data", "date", "2026-01-05", ["2026-02-30", "05/01/2026", "2026-01-05T00:00:00Z", ""]),
            ("aseptic", "instant", "2026-01-05T18:00:00Z", ["2026-01-05T18:00:00", "2026-01-05T25:00Z", "2026-01-05T18Z", "now"]),
        ):
            rule = loaded(name)
            fact = next(of["name"] for of in rule.schema.facts if of["type"]["kind"] == kind)
            want = [rule.schema.answers[0]["name"]]
            rule.evaluate_table({fact: pandas.Series([good, None])}, want, as_of=AS_OF)
            with self.assertRaises(CaseRefused) as caught:
                rule.evaluate_table({fact: [good, *wrong, None, good]}, want, as_of=AS_OF)
            self.assertEqual([fault.at for fault in caught.exception.faults], [f"/{row}/{fact}" for row in range(1, 5)])

    def kinds(self):
        return Rule.load(FOLDER / "kinds" / "kinds.wasm", allow_draft=True)

    def hold_as_a_case(self, rule, fact, value, column=None):
        """A row between two others is what the case with its value is."""
        good, name = ROWS["good"][fact], "now" if fact == "as_of" else f"of_{fact}"
        kind = next(of["type"]["kind"] for of in rule.schema.answers if of["name"] == name)
        parts = [name, f"{name}.kind"] + ([f"{name}.from", f"{name}.to"] if kind in RANGES else [])
        as_of = None if fact == "as_of" else ROWS["as_of"]
        column = [good, value, good] if column is None else column

        def one():
            return list(expected(rule.evaluate({fact: value, "not_supplied": ["Come"]}, as_of=as_of)[name])[: len(parts)])

        def many():
            table = rule.evaluate_table({"big": [1] * len(column), fact: column} if fact != "big" else {fact: column}, [name], as_of=as_of)
            return [shown(table[part])[1] for part in parts]

        def said(ask):
            try:
                return ask()
            except CaseRefused as refused:
                return [(fault.code, fault.expected) for fault in refused.faults]

        self.assertEqual(said(many), said(one), (fact, value))
        try:
            many()
        except CaseRefused as refused:
            self.assertEqual([fault.at for fault in refused.faults], [f"/1/{fact}"], (fact, value))

    def test_every_value_of_a_column_is_taken_as_in_a_case(self):
        rule = self.kinds()
        for fact, values in ROWS["values"].items():
            for value in values:
                with self.subTest(fact=fact, value=value):
                    self.hold_as_a_case(rule, fact, value)
                    if isinstance(value, str) and isinstance(ROWS["good"][fact], str):
                        for column in (pandas.Series, polars.Series, pa.array, pandas.Categorical):
                            self.hold_as_a_case(rule, fact, value, column([ROWS["good"][fact], value, ROWS["good"][fact]]))

    def test_and_so_are_the_values_of_python(self):
        rule, utc, day = self.kinds(), timezone.utc, date(2026, 3, 29)
        instant = datetime(2026, 3, 29, 1, 30, tzinfo=utc)
        own = {
            "big": [2**53 + 1, -(2**53) - 1, 2**70, -(2**70), True, 1e17, float(2**53), Decimal("9E17"), Decimal("1E+25"), Decimal("NaN"), float("inf"), -0.0, np.int64(2**53 + 1)],
            "small": [0.1, 0.1 + 0.2, Decimal("0.1000"), Decimal("0.10000000000000000000000000000000001"), 1e-3, 1e-4, True, 5, np.float32(38.4), np.float16(1.1), np.float32("nan")],
            "amount": [Decimal("1234567890123456.78"), Decimal("9999999999999999.990"), 123456789012345.67, 681802249186459.0, 1e22, 2**63, np.float32(12345678.9)],
            "fine": [np.float32(0.1), np.float32(33.333), np.float64(0.1)],
            "born": [day, instant, datetime(2026, 3, 29), np.datetime64("2026-03-29"), np.datetime64("NaT"), np.datetime64("2026-03")],
            "seen": [
                instant, instant.replace(microsecond=123456), instant.replace(tzinfo=None), day, datetime(2200, 1, 1, tzinfo=utc), datetime(2199, 12, 31, 23, 59, 59, 999000, tzinfo=utc),
                datetime(1899, 12, 31, tzinfo=utc), instant.replace(tzinfo=timezone(timedelta(hours=1))), np.datetime64("NaT"), pandas.NaT,
                pandas.Timestamp(instant), pandas.Timestamp("2026-03-29T01:30:00.000000001Z"),
            ],
            "clock": [time(9, 30), time(9, 30, tzinfo=utc), time(9, 30, 0, 500), time(9, 30, 0, 500_000)],
            "wait": [timedelta(hours=1), timedelta(days=401), timedelta(seconds=-5), timedelta(microseconds=5), 5, 5000, np.timedelta64(5, "m"), np.timedelta64(5, "ns"), np.timedelta64(5), np.timedelta64("NaT")],
            "tag": ["\ud800"],
            "flag": [True, np.True_, np.False_, 1.0],
            "ward": ["\ud800"],
        }
        goods = {"born": date(2000, 1, 1), "seen": datetime(2026, 1, 1, tzinfo=utc), "clock": time(10), "wait": timedelta(hours=1), "big": 1.5, "small": 1.5}
        for fact, values in own.items():
            for value in values:
                with self.subTest(fact=fact, value=value):
                    self.hold_as_a_case(rule, fact, value)
                    if fact in goods and fact != "big":
                        self.hold_as_a_case(rule, fact, value, [goods[fact], value, goods[fact]])
                        if value is not pandas.NaT and value == value:
                            self.hold_as_a_case(rule, fact, value, pandas.Series([goods[fact], value, goods[fact]], dtype=object))
        for number in np.random.default_rng(5).random(100):
            for fact, places, sizes in (("amount", 2, 17), ("fine", 9, 3)):
                value = round(float(number * 10 ** int(number * 1e6 % sizes)), places)
                self.hold_as_a_case(rule, fact, value, np.array([1.5, value, 2.25]))
                short = np.float32(value)
                self.hold_as_a_case(rule, fact, short, np.array([1.5, short, 2.25], dtype=np.float32))

    def test_what_numpy_has_instead_of_a_value_is_not_missing_in_a_case(self):
        rule, news2 = self.kinds(), loaded("news2")
        for value in (np.datetime64("NaT"), np.timedelta64("NaT"), np.datetime64("2026"), np.timedelta64(1, "M"), np.timedelta64(5, "ns"), np.timedelta64(5), np.float32("nan")):
            for fact in ("big", "seen", "wait", "born"):
                with self.subTest(fact=fact, value=value), self.assertRaises(CaseRefused) as caught:
                    rule.evaluate({fact: value}, as_of=ROWS["as_of"])
                self.assertEqual([(fault.code, fault.at) for fault in caught.exception.faults], [("D07", f"/{fact}")])
            with self.assertRaises(CaseRefused):
                rule.evaluate({"events": [{"event": "Come", "at": value}]}, as_of=ROWS["as_of"])
        for fact, value, right in (
            ("small", np.float32(38.4), Decimal("38.4")),
            ("small", np.longdouble("0.5"), Decimal("0.5")),
            ("wait", np.timedelta64(90, "m"), timedelta(minutes=90)),
            ("wait", np.timedelta64(5_000_000, "ns"), timedelta(milliseconds=5)),
            ("born", np.datetime64("2026-03-29"), date(2026, 3, 29)),
            ("flag", np.True_, True),
            ("big", np.int8(5), 5),
        ):
            self.assertEqual(rule.evaluate({fact: value}, as_of=ROWS["as_of"])[f"of_{fact}"].value, right)
        self.assertEqual(news2.evaluate({"temperature": np.float32(38.4)})["warmth"].value, 1)

    def test_what_is_recorded_as_none_may_stand_alone(self):
        rule = self.kinds()
        answered = rule.evaluate_table({"few.none": [True, False, None], "ward.none": [False, True, True]}, ["of_few", "of_ward"], as_of=ROWS["as_of"])
        self.assertEqual(answered["of_few.kind"].to_pylist(), ["none", "unknown", "unknown"])
        self.assertEqual(answered["of_ward.kind"].to_pylist(), ["unknown", "none", "none"])

    def test_whole_numbers_come_out_of_pandas_as_they_went_in(self):
        rule, large = self.kinds(), 2**53 + 1
        for values in ([large, None, -large], [large, 5, 7]):
            answered = rule.evaluate_table(pandas.DataFrame({"big": pandas.array(values, dtype="Int64")}), ["of_big"], as_of=ROWS["as_of"])
            self.assertEqual([None if pandas.isna(value) else int(value) for value in answered["of_big"]], values)

    def test_a_column_of_several_types_accuses_nobody_but_whom_it_must(self):
        rule = self.kinds()
        for column, bad in (([True, "yes", None, False], 1), ([97, "x", None, 97], 1)):
            fact = "flag" if bad == 1 and column[0] is True else "big"
            with self.assertRaises(CaseRefused) as caught:
                rule.evaluate_table({fact: column}, [f"of_{fact}"], as_of=ROWS["as_of"])
            self.assertEqual([fault.at for fault in caught.exception.faults], [f"/1/{fact}"])
        frame = pandas.DataFrame({"big": pandas.Series([97, "<5", pandas.NA, None, float("nan")], dtype=object)})
        answered = rule.evaluate_table(frame, ["of_big"], as_of=ROWS["as_of"])
        self.assertEqual(list(answered["of_big.kind"]), ["value"] + ["unknown"] * 4)

    def test_settings_are_in_force_in_a_table_as_in_a_case(self):
        rule = self.kinds()
        wanted = [f"of_{of['name']}" for of in rule.schema.parameters]

        def said(ask):
            try:
                return ask()
            except SettingRefused as refused:
                return refused.faults

        for settings in ROWS["settings"]:
            with self.subTest(settings=settings):
                one = said(lambda: rule.evaluate({}, as_of=ROWS["as_of"], settings=settings))
                many = said(lambda: rule.evaluate_table({"big": [1]}, wanted, as_of=ROWS["as_of"], settings=settings))
                if isinstance(one, tuple):
                    self.assertEqual(many, one)
                else:
                    self.assertEqual([many[name].to_pylist() for name in wanted], [[one[name].value] for name in wanted])
        tags = ["A1", "B2", "007", "7"]
        for tag in tags:
            same = rule.evaluate_table({"tag": tags}, ["same_tag"], as_of=ROWS["as_of"], settings={"code_set": tag})["same_tag"]
            self.assertEqual(same.to_pylist(), [of == tag for of in tags])

    def test_settings_are_those_of_one_table(self):
        with self.assertRaises(SettingRefused):
            loaded("sepsis").evaluate_table({"age": [70]}, ["organ_signs"], as_of=AS_OF, settings={"antibiotics_within": "PT2H"})
        loaded("sepsis").evaluate_table({"age": [70]}, ["organ_signs"], as_of=AS_OF, settings={"antibiotics_within": timedelta(minutes=45)})


if __name__ == "__main__":
    unittest.main()
