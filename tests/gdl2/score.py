"""Translates the published clinical scores of `tests/data/gdl2`, checks them, and runs their cases.

    python3 tests/gdl2/score.py target/release/concord [--only PART_OF_A_NAME] [--keep FOLDER]

Fails if fewer cases are right than before, or more guidelines cannot be expressed. See README.md beside this file.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from guideline import Guideline
from syntax import NotExpressible
from translate import Options, Translation

DATA = Path(__file__).resolve().parent.parent / "data" / "gdl2"
# What was reached; only ever to be tightened.
LEAST_RIGHT = 2572
MOST_NOT_EXPRESSIBLE = 10


@dataclass
class Outcome:
    """One guideline: why it could not be expressed, or which of its cases came out right."""

    file: str
    cases: int
    reason: str = ""
    right: int = 0
    wrong: list = field(default_factory=list)


class Concord:
    """The command line that is tried."""

    def __init__(self, program):
        self.program = program

    def check(self, text, path):
        """The errors of a rule."""
        path.write_text(text, encoding="utf-8")
        ran = subprocess.run(
            [self.program, "check", "--format", "json", path], capture_output=True, text=True, check=False
        )
        messages = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
        errors = [m for m in messages if "error" in (m.get("severity"), m.get("level"))]
        if ran.returncode and not errors:
            raise RuntimeError(ran.stderr or ran.stdout)
        return errors

    def evaluate(self, path, case):
        """The answers to a case, or what was said instead."""
        command = [self.program, "eval", "--bare", "--json", path]
        ran = subprocess.run(command, input=json.dumps(case), capture_output=True, text=True, check=False)
        return (json.loads(ran.stdout)["answers"], "") if ran.returncode == 0 else ({}, ran.stderr.strip())


def repaired(text, errors):
    """Does what two messages ask for: a claim that is never true, a row that nothing can reach."""
    source = text.encode()
    for error in sorted(errors, key=lambda error: -error["primary"]["start"]["byte"]):
        start, end = error["primary"]["start"]["byte"], error["primary"]["end"]["byte"]
        line, line_end = source.rfind(b"\n", 0, start) + 1, source.find(b"\n", start)
        if error["code"] == "E0413":
            bar = source.rfind(b"|", line, line_end)
            source = source[:bar] + b"| impossible" + source[line_end:]
            continue
        words = source[start:end]
        if words.strip() == b"none" and b"|" in source[line:line_end]:
            source = source[:line] + source[line_end + 1 :]
            continue
        after = re.match(rb"( is not none| is none)", source[end : end + 14])
        whole = re.match(rb"^\(?([\w.]+) is (not )?none\)?$", words)
        if whole:
            source = source[:start] + (b"yes" if whole[2] else b"no") + source[end:]
        elif after:
            answer = b"yes" if b"not" in after[1] else b"no"
            source = source[:start] + answer + source[end + len(after[1]) :]
    return source.decode()


def adapted(options, errors, translation, text, cases):
    """The options that the errors ask for next."""
    options, codes = options.copy(), {error["code"] for error in errors}
    if codes & {"E0612", "E0614"}:
        lines, before = text.split("\n"), set(options.positive)
        for error in errors:
            if error["code"] in ("E0612", "E0614"):
                names = set(re.findall(r"\w+", lines[error["primary"]["start"]["line"] - 1]))
                options.positive |= above_zero(names, translation, cases)
        if options.positive == before:
            options.guard = True
    if "E0609" in codes:
        if not options.clamp:
            options.clamp = True
        elif not options.narrow:
            options.narrow = True
        elif options.guard:
            options.least = "0.001"
    return options


def above_zero(names, translation, cases):
    """The numeric facts among some names that are above 0 in every case."""
    found = set()
    for variable, name in translation.facts.items():
        if name in names and translation.guideline.kind[variable] == "num":
            values = (case["input"].get(variable, {"t": ""}) for case in cases)
            numbers = [v["v"] for v in values if v["t"] in ("quantity", "int", "float")]
            if all(Decimal(str(number)) > 0 for number in numbers):
                found.add(variable)
    return found


def places_needed(cases):
    """How many places the expected results have."""
    most = 0
    for value in (value for case in cases for value in case["expected"].values()):
        if value["t"] in ("float", "quantity"):
            most = max(most, len(number_as_written(value).partition(".")[2]))
    return most


def number_as_written(value):
    return str(value.get("raw", value.get("v"))).split(",")[0]


def translated(concord, guideline, cases, path):
    """A translation that compiles; raises NotExpressible where none does."""
    options, needed, errors = Options(), places_needed(cases), []
    for places in range(min(9, max(6, needed)), max(needed, 1) - 1, -1):
        for _ in range(12):
            translation = Translation(guideline, options)
            text = translation.build(places)
            errors = concord.check(text, path)
            for _ in range(12):
                if not any(error["code"] in ("E0508", "E0413") for error in errors):
                    break
                text = repaired(text, [error for error in errors if error["code"] in ("E0508", "E0413")])
                errors = concord.check(text, path)
            if not errors:
                return translation
            changed = adapted(options, errors, translation, text, cases)
            if changed == options:
                break
            options = changed
        if not {error["code"] for error in errors} & {"E0604", "E0607", "E0609", "E0611"}:
            break
    said = sorted({f"{error['code']} {re.sub('`[^`]*`', '`…`', error['title'])[:60]}" for error in errors})
    raise NotExpressible("check: " + ", ".join(said)[:200])


def case_as_json(translation, case):
    kinds, facts = translation.guideline.kind, {}
    for variable, name in translation.facts.items():
        value = case["input"].get(variable)
        facts[name] = "none" if value is None else fact(translation, variable, kinds[variable], value)
        if variable in translation.all_unit_facts:
            unit_fact, of_unit = translation.all_unit_facts[variable]
            unit = value["unit"] if value and value["t"] == "quantity" else None
            facts[unit_fact] = of_unit.get(unit, "none")
    facts["as_of"] = (case["now"] or "2020-03-01 12:00:00").replace(" ", "T") + "Z"
    return facts


def fact(translation, variable, kind, value):
    variants = translation.variants.get(variable, {})
    if value["t"] in ("ordinal", "coded"):
        code = value["code"].split("::")[1]
        if kind not in ("enum", "text"):
            return value.get("v")
        return variants.get(f"{code}#{value.get('v')}") or variants.get(code)
    if value["t"] == "quantity":
        number = number_as_written(value)
        return float(number) if "." in number else int(float(number))
    if value["t"] == "datetime":
        return value["v"] + "Z" if translation.guideline.times[variable] else value["v"][:10]
    return variants.get(value["v"], value["v"]) if value["t"] == "text" else value["v"]


def plain_text(text):
    return re.sub(r"\s+", " ", str(text)).strip().replace('"', "'").replace("\\", "")


def agrees(translation, variable, expected, answer):
    """Whether an answer is what the case expects: a number to the places it was published with."""
    if answer is None or answer.get("value") is None:
        return False
    found, kind, variants = (
        answer["value"],
        translation.guideline.kind.get(variable),
        translation.variants.get(variable),
    )
    type_of = expected["t"]
    if type_of in ("ordinal", "coded"):
        if kind not in ("enum", "text"):
            return expected.get("v") is not None and found == expected["v"]
        code = expected["code"].split("::")[1]
        return found in (
            variants.get(code),
            variants.get(f"{code}#{expected.get('v')}"),
            variants.get(expected["text"]),
        )
    labels = dict(translation.enums[variable][1]) if kind in ("enum", "text") else {}
    if type_of == "text":
        return plain_text(labels.get(found) if labels else found) == plain_text(expected["v"])
    if type_of == "bool":
        return found is expected["v"]
    if type_of == "datetime":
        return str(found)[:10] == expected["v"][:10]
    if kind in ("text", "enum"):
        return kind == "text" and labels.get(found) == str(expected.get("raw", expected["v"]))
    places = len(number_as_written(expected).partition(".")[2])
    try:
        return abs(float(found) - float(expected["v"])) <= 0.5000001 * 10**-places + 1e-9
    except ValueError:
        return False


def differences(translation, case, asked, answers, outputs):
    """What a case expects and does not get."""
    found = []
    for variable, expected in case["expected"].items():
        name = translation.current.get(variable)
        answer = answers.get(name)
        if name in translation.facts.values():
            answer = None if asked.get(name) == "none" else {"value": asked.get(name)}
        if not agrees(translation, variable, expected, answer):
            wanted = expected["text"] if "text" in expected else expected.get("raw", expected.get("v"))
            found.append(f"{name} should be {str(wanted)[:60]} but is {(answer or {}).get('text')}")
    if not case["expected"]:
        for variable, name in translation.current.items():
            value = answers.get(name, {}).get("value")
            if name not in translation.facts.values() and value is not None and variable in outputs:
                found.append(f"{name} should be none but is {value}")
    return found


def scored(concord, source, cases, folder):
    file = source["file"]
    outcome = Outcome(file, len(cases))
    path = folder / (file.replace(".gdl2.json", "").replace(" ", "_") + ".concord")
    try:
        # All cases say of what kind a variable is; only the verified ones are counted.
        translation = translated(concord, Guideline(source, source["cases"]), cases, path)
    except NotExpressible as reason:
        outcome.reason = str(reason)
        return outcome
    bindings = (source["definition"].get("data_bindings") or {}).values()
    outputs = {v for binding in bindings if binding.get("type") == "OUTPUT" for v in binding.get("elements") or {}}
    for case in cases:
        asked = case_as_json(translation, case)
        answers, said = concord.evaluate(path, asked)
        wrong = ["refused: " + said[:200]] if said else differences(translation, case, asked, answers, outputs)
        outcome.right += not wrong
        outcome.wrong += [f"{file}, {case['case']}: {what}" for what in wrong[:1]]
    return outcome


def read(name):
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sources(only):
    """The guidelines that have a verified case, each with all its cases."""
    cases = defaultdict(list)
    for case in read("cases.jsonl.gz"):
        cases[case["guideline"]].append(case)
    guidelines = {guideline["file"]: guideline for guideline in read("guidelines.jsonl.gz")}
    for file in sorted(guidelines):
        if file in cases and only in file:
            yield guidelines[file] | {"cases": cases[file]}


def main():
    arguments = argparse.ArgumentParser(description="Published clinical scores, translated and run.")
    arguments.add_argument("program", help="the command line to try: target/release/concord")
    arguments.add_argument("--only", default="", help="guidelines with this in their file's name")
    arguments.add_argument("--keep", type=Path, help="a folder for the translated rules")
    given = arguments.parse_args()
    concord = Concord(os.path.abspath(given.program))
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(os.cpu_count()) as workers:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        verified = [(s, [case for case in s["cases"] if case["verified"]]) for s in sources(given.only)]
        outcomes = list(workers.map(lambda pair: scored(concord, *pair, folder), verified))
    sys.exit(report(outcomes, whole=not given.only))


def report(outcomes, whole):
    """Prints the score; the exit code."""
    reasons = Counter()
    for outcome in outcomes:
        for line in outcome.wrong:
            print("wrong:", line)
        if outcome.reason:
            reasons[outcome.reason] += 1
            print(f"not expressible: {outcome.file} ({outcome.cases} cases): {outcome.reason}")
    right, not_expressible = sum(outcome.right for outcome in outcomes), sum(reasons.values())
    cases = sum(outcome.cases for outcome in outcomes)
    print(f"{len(outcomes)} guidelines, {len(outcomes) - not_expressible} expressible; {right} of {cases} cases right")
    if whole and right < LEAST_RIGHT:
        print(f"failed: {LEAST_RIGHT} cases were right before", file=sys.stderr)
        return 1
    if whole and not_expressible > MOST_NOT_EXPRESSIBLE:
        print(f"failed: at most {MOST_NOT_EXPRESSIBLE} guidelines may not be expressible", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    main()
