"""The criteria to reside, codes 01 to 12 in their order, and emergency readmission within 30 days."""
import datetime as dt

import clock

RULE = "flow/discharge"
HOUR = dt.timedelta(hours=1)


def cases(random):
    flags = ["critical_care", "oxygen_or_ventilation", "intravenous_fluids", "reduced_consciousness", "functional_impairment",
             "last_hours_of_life", "another_reason"]
    emergency = {"21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"}
    while True:
        as_of = clock.some_instant(random, dt.date(2026, 1, 1), 300)
        stay = {name: random.random() < 0.08 for name in flags}
        medicine, news2 = random.choice([0, 0, 1, 2, 3]), random.choice([None, 0, 3, 4, 9])
        ago = {name: random.choice([None, hours - 1, hours, hours + 1 / 60])
               for name, hours in (("LowerLimbSurgery", 48), ("TrunkSurgery", 72), ("InvasiveProcedure", 24))}
        if random.random() < 0.5:
            ago = dict.fromkeys(ago)
        risk = random.random() < 0.7
        when = {name: (as_of - hours * HOUR).replace(microsecond=0) for name, hours in ago.items() if hours is not None}

        def recent(name, hours, when=when, as_of=as_of):
            return name in when and as_of - when[name] <= hours * HOUR

        holds = [stay["critical_care"], stay["oxygen_or_ventilation"], stay["intravenous_fluids"], news2 is not None and news2 > 3,
                 stay["reduced_consciousness"], stay["functional_impairment"], stay["last_hours_of_life"], medicine > 2,
                 recent("LowerLimbSurgery", 48), recent("TrunkSurgery", 72), recent("InvasiveProcedure", 24) and risk, stay["another_reason"]]
        expected = {"criterion_to_reside": f"c{holds.index(True) + 1:02}" if any(holds) else "none"}
        admission = as_of - random.choice([7, 14, 21, 40, 70]) * clock.DAY
        discharge = as_of - random.choice([29, 30, 31, 45]) * clock.DAY if random.random() < 0.6 else None
        if discharge and discharge < admission:
            discharge = None
        left = {name: random.random() < 0.05 for name in ("day_case", "cancer", "obstetric")}
        age, method = random.choice([3, 4, 50]), random.choice(["1", "1", "1", "2", "3", "4"])
        back = discharge + clock.DAY * random.choice([0, 28, 29, 30]) if discharge and random.random() < 0.7 else None
        how = {"method": random.choice([*sorted(emergency), "11", "12"]), "for_cancer": random.random() < 0.1, "for_obstetrics": random.random() < 0.1}
        out = any(left.values()) or age < 4 or (discharge is not None and method in ("2", "4"))
        if out or discharge is None:
            expected["not_readmitted"] = "not applicable"
        else:
            due = clock.local_date(discharge) + 29 * clock.DAY
            again = back is not None and back <= as_of and clock.local_date(back) <= due and how["method"] in emergency
            missed = again and not how["for_cancer"] and not how["for_obstetrics"]
            expected["not_readmitted"] = "missed…" if missed else "met" if clock.local_date(as_of) > due else "open…"
        events = [("Admission", admission, {}), ("Discharge", discharge, {"method": method}), ("Readmission", back, {"provider": "RM3", **how})]
        events += [(name, instant, {"risk": risk} if name == "InvasiveProcedure" else {}) for name, instant in when.items()]
        events += [] if news2 is None else [("Observations", as_of - HOUR, {"news2": news2})]
        yield {"trust": "RRF", "age": age, **left, **stay, "intravenous_medicine": medicine, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(instant), **fields} for name, instant, fields in events if instant]}, expected
