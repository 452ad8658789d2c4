"""Suspected cauda equina and what else of the spine is scanned in a hurry, from GIRFT's pathway of 2023 and NICE NG234 and NG217."""
import datetime as dt

import clock

RULE = "neuro/ces"
HOUR = dt.timedelta(hours=1)


def cases(random):
    while True:
        day = dt.date(2025, 3, 29) if random.random() < 0.2 else dt.date(2025, 1, 1) + clock.DAY * random.randrange(600)
        arrival = clock.some_instant(random, day, 2)
        asked = arrival + random.choice([0, 30, 119, 300]) * HOUR / 60 if random.random() < 0.9 else None
        kind = random.choice(["cauda_equina", "cauda_equina", "cord_compression", "spinal_metastases", "none_of_these"])
        limit = {"cauda_equina": 4, "cord_compression": 24, "spinal_metastases": 168, "none_of_these": 10}[kind]
        scan = asked + (limit * 60 + random.choice([-60, -1, 0, 1, 90])) * HOUR / 60 if asked and random.random() < 0.85 else None
        report = scan + random.choice([59, 60, 61, 200]) * HOUR / 60 if scan and random.random() < 0.85 else None
        seizure = arrival if random.random() < 0.3 else None
        seen_on = clock.local_date(arrival) + random.choice([0, 13, 14, 15]) * clock.DAY
        seen = max(clock.utc(dt.datetime.combine(seen_on, dt.time(23, 59))), arrival) if random.random() < 0.8 else None
        as_of = arrival + random.choice([1, 4, 5, 7, 24, 200, 900]) * HOUR

        def known(when, as_of=as_of):
            return when if when is not None and when <= as_of else None

        expected = dict.fromkeys(("mri_4h", "mri_24h", "mri_1_week", "report_1h", "seizure_2_weeks"), "not applicable")
        if known(asked) and kind == "cauda_equina":
            expected["mri_4h"] = clock.by_time(asked + 4 * HOUR, known(scan), as_of)
        if known(asked) and kind == "cord_compression":
            expected["mri_24h"] = clock.by_time(asked + 24 * HOUR, known(scan), as_of)
        if known(asked) and kind == "spinal_metastases":
            expected["mri_1_week"] = clock.by_day(clock.local_date(asked) + 7 * clock.DAY, known(scan), as_of)
        if known(scan) and kind == "cauda_equina":
            expected["report_1h"] = clock.by_time(scan + HOUR, known(report), as_of)
        if known(seizure):
            expected["seizure_2_weeks"] = clock.by_day(clock.local_date(seizure) + 14 * clock.DAY, known(seen), as_of)
        events = [("Arrival", arrival), ("MRIRequest", asked), ("MRI", scan), ("MRIReport", report), ("FirstSeizure", seizure), ("SeenBySpecialist", seen)]
        yield {"trust": "RRF", "suspected": kind, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when)} for name, when in events if when]}, expected
