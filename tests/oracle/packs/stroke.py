"""The first hours of a stroke until September 2024: scan, stroke unit, swallow screen and needle, from arrival or from the onset in hospital."""
import datetime as dt

import clock

RULE = "clinical/stroke_ssnap"
MINUTE = dt.timedelta(minutes=1)


def covered(stays, begin, end):
    """How long any of the stays covers, from begin to end."""
    total, until = dt.timedelta(), begin
    for start, finish in sorted(stays):
        start, finish = max(start, until), min(finish, end)
        if finish > start:
            total, until = total + finish - start, finish
    return total


def cases(random):
    while True:
        begin = clock.some_instant(random, dt.date(2023, 10, 1), 330)
        inpatient = random.random() < 0.4
        arrival = begin - random.randrange(1, 6000) * MINUTE if inpatient else begin
        discharge = begin + random.choice([2000, 6000, 14400]) * MINUTE if random.random() < 0.9 else None
        stays, at = [], begin + random.choice([-4000, -300, -1, 0, 100, 239, 240, 241, 900]) * MINUTE
        for _ in range(random.choice([0, 1, 1, 2])):
            finish = at + random.choice([30, 299, 300, 301, 1440, 5760, 12960]) * MINUTE
            stays.append((at, finish))
            at = finish + random.choice([0, 10, 600]) * MINUTE
        scan, swallow, needle = (begin + random.choice([-5, 0, edge - 1, edge, edge + 1, 721, 720]) * MINUTE if random.random() < 0.8 else None
                                 for edge in (60, 240, 60))
        if inpatient and random.random() < 0.2:
            needle = begin - random.choice([1440, 3000]) * MINUTE
        as_of = begin + random.choice([30, 60, 240, 300, 800, 20000]) * MINUTE

        def known(when, as_of=as_of):
            return when if when is not None and when <= as_of else None

        def within(minutes, when, begin=begin, as_of=as_of):
            when = known(when)
            return clock.by_time(begin + minutes * MINUTE, when if when and when >= begin else None, as_of)

        # One of a day before was for something else.
        thrombolysed = known(needle) and clock.local_date(needle) >= clock.local_date(begin)
        expected = {"scan_1h": within(60, scan), "scan_12h": within(720, scan), "swallow_screen_4h": within(240, swallow),
                    "needle_60min": within(60, needle) if thrombolysed else "not applicable"}
        # A stay that was over when the clock started is another one; one that goes on then is in time. What has not ended as of the question goes on.
        on_unit = [start for start, finish in stays if start <= as_of and finish >= begin]
        expected["stroke_unit_4h"] = clock.by_time(begin + 240 * MINUTE, min(on_unit, default=None), as_of)
        if known(discharge):
            time, stay = covered([(start, min(finish, as_of)) for start, finish in stays if start <= as_of], begin, discharge), discharge - begin
            expected |= {"mostly_on_unit": "yes" if 10 * time >= 9 * stay else "no"}
        events = [("Arrival", arrival, {}), ("BrainScan", scan, {}), ("SwallowScreen", swallow, {}), ("Thrombolysis", needle, {}), ("Discharge", discharge, {})]
        events += [("SymptomOnset", begin, {})] if inpatient else []
        events += [("StrokeUnit", start, {"end": clock.iso(finish)}) for start, finish in stays]
        events = sorted((event for event in events if event[1]), key=lambda event: event[1])
        yield {"team": "RRF", "age": 70, "already_inpatient": inpatient, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(at), **fields} for name, at, fields in events]}, expected
