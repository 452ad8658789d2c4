"""The best practice tariff since April 2017: every criterion by itself, and all of them or nothing."""
import datetime as dt

import clock

RULE = "ortho/hip_fracture_bpt"
HOUR = dt.timedelta(hours=1)
WORST = ["missed", "late", "open", "met"]


def cases(random):
    while True:
        arrival = clock.some_instant(random, dt.date(2025, 1, 1), 500)
        admission = arrival + random.randrange(0, 600) * HOUR / 60
        inpatient = random.random() < 0.1
        diagnosis = arrival + HOUR if inpatient else None
        start, admitted = (diagnosis, diagnosis) if inpatient else (arrival, admission)
        fine = random.random() < 0.5

        def when(base, hours, chance=0.92):
            """Some time after another, mostly in time."""
            chosen = hours[0] if fine else random.choice(hours)
            return base + chosen * HOUR if fine or random.random() < chance else None

        surgery = when(start, [35, 36, 36 + 1 / 60, 60])
        surgery = surgery and surgery.replace(second=0, microsecond=0)
        around = surgery or start
        events = {"GeriatricianAssessment": when(admitted, [48, 72, 73, -1]), "MentalTest": when(around, [-2, 2]),
                  "NutritionAssessment": when(start, [20, 90, 400, -1]), "Delirium4AT": when(start, [30, 90]),
                  "FallsAssessment": when(start, [50, 90]), "BoneHealthAssessment": when(start, [50, 90]),
                  "PhysiotherapyAssessment": when(around, [10, 40, 60]), "OutOfBed": when(around, [12, 40, 60])}
        discharge = arrival + random.choice([100, 240]) * HOUR if random.random() < 0.8 else None
        age, code = random.choice([59, 60, 80, 80]), random.choice(["S72.0", "S72.1", "S72.2", "S72.2", "S72.3"])
        grade = random.choice(["consultant", "career_grade", "st3_or_above", "junior"]) if not fine else "consultant"
        as_of = arrival + random.choice([30, 80, 120, 1000]) * HOUR
        eligible = age >= 60 and code != "S72.3"

        def seen(instant, as_of=as_of):
            return instant if instant is not None and instant <= as_of else None

        def owed(name):
            """From the day of the start until the discharge."""
            done = seen(events[name])
            if done is not None and clock.local_date(done) >= clock.local_date(start):
                return "met" if not seen(discharge) or done <= discharge else f"late by {clock.length(done - discharge)}"
            return "missed" if seen(discharge) and discharge < as_of else "open"

        def next_day(name):
            if not seen(surgery):
                return "not applicable"
            done = seen(events[name])
            return clock.by_day(clock.local_date(surgery) + clock.DAY, done if done and done >= surgery else None, as_of)

        def before():
            if not seen(surgery):
                return "not applicable"
            done = seen(events["MentalTest"])
            return "missed" if done is None else "met" if done < surgery else "late…"

        geriatrician = seen(events["GeriatricianAssessment"]) if grade != "junior" else None
        # Before the day on which somebody in hospital broke the hip it was about something else.
        geriatrician = geriatrician if geriatrician and clock.local_date(geriatrician) >= clock.local_date(start) else None
        expected = {"surgery_36h": clock.by_time(start + 36 * HOUR, seen(surgery), as_of) if seen(start) else "not applicable",
                    "geriatrician_72h": clock.by_time(admitted + 72 * HOUR, geriatrician, as_of) if seen(admitted) else "not applicable",
                    "mental_test_before": before(), "physiotherapy": next_day("PhysiotherapyAssessment"),
                    **{name: owed(event) for name, event in (("falls_assessed", "FallsAssessment"), ("bone_assessed", "BoneHealthAssessment"),
                       ("nutrition_assessed", "NutritionAssessment"), ("delirium_assessed", "Delirium4AT"))}}
        words = {text.rstrip("…").split()[0] for text in expected.values() if text != "not applicable"}
        expected["tariff"] = next(word for word in WORST if word in words) + "…"
        expected["out_of_bed"] = next_day("OutOfBed")
        if not eligible:
            expected = {name: "not applicable" for name in expected}
        expected = {name: "open…" if text == "open" else text for name, text in expected.items()}
        listed = [("Arrival", arrival, {}), ("Admission", admission, {}), ("Diagnosis", diagnosis, {}), ("Anaesthesia", surgery, {}),
                  ("Discharge", discharge, {}), *((name, instant, {}) for name, instant in events.items())]
        if random.random() < 0.2:
            # An earlier stay, with an operation of its own.
            listed = [("Anaesthesia", arrival - 72 * HOUR, {}), ("PhysiotherapyAssessment", arrival - 60 * HOUR, {}), ("OutOfBed", arrival - 60 * HOUR, {}),
                      ("Discharge", arrival - 48 * HOUR, {})] + listed
        fields = {"GeriatricianAssessment": {"grade": grade}, "MentalTest": {"score": 8}, "Delirium4AT": {"score": 0}}
        yield {"trust": "RRF", "age": age, "diagnosis": code, "already_inpatient": inpatient, "delay": "none", "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(instant), **fields.get(name, {})} for name, instant, _ in listed if instant]}, expected
