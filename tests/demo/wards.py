"""What is drawn of urgent care: the emergency department, the wards, and what goes wrong on them."""
import datetime as dt

from world import DAY, HOUR, MINUTE, UNKNOWN_TIME, event


def age(d, low=18, high=96):
    return min(high, max(low, int(d.chance.gauss(68, 17))))


def sepsis(d):
    t = d.at
    lactate = d.by(t, 45 * MINUTE, 0.8)
    value = round(max(0.5, d.chance.gauss(2.0, 1.1)), 1)
    # Planted: Aldermere has a sepsis nurse.
    given = d.by(t, HOUR, 0.86 if d.org == "ZZ01" else 0.66)
    facts = {"trust": d.org, "age": age(d), "infection_suspected": True, "sirs_2_or_more": d.yes(0.8), "hypotension": d.yes(0.15),
             "hypoxia": d.yes(0.12), "oliguria": d.yes(0.06), "organ_dysfunction": d.yes(0.1)}
    events = event("Registration", t - 25 * MINUTE) + event("Triage", t - 10 * MINUTE) + event("SepsisTriage", t)
    events += event("Antibiotics", given) + event("Lactate", lactate, value=value)
    events += event("Leucocytes", d.by(t, HOUR, 0.8), value=round(d.chance.uniform(2, 25), 1))
    if lactate and value > 2:
        events += event("Fluids", d.by(lactate, HOUR, 0.7))
    return facts, events + event("Release", d.later(1, 12, DAY), kind=d.pick("a", "b", "c", "d", "e"))


def sepsis_by_score(d):
    points, t = d.pick(*range(1, 12), 7, 8, 5, 6), d.at
    limit = (1 if points >= 7 else 3 if points >= 5 else 6) * HOUR
    lactate, given = d.by(t, HOUR, 0.8), d.by(t, limit, 0.74)
    # Planted: at Larkmouth the culture is taken when the antibiotic runs.
    culture = given and given + d.between(*((5, 40) if not d.good(0.35 if d.org == "ZZ12" else 0.85) else (-30, -2))) * MINUTE
    facts = {"trust": d.org, "age": age(d, 16), "pregnant": False, "infection": True, "bacterial_likely": d.yes(0.9)}
    events = event("Lactate", lactate, value=round(max(0.5, d.chance.gauss(2.0, 1.1)), 1)) + event("BloodCulture", culture)
    events += event("Antibiotics", given)
    for _ in range(d.between(2, 4)):
        red = points >= 3 and d.yes(0.3)
        events += event("Observations", t, news2=points, single_3=red, worse_than_score=d.yes(0.05))
        events += event("ClinicianReview", d.by(t, HOUR / 2, 0.8)) if red else []
        wait = 28 if points >= 7 else 55 if points >= 5 else 330
        t, points = t + (wait if d.good(0.9) else wait * 2) * MINUTE, max(0, points - d.between(-1, 2))
    return facts, events + event("Discharge", d.later(2, 9, DAY))


def observations(d, worse):
    """A set of observations of somebody who is well, or not."""
    ill = d.chance.random() < worse
    return {"age": d.years, "pregnant": False, "respiration_rate": d.between(21, 27) if ill else d.between(13, 20),
            "spo2": d.between(89, 95) if ill else d.between(94, 99), "scale": "scale_1", "on_oxygen": ill and d.yes(0.5),
            "systolic": d.between(88, 118) if ill else d.between(108, 150), "pulse": d.between(92, 128) if ill else d.between(58, 92),
            "consciousness": "new_confusion" if ill and d.yes(0.15) else "alert",
            "temperature": round(d.chance.uniform(36.2, 39.2) if ill else d.chance.uniform(36.1, 37.9), 1)}


def score(o):
    """Roughly the score, to say how soon the ward comes back."""
    return ((2 if o["respiration_rate"] > 20 else 0) + (3 if o["spo2"] < 92 else 2 if o["spo2"] < 94 else 1 if o["spo2"] < 96 else 0)
            + (2 if o["on_oxygen"] else 0) + (3 if o["systolic"] <= 90 else 2 if o["systolic"] <= 100 else 1 if o["systolic"] <= 110 else 0)
            + (2 if o["pulse"] > 110 else 1 if o["pulse"] > 90 else 0) + (3 if o["consciousness"] != "alert" else 0)
            + (1 if o["temperature"] > 38 else 0))


def deterioration(d):
    d.years, t, events = age(d), d.at, event("Admission", d.at - HOUR)
    home = d.later(20, 60, HOUR)
    while t < home and len(events) < 22:
        found = observations(d, 0.3)
        events += event("Observations", t, **found)
        points = score(found)
        if points >= 5:
            # Planted: at Fernhope nobody comes at night.
            night = d.org == "ZZ06" and (t.hour >= 20 or t.hour < 8)
            events += event("Review", d.by(t, HOUR / 2 if points >= 7 else HOUR, 0.4 if night else 0.85))
        wait = 50 * MINUTE if points >= 5 else 340 * MINUTE if points else 660 * MINUTE
        t += wait if d.good(0.97) else wait * 1.4
        t = t.replace(second=0, microsecond=0)
    return {"trust": d.org}, events + event("Discharge", home)


