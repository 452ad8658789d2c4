"""The corpus, as the contract has it: `corpus.py FAULTY.json FOLDER…`."""

import hashlib
import json
import re
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from concord import CaseRefused, ClaimBroken, Nothing, Rule, SettingRefused, Unknown, Value, Verdict

MILLISECOND = timedelta(milliseconds=1)
BEYOND = "longer than Python can say"


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, datetime):
        parts = f".{value.microsecond // 1_000:03}" if value.microsecond else ""
        return f"{value:%Y-%m-%dT%H:%M:%S}{parts}Z"
    if value in (timedelta.max, timedelta.min):
        return BEYOND
    if isinstance(value, timedelta):
        minutes, rest = divmod(abs(value) // MILLISECOND, 60_000)
        hours, minutes = divmod(minutes, 60)
        seconds = f"{rest // 1_000}" + (f".{rest % 1_000:03}" if rest % 1_000 else "")
        said = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{seconds}S" if rest else "")
        return ("-" if value < timedelta() else "") + "PT" + (said or "0S")
    if isinstance(value, time):
        return value.isoformat("milliseconds" if value.microsecond else "auto" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date) else value


def need(of):
    parts = ("kind", "fact", "event", "field", "parameter", "answer", "until", "text")
    return {part: plain(getattr(of, part)) for part in parts if getattr(of, part) is not None}


def answered(of):
    """An answer as the record has it, made of its parts."""
    said = {"text": of.text, "because": list(of.because)} | ({"source": of.source} if of.source is not None else {})
    match of:
        case Value(value=value):
            return said | {"kind": "value", "value": plain(value)}
        case Nothing():
            return said | {"kind": "none", "value": None}
        case Unknown(possible=possible, needs=needs):
            ends = (("from", possible.from_), ("to", possible.to))
            found = {name: plain(end) for name, end in ends if end is not None} | {"or_none": possible.or_none}
            found |= {"values": list(map(plain, possible.values))} if possible.values is not None else {}
            return said | {"kind": "unknown", "possible": found, "needs": list(map(need, needs))}
        case Verdict():
            said |= {"kind": "verdict", "verdict": of.verdict}
            parts = ("due", "due_on", "done", "late_by", "late_by_days", "late_by_working_days", "excuse")
            found = {"from": of.from_} | {part: getattr(of, part) for part in parts}
            said |= {part: plain(value) for part, value in found.items() if value is not None}
            if of.verdict == "unknown":
                said |= {"possible": list(of.possible), "needs": list(map(need, of.needs))}
            return said


def refusal(fault):
    return {"code": fault.code, "at": fault.at} | ({"expected": fault.expected} if fault.expected is not None else {})


def faulty(rule, of):
    """Whether a faulty case is refused as it must be, and one of a member judged by the settings that hold."""
    case = bytes.fromhex(of["bytes"]) if "bytes" in of else of["case"]
    try:
        decision = rule.evaluate(case, settings=of.get("settings"), member=of.get("member"))
        return of.get("record", "{}{}") in decision.json and len(decision.not_applied) == of["not_applied"]
    except CaseRefused as refused:
        return list(map(refusal, refused.faults)) == of.get("refused")
    except SettingRefused as refused:
        return list(map(refusal, refused.faults)) == of.get("setting_refused")
    except ClaimBroken as broken:
        return broken.claim == of.get("broken")


def main(faults, *folders):
    tried, records, rules = [], hashlib.sha256(), {}
    for folder in map(Path, folders):
        for path in sorted(folder.glob("*.vectors.json"), key=lambda path: path.name.encode()):
            name = path.name.removesuffix(".vectors.json")
            rule = Rule.load(folder / f"{name}.wasm", allow_draft=True)
            rules.setdefault(name, rule)
            vectors = re.sub(r'"-?PT\d{11,}H[^"]*"', f'"{BEYOND}"', path.read_text("utf-8"))
            for vector in json.loads(vectors, parse_float=Decimal)["cases"]:
                decision = rule.evaluate(vector["case"], settings=vector["settings"], explain=True)
                records.update(decision.json.encode() + b"\n")
                holds = {of: answered(answer) for of, answer in decision.answers.items()} == vector["answers"]
                tried.append((holds, name, vector["name"]))
    for of in json.loads(Path(faults).read_bytes())["cases"]:
        tried.append((faulty(rules[of["module"]], of), of["module"], of["name"]))
    failed = [(name, case) for holds, name, case in tried if not holds]
    for name, case in failed:
        print(f"{name}: {case}", file=sys.stderr)
    print(f"{len(tried) - len(failed)} passed, {len(failed)} failed")
    print(f"records {records.hexdigest()}")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
