"""The rule library beside independent calculations: random cases, worked out here from the published tables, and by the program.

Run with Python 3.11 or later: python3 tests/oracle/packs/run.py target/release/concord [PACK …] [--cases N] [--seed N]

Each module of this folder knows one standard, from its publication and not from its rule: `RULE` names the rule's folder, and
`cases(random)` yields cases as JSON with the answers that must come of them, as they are shown.
"""
import argparse
import importlib
import itertools
import json
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
PACKS = ["news2", "aki", "rtt", "payments", "working_days", "rota", "rop", "cancer", "vte", "hip_fracture", "reside",
         "cauda_equina", "emergency", "complaints", "kdigo"]


def differences(binary, pack, count, seed):
    """Each answer that is not as it was worked out."""
    module = importlib.import_module(pack)
    made = list(itertools.islice(module.cases(random.Random(seed)), count))
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as file:
        file.writelines(json.dumps(case) + "\n" for case, _ in made)
        file.flush()
        rule = HERE.parents[2] / "rules" / module.RULE
        command = [binary, "eval", str(rule), "-i", file.name, "--json", "--bare"]
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
            if answer != text and not (text.endswith("…") and answer.startswith(text[:-1])):
                yield case, name, text, answer


def main():
    """Compares, and exits with 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("packs", nargs="*", default=PACKS)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.path.insert(0, str(HERE))
    wrong = 0
    for pack in given.packs:
        found = list(differences(given.binary, pack, given.cases, given.seed))
        wrong += len(found)
        print(f"{pack}: {given.cases} cases, {len(found)} differences")
        for case, name, expected, answer in found[:5]:
            print(f"  {name}: {expected} here, {answer} by the rule\n    {json.dumps(case)}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
