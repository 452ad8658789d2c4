"""The rule library beside independent calculations: random cases, worked out here from the published tables, and by the program.

Run with Python 3.11 or later: python3 tests/oracle/packs/run.py target/release/concord [PACK …] [--cases N] [--seed N] [--days | --shuffled]

Each module of this folder knows one standard, from its publication and not from its rule: `RULE` names the rule's folder, and
`cases(random)` yields cases as JSON with the answers that must come of them, as they are shown; `SETTINGS` says what a member has to say.

With `--days` each event is given with its day alone, where no two events nor the instant of the question share a day: for standards that
count days the answers must be the same, but for how late it was.

With `--shuffled` every event is, and those of one day come in any order: what is known must be the same, but for how late it was and when it is due.
"""
import argparse
import datetime as dt
import importlib
import itertools
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import clock

HERE = pathlib.Path(__file__).parent
PACKS = ["news2", "aki", "rtt", "payments", "working_days", "rota", "rop", "cancer", "vte", "hip_fracture", "reside",
         "cauda_equina", "emergency", "complaints", "kdigo", "dm01", "sepsis",
         "stroke", "first_hours", "records", "cancelled", "community", "mind", "theatres", "ready", "offers",
         "daily_review"]


def told_in_days(case, shuffled):
    """The case with the days of its events alone, in London; None where two things happen on one day, unless their order may be any."""
    def day(instant):
        return clock.local_date(dt.datetime.fromisoformat(instant.replace("Z", "+00:00")))
    if not all("at" in event for event in case["events"]):
        return None
    days = [day(event["at"]) for event in case["events"]]
    events = [{**event, "at": str(at)} for event, at in zip(case["events"], days)]
    if shuffled:
        shuffled.shuffle(events)
        return {**case, "events": sorted(events, key=lambda event: event["at"])}
    return {**case, "events": events} if len({*days, day(case["as_of"])}) > len(days) else None


def differences(binary, pack, count, seed, days, shuffled):
    """Each answer that is not as it was worked out."""
    module = importlib.import_module(pack)
    made = list(itertools.islice(module.cases(random.Random(seed)), count))
    if days or shuffled:
        order = random.Random(seed) if shuffled else None
        told = [(told_in_days(case, order), expected) for case, expected in made]
        vague = ("late", "open") if shuffled else ("late",)
        made = [(case, {name: text[:4] + "…" if text.startswith(vague) else text for name, text in expected.items()})
                for case, expected in told if case]
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as file:
        file.writelines(json.dumps(case) + "\n" for case, _ in made)
        file.flush()
        rule = HERE.parents[2] / "rules" / module.RULE
        command = [binary, "eval", str(rule), "-i", file.name, "--json", "--bare"]
        command += [word for name, value in getattr(module, "SETTINGS", {}).items() for word in ("--set", f"{name}={value}")]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    if len(lines) != len(made):
        sys.exit(f"{pack}: {len(lines)} answers to {len(made)} cases\n{run.stderr[:2000]}")
    for (case, expected), line in zip(made, lines):
        answers = json.loads(line).get("answers")
        if answers is None:
            yield case, "refused", "an answer", line[:300]
            continue
        for name, text in expected.items():
            answer = answers.get(name, {"text": "no such answer"})["text"]
            if shuffled and answer.startswith("unknown"):
                continue
            if answer != text and not (text.endswith("…") and answer.startswith(text[:-1])):
                yield case, name, text, answer


def main():
    """Compares, and exits with 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("packs", nargs="*", default=PACKS)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", action="store_true")
    parser.add_argument("--shuffled", action="store_true")
    given = parser.parse_args()
    wrong = 0
    for pack in given.packs:
        found = list(differences(given.binary, pack, given.cases, given.seed, given.days, given.shuffled))
        wrong += len(found)
        print(f"{pack}: {given.cases} cases, {len(found)} differences")
        for case, name, expected, answer in found[:5]:
            print(f"  {name}: {expected} here, {answer} by the rule\n    {json.dumps(case)}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
