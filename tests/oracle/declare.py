"""Totals for tests/suite/declare.rs: in how many cases of the Sepsis Cases log a constraint of Declare holds.

Run in tests/ with Python 3.11 or later: python3 oracle/declare.py > data/declare/totals.csv
For every template on several pairs: python3 oracle/declare.py all > data/declare/all.csv

Each template is read over the raw trace, by the places at which its activities stand, after Pesic and van der Aalst,
"DECLARE: full support for loosely-structured processes", 2007, and Di Ciccio and Mecella, "On the discovery of
declarative control flows for artful processes", 2015. Events are in order of time, those at one time in the order of
the file. Nothing here knows of the engine or of its rules.
"""
import csv
import sys

RELEASE = {"Release A", "Release B", "Release C", "Release D", "Release E"}
ADMISSION = {"Admission NC", "Admission IC"}
BLOOD = {"LacticAcid", "CRP", "Leucocytes"}
ANTIBIOTICS, LIQUID, RETURN = {"IV Antibiotics"}, {"IV Liquid"}, {"Return ER"}
CRP, LACTATE, LEUCOCYTES = {"CRP"}, {"LacticAcid"}, {"Leucocytes"}
REGISTRATION, TRIAGE, SEPSIS_TRIAGE = {"ER Registration"}, {"ER Triage"}, {"ER Sepsis Triage"}


def places(trace, activities):
    return [place for place, activity in enumerate(trace) if activity in activities]


def reached(trace, start, step, wanted, barred):
    """Whether one of the wanted is come upon from a place, in steps of 1 or -1, before one of the barred."""
    place = start + step
    while 0 <= place < len(trace):
        if trace[place] in wanted:
            return True
        if trace[place] in barred:
            return False
        place += step
    return False


def beside(trace, place, activities):
    return 0 <= place < len(trace) and trace[place] in activities


UNARY = {
    "existence": lambda t, a, n: len(places(t, a)) >= n,
    "absence": lambda t, a, n: len(places(t, a)) < n,
    "exactly": lambda t, a, n: len(places(t, a)) == n,
    "init": lambda t, a, _: beside(t, 0, a),
    "end": lambda t, a, _: beside(t, len(t) - 1, a),
}

BINARY = {
    "choice": lambda t, a, b: bool(places(t, a) + places(t, b)),
    "exclusive_choice": lambda t, a, b: bool(places(t, a)) != bool(places(t, b)),
    "responded": lambda t, a, b: bool(places(t, b)) or not places(t, a),
    "co_existence": lambda t, a, b: bool(places(t, a)) == bool(places(t, b)),
    "response": lambda t, a, b: all(reached(t, i, 1, b, set()) for i in places(t, a)),
    "alternate_response": lambda t, a, b: all(reached(t, i, 1, b, a) for i in places(t, a)),
    "chain_response": lambda t, a, b: all(beside(t, i + 1, b) for i in places(t, a)),
    "precedence": lambda t, a, b: all(reached(t, i, -1, a, set()) for i in places(t, b)),
    "alternate_precedence": lambda t, a, b: all(reached(t, i, -1, a, b) for i in places(t, b)),
    "chain_precedence": lambda t, a, b: all(beside(t, i - 1, a) for i in places(t, b)),
    "not_co_existence": lambda t, a, b: not (places(t, a) and places(t, b)),
    "not_response": lambda t, a, b: not any(reached(t, i, 1, b, set()) for i in places(t, a)),
    "not_chain_response": lambda t, a, b: not any(beside(t, i + 1, b) for i in places(t, a)),
}
for kind in ("", "alternate_", "chain_"):
    BINARY[kind + "succession"] = lambda t, a, b, kind=kind: (
        BINARY[kind + "response"](t, a, b) and BINARY[kind + "precedence"](t, a, b)
    )

