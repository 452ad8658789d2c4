"""Diagnostic tests: six weeks from the request, the planned day or the last date that the patient did not keep; the report within 28 days."""
import datetime as dt

import clock

RULE = "diagnostics/imaging_dm01"
LISTED = ["mri", "ct", "non_obstetric_ultrasound", "barium_enema", "dexa", "audiology", "echocardiography", "electrophysiology", "neurophysiology",
          "sleep_study", "urodynamics", "colonoscopy", "flexible_sigmoidoscopy", "cystoscopy", "gastroscopy"]
IMAGING = ["mri", "ct", "non_obstetric_ultrasound", "barium_enema", "dexa", "plain_film", "other_imaging"]


def cases(random):
    while True:
        asked = clock.some_instant(random, dt.date(2025, 6, 1), 500)
        test = random.choice(LISTED + ["plain_film", "other_imaging", "other_test"])
        urgency = random.choice(["outpatient", "outpatient", "urgent_suspected_cancer", "inpatient", "emergency"])
        later = [asked + dt.timedelta(minutes=random.randrange(1, 60 * 1440)) for _ in range(random.choice([0, 0, 1, 2]))]
        resets = [(random.choice(["PatientCancelled", "DidNotAttend"]), at) for at in later]
        # The date of the appointment: that of a cancelled one lies some days ahead.
        resets = [(name, at, clock.local_date(at) + (random.choice([0, 3, 20]) if name == "PatientCancelled" else 0) * clock.DAY) for name, at in resets]
        planned = clock.local_date(asked) + random.choice([5, 30, 60]) * clock.DAY if random.random() < 0.3 else None
        from_day = max([planned or clock.local_date(asked)] + [day for _, _, day in resets])
        examined = clock.utc(dt.datetime.combine(from_day + random.choice([-3, 0, 20, 40, 41, 42, 43, 50]) * clock.DAY, dt.time(random.choice([0, 11, 23]), 30)))
        examined = examined if examined >= asked and random.random() < 0.8 else None
        reported = examined + dt.timedelta(days=random.choice([0, 1, 27, 28, 29])) if examined and random.random() < 0.8 else None
        as_of = asked + dt.timedelta(days=random.choice([1, 20, 41, 42, 80, 300]), minutes=random.randrange(1440))

        def known(when, as_of=as_of):
            return when if when is not None and when <= as_of else None

        seen = known(examined)
        day = clock.local_date(asked) if planned is None else planned
        # What the patient did after the examination is about another one.
        today = clock.local_date(seen) if seen else clock.local_date(as_of)
        missed = [due for _, at, due in resets if known(at) and (seen is None or at <= seen) and due <= today]
        start = max([day] + missed)
        early = planned is not None and planned > today
        listed = test in LISTED and urgency in ("outpatient", "urgent_suspected_cancer")
        expected = {"in_dm01": "yes" if listed else "no", "waiting": "yes" if listed and not early and not seen else "no",
                    "six_weeks": "not applicable", "reported_28d": "not applicable"}
        if listed and not early:
            # An examination on a day before the one from which the wait counts is none that it waits for.
            done = seen if seen and clock.local_date(seen) >= start else None
            expected["six_weeks"] = clock.by_day(start + 41 * clock.DAY, done, as_of)
        if expected["waiting"] == "yes":
            expected["waited"] = clock.days((clock.local_date(as_of) - start).days)
        if seen and test in IMAGING:
            expected["reported_28d"] = clock.by_day(clock.local_date(seen) + 28 * clock.DAY, known(reported), as_of)
        events = [("Request", asked, None), *resets, ("Examination", examined, None), ("VerifiedReport", reported, None)]
        events = sorted((event for event in events if event[1]), key=lambda event: event[1])
        yield {"performed_by": "RRF", "reported_by": "RRF", "test": test, "urgency": urgency, "planned_due_on": str(planned) if planned else "none",
               "as_of": clock.iso(as_of), "events": [{"event": name, "at": clock.iso(at), **({"appointment": str(day)} if name == "PatientCancelled" else {})}
                                                   for name, at, day in events]}, expected
