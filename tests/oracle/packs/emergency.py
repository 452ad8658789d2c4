"""Waits in the emergency department: 4 hours, and 12 by either definition; of an ambulance from the handover or 15 minutes, whichever is earlier.

Ambulances hand over within 15 minutes, and since April 2025 none takes longer than 45."""
import datetime as dt

import clock

RULE = "flow/emergency"
MINUTE = dt.timedelta(minutes=1)


def cases(random):
    while True:
        arrival = clock.some_instant(random, dt.date(2025, 3, 1), 500)
        ambulance = random.random() < 0.5
        handover = arrival + random.choice([0, 7, 14, 15, 16, 44, 45, 46, 60]) * MINUTE if ambulance and random.random() < 0.9 else None
        start = arrival if not ambulance else min(handover or arrival + 15 * MINUTE, arrival + 15 * MINUTE)
        decided = arrival + random.randrange(60, 500) * MINUTE if random.random() < 0.4 else None
        base, minutes = random.choice([(start, 240), (arrival, 720), (decided or start, 720), (start, 90)])
        left = base + (minutes + random.choice([-1, 0, 1, 30])) * MINUTE if random.random() < 0.9 else None
        outcome = random.choice(["admitted", "admitted", "discharged", "transferred", "left"])
        as_of = arrival + random.choice([10, 200, 240, 256, 800, 3000]) * MINUTE

        def known(when, as_of=as_of):
            return when if when is not None and when <= as_of else None

        # What has not happened by then is not known: without a handover yet, the 15 minutes stand.
        known_start = arrival if not ambulance else min(known(handover) or arrival + 15 * MINUTE, arrival + 15 * MINUTE)
        expected = {"four_hours_to_departure": clock.by_time(known_start + 240 * MINUTE, known(left), as_of),
                    "twelve_hours_from_arrival": clock.by_time(arrival + 720 * MINUTE, known(left), as_of)}
        verdict = "not applicable"
        if known(decided):
            admitted = known(left) if outcome == "admitted" and known(left) and left >= decided else None
            verdict = clock.by_time(decided + 720 * MINUTE, admitted, as_of)
            if known(left) and outcome != "admitted":
                verdict = "excused…"
        expected["twelve_hours_from_decision"] = verdict
        expected |= {"handover_15": "not applicable", "handover_45": "not applicable"}
        if ambulance:
            expected["handover_15"] = clock.by_time(arrival + 15 * MINUTE, known(handover), as_of)
            if clock.local_date(arrival) >= dt.date(2025, 4, 1):
                expected["handover_45"] = clock.by_time(arrival + 45 * MINUTE, known(handover), as_of)
        events = [("Arrival", arrival, {}), ("Handover", handover, {}), ("DecisionToAdmit", decided, {}), ("Departure", left, {"outcome": outcome})]
        yield {"trust": "RRF", "department": "type_1", "age": 50, "by_ambulance": ambulance, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when), **fields} for name, when, fields in events if when]}, expected