INSTANCES = [
    ("existence_2", CRP, 2),
    ("existence_3", LEUCOCYTES, 3),
    ("absence_1", {"Admission IC"}, 1),
    ("absence_2", ANTIBIOTICS | LIQUID, 2),
    ("exactly_1", TRIAGE, 1),
    ("init_1", REGISTRATION, None),
    ("init_2", TRIAGE, None),
    ("end_1", RELEASE, None),
    ("end_2", RETURN, None),
    ("choice_1", ANTIBIOTICS, LIQUID),
    ("exclusive_choice_1", CRP, LACTATE),
    ("responded_1", LIQUID, ANTIBIOTICS),
    ("co_existence_1", ANTIBIOTICS, LIQUID),
    ("response_1", SEPSIS_TRIAGE, ANTIBIOTICS),
    ("response_2", BLOOD, RELEASE),
    ("alternate_response_1", CRP, LEUCOCYTES),
    ("alternate_response_2", ADMISSION, BLOOD),
    ("chain_response_1", REGISTRATION, TRIAGE),
    ("chain_response_2", {"Release A"}, RETURN),
    ("precedence_1", SEPSIS_TRIAGE, ANTIBIOTICS),
    ("precedence_2", LACTATE, {"Admission NC"}),
    ("alternate_precedence_1", CRP, LEUCOCYTES),
    ("alternate_precedence_2", ADMISSION, RELEASE),
    ("chain_precedence_1", LIQUID, ANTIBIOTICS),
    ("succession_1", TRIAGE, ADMISSION),
    ("alternate_succession_1", CRP, LEUCOCYTES),
    ("chain_succession_1", LIQUID, ANTIBIOTICS),
    ("not_co_existence_1", {"Admission IC"}, {"Release B"}),
    ("not_response_1", ANTIBIOTICS, LIQUID),
    ("not_chain_response_1", CRP, LEUCOCYTES),
]

# Every template, by its name in the cookbook: on five activities, on six last ones, on nine pairs.
ACTIVITIES = {
    "Registration": "ER Registration",
    "Triage": "ER Triage",
    "SepsisTriage": "ER Sepsis Triage",
    "Antibiotics": "IV Antibiotics",
    "Liquid": "IV Liquid",
    "Lactate": "LacticAcid",
    "CRP": "CRP",
    "Leucocytes": "Leucocytes",
    "NormalCare": "Admission NC",
    "IntensiveCare": "Admission IC",
    "ReleaseA": "Release A",
    "Return": "Return ER",
}
ALONE = ["Registration", "Antibiotics", "CRP", "NormalCare", "Return"]
LAST = ["ReleaseA", "Return", "CRP", "Leucocytes", "NormalCare", "IntensiveCare"]
PAIRS = [
    ("Registration", "Triage"),
    ("Triage", "SepsisTriage"),
    ("SepsisTriage", "Antibiotics"),
    ("Liquid", "Antibiotics"),
    ("Lactate", "CRP"),
    ("CRP", "Leucocytes"),
    ("Leucocytes", "NormalCare"),
    ("NormalCare", "IntensiveCare"),
    ("ReleaseA", "Return"),
]
BY_NAME = {"existence": ("existence", 1), "existence_2": ("existence", 2), "absence": ("absence", 1),
           "absence_3": ("absence", 3), "exactly_2": ("exactly", 2), "init": ("init", None)}


def every_template():
    for name, (template, n) in BY_NAME.items():
        yield from ((f"{name}_{a}", UNARY[template], {ACTIVITIES[a]}, n) for a in ALONE)
    yield from ((f"end_{a}", UNARY["end"], {ACTIVITIES[a]}, None) for a in LAST)
    for name, holds in BINARY.items():
        name = "not_responded" if name == "not_co_existence" else name
        yield from ((f"{name}_{a}_{b}", holds, {ACTIVITIES[a]}, {ACTIVITIES[b]}) for a, b in PAIRS)


def thirty():
    for name, a, b in INSTANCES:
        template = name.rsplit("_", 1)[0]
        yield name, (UNARY if template in UNARY else BINARY)[template], a, b


cases = {}
for row in csv.DictReader(open("data/sepsis/sepsis.csv"), delimiter=";"):
    cases.setdefault(row["case_id"], []).append((row["timestamp"], row["activity"]))
traces = [[activity for _, activity in sorted(rows, key=lambda row: row[0])] for rows in cases.values()]

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["constraint", "cases", "holds"])
for name, holds, a, b in every_template() if sys.argv[1:] == ["all"] else thirty():
    out.writerow([name, len(traces), sum(holds(trace, a, b) for trace in traces)])