def daily_review(d):
    days, dependent = d.between(2, 6), d.yes(0.12)
    start = dt.datetime.combine(d.at.date(), dt.time(14))
    events = event("Admission", start) + event("WardStay", start, high_dependency=dependent, delegated=d.yes(0.1), end=start + days * DAY)
    for day in range(1, days):
        on = dt.datetime.combine(start.date() + day * DAY, dt.time(9)) + d.between(0, 120) * MINUTE
        if d.good(0.985 if on.weekday() < 5 else 0.88):
            events += event("ConsultantReview", on)
            events += event("ConsultantReview", on + 9 * HOUR) if dependent and d.good(0.95) else []
    return {"trust": d.org}, events


def first72h(d):
    years, t = age(d), d.at
    day = 8 <= t.hour < 20
    pathway = t >= dt.datetime(2026, 2, 9)
    limit = (6 if day else 14) * HOUR if pathway else 14 * HOUR
    events = event("Arrival", t) + event("Admission", t + 3 * HOUR)
    events += event("DecisionMakerAssessment", d.by(t, HOUR, 0.7)) + event("ExpertReview", d.by(t, limit, 0.83), consultant=d.yes(0.85))
    events += event("PharmacyReview", d.by(t + 3 * HOUR, 24 * HOUR, 0.62 if t.weekday() >= 4 else 0.82))
    if years >= 65:
        events += event("DeliriumScreen", d.by(t, HOUR / 2, 0.45, never=0.4))
        events += event("FrailtyReview", d.by(t, HOUR, 0.6)) if day else event("FrailtyReview", dt.datetime.combine(
            t.date() + DAY * (t.hour >= 12), dt.time(9 if d.good(0.7) else 11)) + d.between(0, 55) * MINUTE)
    return {"trust": d.org, "age": years}, events


def seven_day(d):
    t = d.at
    events = event("Admission", t) + event("TeamAssessment", d.by(t, 14 * HOUR, 0.8)) + event("ManagementPlan", d.by(t, 24 * HOUR, 0.9))
    for _ in range(d.between(1, 2)):
        urgency = d.pick(critical=1, urgent=4, non_urgent=5)
        test, asked = d.pick("ct", "mri", "ultrasound", "echocardiography", "endoscopy", "laboratory"), d.later(1, 30, HOUR)
        # Planted: echocardiography at Heronsea rests at the weekend.
        share = 0.15 if d.org == "ZZ08" and asked.weekday() >= 5 else 0.85
        limit = {"critical": 1, "urgent": 12, "non_urgent": 24}[urgency] * HOUR
        events += event("DiagnosticRequest", asked, test=test, urgency=urgency) + event("DiagnosticReport", d.by(asked, limit, share), test=test)
    if d.yes(0.4):
        kind = d.pick("critical_care", "interventional_radiology", "interventional_endoscopy", "emergency_surgery", "renal_replacement")
        events += event("InterventionNeeded", d.later(1, 40, HOUR), kind=kind, available=d.good(0.96))
    return {"trust": d.org}, events


def pneumonia(d):
    years = age(d)
    facts = {"trust": d.org, "age": years, "pneumonia": True, "amts": d.pick(10, 10, 9, 8, 7), "urea": round(d.chance.lognormvariate(1.9, 0.4), 1),
             "respiration_rate": d.between(16, 34), "systolic": d.between(85, 150), "diastolic": d.between(50, 90)}
    return facts, event("Arrival", d.at) + event("Antibiotics", d.by(d.at, 4 * HOUR, 0.78))


def emergency(d):
    ambulance, years = d.yes(0.3), age(d, 0)
    department = d.pick(type_1=75, type_2=2, other=23)
    # Planted: Garthdale opened an assessment unit in January.
    share = 0.985 if department != "type_1" else (0.82 if d.at >= dt.datetime(2026, 1, 1) else 0.6) if d.org == "ZZ07" else 0.67
    handover = d.by(d.at, 15 * MINUTE, 0.6) if ambulance else None
    out = d.by(handover and min(handover, d.at + 15 * MINUTE) or d.at, 4 * HOUR, share, never=0)
    outcome = d.pick(admitted=28, discharged=62, transferred=4, left=5.5, died=0.5)
    events = event("Arrival", d.at) + event("Handover", handover) + event("Departure", out, outcome=outcome)
    if outcome == "admitted":
        events += event("DecisionToAdmit", d.at + (out - d.at) * 0.6)
    return {"trust": d.org, "department": department, "age": years, "by_ambulance": ambulance}, [
        (name, at.replace(second=0, microsecond=0), fields) for name, at, fields in events]


