"""Tries the hosts of wasm/hosts/python/by_hand on every case of every rule of the library: `hosts.py FOLDER`, as the suite writes it."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "wasm/hosts/python/by_hand"))
from record_host import RecordRule

REASONS = {"because", "source"}


def by_json(rule, vector):
    """The answers of a vector, to the letter, but for the reasons."""
    status, said = rule.evaluate(vector["case"])
    bare = {name: {key: of[key] for key in of if key not in REASONS} for name, of in vector["answers"].items()}
    return status == 0 and said["answers"] == bare


def agrees(found, wanted):
    """Whether an answer of the record host says what the vector says."""
    kind = "verdict" if wanted["kind"] == "verdict" else found["kind"]
    if kind != wanted["kind"]:
        return False
    if kind == "verdict":
        verdict = found["value"] if found["kind"] == "value" else "unknown"
        known = {part: wanted[key] for part, key in (("trigger", "from"), ("due", "due"), ("done", "done")) if key in wanted}
        return verdict == wanted["verdict"] and all(found[part].get("value") == known[part] for part in known)
    if kind == "unknown":
        needs = [need["text"] for need in wanted["needs"]]
        return found["possible"] == wanted["possible"] and found["needs"] == needs
    return kind == "none" or found["value"] == wanted["value"]


def explains(found, wanted):
    """Whether the row of a table and its source are those of the vector's reasons."""
    rows = [reason for reason in wanted["because"] if reason.startswith("row `")]
    if not rows:
        return found.get("row") is None
    return rows[0].startswith(f"row `{found['row']}` of `{found['table']}`") and found["source"] == wanted.get("source")


def by_record(rule, vector):
    status, out = rule.record_out(vector["case"])
    if out.hex() != vector["record_out"]:
        return False
    found = rule.answers(vector["case"])
    return all(agrees(found[name], of) and explains(found[name], of) for name, of in vector["answers"].items())


def main(folder):
    passed = failed = 0
    for entry in (folder / "index.txt").read_text().splitlines():
        name, _, title = entry.split(" ", 2)
        if not title.startswith("rules/"):
            continue
        rule = RecordRule(folder / f"{name}.wasm")
        ways = [by_record, by_json] if rule.manifest["module"]["json"] else [by_record]
        for vector in json.loads((folder / f"{name}.vectors.json").read_text())["cases"]:
            rule.configure(vector["settings"])
            for way in ways:
                holds = way(rule, vector)
                passed, failed = passed + holds, failed + (not holds)
                if not holds:
                    print(f"{name}: {vector['name']}: {way.__name__}", file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