def vte(d):
    planned = d.yes(0.35)
    facts = {"trust": d.org, "age": age(d, 16), "acute_care": True, "emergency_admission": not planned, "day_case": planned and d.yes(0.6),
             "low_risk_cohort": planned and d.yes(0.3), "declined_medicine": d.yes(0.03)}
    start, wanted = d.at, d.yes(0.55)
    assessed = d.by(start, 14 * HOUR, 0.9)
    # Planted: at Inglewick one assessment in four has no time.
    if d.org == "ZZ09" and assessed and d.yes(0.25):
        assessed = UNKNOWN_TIME
    events = event("DecisionToAdmit", start if not planned else None) + event("Admission", start + (0 if planned else 2) * HOUR)
    events += event("RiskAssessment", assessed, medicine_indicated=wanted)
    return facts, events + (event("Prophylaxis", d.by(start, 14 * HOUR, 0.84)) if wanted and assessed else [])


def aki(d):
    base, inpatient, last = d.between(55, 130), d.yes(0.7), d.at
    factor = d.pick(1.0, 1.1, 1.6, 1.7, 2.1, 2.3, 2.6, 3.2)
    events = event("Creatinine", last - d.between(20, 300) * DAY, value=base) + event("Creatinine", last - d.between(1, 6) * DAY, value=base + 2)
    events += event("Creatinine", last, value=int(base * factor) + 3)
    events += event("Review", d.by(last, (6 if inpatient else 24) * HOUR, 0.72)) if factor > 2 else []
    return {"trust": d.org, "age": age(d), "inpatient": inpatient, "upper_limit": "none"}, events


def kdigo(d):
    base, ratio = d.between(55, 130), d.pick(1.0, 1.1, 1.2, 1.6, 1.8, 2.2, 3.3)
    hours = d.pick(0, 0, 0, 3, 7, 13)
    facts = {"trust": d.org, "age": age(d), "baseline": base, "egfr": "none", "hours_below_half": hours,
             "hours_below_0_3": hours // 2, "hours_without": 0, "kidney_replacement": ratio > 3 and d.yes(0.2)}
    return facts, event("Creatinine", d.at, value=int(base * ratio) + 1)


def stroke(d):
    t = d.at
    unit = d.by(t, 4 * HOUR, 0.52, never=0.05)
    home = d.later(3, 20, DAY)
    events = event("Arrival", t) + event("BrainScan", d.by(t, HOUR, 0.6)) + event("SwallowScreen", d.by(t, 4 * HOUR, 0.78))
    events += event("StrokeUnit", unit, end=home) + event("Discharge", home)
    events += event("Thrombolysis", d.by(t, HOUR, 0.6, never=0)) if d.yes(0.12) else []
    return {"team": d.org, "age": age(d), "already_inpatient": False}, events


def hip_fracture(d):
    t, years = d.at, age(d, 60)
    # Planted: Fernhope waits for theatres.
    surgery = d.by(t, 36 * HOUR, 0.45 if d.org == "ZZ06" else 0.74, never=0.08)
    admitted, home = t + 3 * HOUR, d.later(9, 25, DAY)
    late = surgery is None or surgery - t > 36 * HOUR
    delay = d.pick(unfit=4, anticoagulated=2, theatre=12 if d.org == "ZZ06" else 4, other=1) if late else "none"
    facts = {"trust": d.org, "age": years, "diagnosis": d.pick("S72.0", "S72.0", "S72.1", "S72.2"), "already_inpatient": False, "delay": delay,
             "nice_operation": d.good(0.85), "infection": d.yes(0.02), "returned_home": d.yes(0.7), "bone_medication": d.good(0.7)}
    events = event("Arrival", t) + event("Admission", admitted) + event("Anaesthesia", surgery) + event("Discharge", home)
    events += event("GeriatricianAssessment", d.by(admitted, 72 * HOUR, 0.92), grade=d.pick("consultant", "consultant", "st3_or_above"))
    events += event("MentalTest", d.later(2, 12, HOUR) if d.good(0.97) else None, score=d.between(3, 10))
    for name, share in (("NutritionAssessment", 0.97), ("FallsAssessment", 0.98), ("BoneHealthAssessment", 0.97)):
        events += event(name, d.later(2, 6, DAY) if d.good(share) else None)
    if surgery:
        events += event("Delirium4AT", surgery + 20 * HOUR if d.good(0.95) else None, score=d.pick(0, 0, 0, 1, 4, 6))
        events += event("PhysiotherapyAssessment", d.by(surgery, 20 * HOUR, 0.97)) + event("OutOfBed", d.by(surgery, 20 * HOUR, 0.8))
    return facts, events


def cauda_equina(d):
    kind = d.pick(cauda_equina=5, cord_compression=2, spinal_metastases=2, none_of_these=1)
    asked = d.later(40, 200)
    limit = {"cauda_equina": 4 * HOUR, "cord_compression": 24 * HOUR, "spinal_metastases": 6 * DAY}.get(kind)
    scan = d.by(asked, limit, 0.55 if kind == "cauda_equina" else 0.8) if limit else None
    events = event("Arrival", d.at) + (event("MRIRequest", asked) if limit else []) + event("MRI", scan) + event("MRIReport", d.by(scan, HOUR, 0.7))
    if not limit:
        events += event("FirstSeizure", d.at) + event("SeenBySpecialist", d.by_day(d.at, 14, 0.5))
    return {"trust": d.org, "suspected": kind}, events
