"""What is drawn of planned care: waits, cancer, diagnostics, theatres, eyes and vessels."""
import datetime as dt

from wards import age
from world import CODES, DAY, HOUR, MINUTE, event

SPECIALTIES = ["110", "120", "130", "301", "502"]


def elsewhere(d):
    """Another member, mostly a neighbour."""
    return CODES[(CODES.index(d.org) + d.pick(1, 1, 2, 6)) % 12]


def rtt(d):
    # Planted: Elmsand waits longer.
    weeks = d.chance.expovariate(1 / (30 if d.org == "ZZ05" else 13 - 40 * d.effect))
    stop, events = d.at + max(1, int(weeks * 7)) * DAY, event("Referral", d.at, consultant_led=True)
    first = d.at + (stop - d.at) * 0.4
    seen = event("Status", first.replace(second=0, microsecond=0), status=d.pick("10", "10", "20"), side="first")
    if d.yes(0.05):
        return facts_of_rtt(d), events + event("Status", first + DAY, status="33", side="first") + event("Rebooked", first + 12 * DAY)
    events += seen
    code = d.pick(**{"30": 68, "34": 14, "32": 8, "31": 3, "35": 4, "36": 1})
    events += event("Status", stop, status=code, side="first")
    if code == "30" and d.yes(0.08):
        ready = stop + 60 * DAY
        events += event("FitAndReady", ready, side="second") + event("Status", ready + d.between(20, 170) * DAY, status="30", side="second")
    return facts_of_rtt(d), events


def facts_of_rtt(d):
    return {"trust": d.org, "specialty": d.pick(*SPECIALTIES), "emergency": False, "community": d.yes(0.02), "planned_due_on": "none"}


def cancer(d):
    t, events = d.at, event("Referral", d.at, source=d.pick(urgent_suspected_cancer=90, breast_symptomatic=7, urgent_screening=3))
    told, found = d.by_day(t, 28, 0.77, never=0.02), d.yes(0.35)
    events += event("Told", told, cancer=found)
    if d.yes(0.04):
        events += event("FirstAppointmentMissed", t + 8 * DAY, adjustment_reason="3") + event("Rebooked", t + 10 * DAY)
    if d.yes(0.15):
        events += event("FIT", t - d.between(0, 9) * DAY, value=round(d.chance.lognormvariate(2.5, 1.5), 1))
    treated_by = d.org
    if found and told:
        if d.yes(0.3):
            treated_by = elsewhere(d)
            # Planted: Larkmouth sends patients on late.
            events += event("Transfer", d.by_day(t, 38, 0.2 if d.org == "ZZ12" else 0.85, never=0))
        treatment = d.by_day(t, 62, 0.25 if d.org == "ZZ12" and treated_by != d.org else 0.74, never=0.05)
        if treatment:
            events += event("DecisionToTreat", treatment - d.between(*((5, 30) if d.good(0.93) else (32, 45))) * DAY,
                            earliest_appropriate="none", adjustment="none")
        events += event("Treatment", treatment)
    facts = {"first_seen_by": d.org, "treated_by": treated_by, "suspected_type": d.pick("C44", "C50", "C18", "C61", "C34"),
             "faster_diagnosis_exclusion": "none", "treatment_adjustment": "none"}
    return facts, events


def imaging(d):
    test = d.pick(mri=25, ct=25, non_obstetric_ultrasound=30, echocardiography=10, colonoscopy=10)
    urgency = d.pick(urgent_suspected_cancer=15, outpatient=75, inpatient=10)
    # Planted: Jarrowby has one magnet, and it is old.
    share = 0.3 if d.org == "ZZ10" and test == "mri" else 0.9
    done = d.by_day(d.at, 41, share, never=0.02)
    events = event("Request", d.at) + event("DidNotAttend", d.at + 10 * DAY if d.yes(0.03) else None) + event("Examination", done)
    facts = {"performed_by": d.org, "reported_by": d.org if d.yes(0.8) else elsewhere(d), "test": test, "urgency": urgency, "planned_due_on": "none"}
    return facts, events + event("VerifiedReport", d.by_day(done, 28, 0.985))


def reporting(d):
    urgency = d.pick(emergency=3, inpatient=2, urgent_suspected_cancer=2, outpatient=5)
    limit = {"emergency": HOUR, "inpatient": 12 * HOUR, "urgent_suspected_cancer": 72 * HOUR, "outpatient": 240 * HOUR}[urgency]
    reporter = d.org if d.yes(0.6) else elsewhere(d)
    done, critical = d.by(d.at, limit, 0.83), d.yes(0.08)
    # Planted: between Caldmoor and its reporters the images wait.
    received = d.later(300, 2400) if d.org == "ZZ03" and reporter != d.org else d.later(1, 40)
    events = event("Examination", d.at) + event("ImagesReceived", received) + event("VerifiedReport", done, critical=critical)
    return {"performed_by": d.org, "reported_by": reporter, "urgency": urgency}, events + (
        event("CriticalResultTold", d.by(done, HOUR, 0.85)) if critical and done else [])


def endoscopy(d):
    kind = d.pick(bleed=3, screening=4, surveillance=3)
    if kind == "bleed":
        events = event("Bleed", d.at, blatchford=d.between(0, 15), unstable_patient=False)
        events += event("Endoscopy", d.by(d.at, 24 * HOUR, 0.55 if d.at.weekday() >= 5 else 0.82), kind="gastroscopy")
    elif kind == "screening":
        clinic = d.by_day(d.at, 14, 0.93)
        events = event("ScreeningPositive", d.at) + event("SpecialistPractitionerClinic", clinic)
        # Planted: Kestrelford has lost an endoscopist.
        events += event("Endoscopy", d.by_day(clinic, 14, 0.4 if d.org == "ZZ11" else 0.8), kind="colonoscopy")
    else:
        due = (d.at + 90 * DAY).date()
        done = dt.datetime.combine(due, dt.time(11)) + (d.between(-30, 0) if d.good(0.7) else d.between(1, 120)) * DAY
        events = event("SurveillancePlanned", d.at, due_on=due, planned="colonoscopy") + event("Endoscopy", done, kind="colonoscopy")
    return {"trust": d.org, "age": age(d)}, events


def cancelled(d):
    at = dt.datetime.combine(d.at.date(), dt.time(8, 30))
    facts = {"trust": d.org, "specialty": d.pick(*SPECIALTIES), "classification": d.pick("1", "2"), "admission_method": d.pick("11", "12"),
             "operation_coded": True, "due_to_arrive": at.date(), "planned_operation": at}
    # Planted: Dunmere runs out of beds in winter.
    winter = d.org == "ZZ04" and at.month in (12, 1, 2)
    if d.yes(0.6 if winter else 0.07):
        events = event("Cancelled", at - d.pick(1, 2, 30) * HOUR, reason=d.pick(
            ward_bed=30 if winter else 4, theatre_staff=3, list_overran=4, emergency_case=3, equipment=1, clinical=3, patient=4))
        return facts, events + event("Treated", d.by_day(at, 28, 0.75, never=0.05))
    return facts, event("Arrival", at - HOUR) + event("Treated", at)


def offers(d):
    """Of somebody who cannot come soon: dates, and monitoring by agreement."""
    facts, at = {"trust": d.org, "specialty": d.pick(*SPECIALTIES)}, dt.datetime.combine(d.at.date(), dt.time(11))
    first = at.date() + d.between(14 if d.yes(0.1) else 21, 40) * DAY
    events = event("Offer", at, offered=first, declined=True)
    if d.yes(0.15):
        events += event("Unavailable", at, available_from=at.date() + d.between(20, 120) * DAY, two_dates=d.yes(0.7))
    again = at + d.between(2, 12) * DAY
    declined = d.yes(0.6)
    if d.good(0.9):
        events += event("Offer", again, offered=first + (d.between(10, 42) if d.good(0.93) else d.between(43, 70)) * DAY, declined=declined)
    if not declined:
        return facts, events + event("Ended", again + d.between(22, 60) * DAY)
    if d.good(0.95):
        events += event("Conversation", again + HOUR, agreed=True)
    monitored = again + HOUR
    events += event("Monitored", monitored)
    # Planted: at Jarrowby whoever is monitored is forgotten.
    for _ in range(d.between(1, 3)):
        monitored = d.by_day(monitored, 84, 0.6 if d.org == "ZZ10" else 0.9, never=0.5)
        if monitored is None:
            return facts, events
        events += event("ClinicalReview", monitored)
    return facts, events + event("GoesOn", monitored + d.between(1, 20) * DAY)


def theatres(d):
    start = dt.datetime.combine(d.at.date(), dt.time(8, 30))
    end, events = start + 8 * HOUR, []
    # Planted: at Brackwater lists start late.
    at = start + (d.between(20, 60) if d.org == "ZZ02" else d.between(-5, 25)) * MINUTE
    while d.yes(0.985):
        close = at + d.between(70, 130) * MINUTE
        if close > end + 40 * MINUTE:
            break
        events += event("Operation", at, joint_equivalents=d.pick(0.5, 1, 1, 1), end=close)
        at = close + d.between(10, 30) * MINUTE
    return {"trust": d.org, "specialty": d.pick(*SPECIALTIES), "planned_start": start, "planned_end": end}, events


def orthopaedics(d):
    joint = d.pick(hip=4, knee=4, other=4)
    planned = dt.datetime.combine(d.at.date(), dt.time(9))
    replaced = joint != "other"
    stay = 0 if not replaced and d.good(0.93) else d.between(1, 2) if not replaced else d.pick(1, 2, 2, 3, 3, 4, 6)
    anaesthetic = d.pick("spinal", "general", "local_block")
    years = age(d, 40)
    facts = {"trust": d.org, "joint": joint, "primary": replaced, "age": years, "planned_on": planned.date(), "intended_day_case": not replaced,
             "fixation": "cemented" if d.good(0.97) and years >= 70 else d.pick("hybrid", "uncemented") if years < 70 else "uncemented",
             "infection": d.yes(0.012), "asa": d.pick(1, 2, 2, 3), "body_mass_index": round(d.chance.uniform(20, 42), 1),
             "anaesthetic": anaesthetic, "in_hub": d.yes(0.5)}
    # Planted: Heronsea cancels on the day.
    if d.yes(0.11 if d.org == "ZZ08" else 0.008):
        return facts, event("Cancelled", planned - HOUR, reason="hospital")
    home = planned + stay * DAY + 7 * HOUR
    events = event("Admission", planned) + event("Surgery", planned + 2 * HOUR) + event("Discharge", home)
    return facts, events + event("EmergencyReadmission", home + d.between(2, 27) * DAY if replaced and d.yes(0.035) else None)


def cataract(d):
    first, second = d.pick(("left", "right"), ("right", "left"))
    done = d.at
    events = event("Consent", done - 20 * DAY, eye=first) + event("Surgery", done, eye=first)
    if d.yes(0.5):
        ready = d.later(20, 60, DAY)
        surgery = d.by_day(ready, 126, 0.85, never=0.05)
        # Planted: Brackwater refuses second eyes because they see too well.
        if d.yes(0.5 if d.org == "ZZ02" else 0.02):
            return {"trust": d.org}, events + event("Refused", ready, eye=second, reason="acuity")
        events += event("FitForSecondEye", ready, eye=second) + event("Surgery", surgery, eye=second)
        events += event("Consent", surgery - 10 * DAY, eye=second) if surgery else []
    elif d.yes(0.06):
        events += event("Refused", d.later(30, 90, DAY), eye=second, reason=d.pick("not_troubled", "health", "patient_choice"))
    return {"trust": d.org}, events


def eye_network(d):
    wet = d.yes(0.4)
    facts = {"trust": d.org, "age": age(d, 45), "wet_amd": wet, "declined_treatment": d.yes(0.03)}
    if wet:
        events = event("MacularReferral", d.at) + event("MacularTreatment", d.by_day(d.at, 14, 0.7))
    else:
        grade = d.pick("r3a", "r2", "m1", "m1")
        events = event("DiabeticReferral", d.at, grade=grade) + event("Consultation", d.by_day(d.at, 42 if grade == "r3a" else 91, 0.8))
    at, weeks = d.later(70, 100, DAY), d.pick(4, 8, 12)
    for _ in range(2):
        events += event("Visit", at, next_in=weeks * 7)
        # Planted: Garthdale's clinics overrun their intervals.
        at = at + int(weeks * 7 * (d.chance.uniform(1.3, 1.7) if not d.good(0.55 if d.org == "ZZ07" else 0.85) else d.chance.uniform(0.9, 1.2))) * DAY
    return facts, events + event("Visit", at, next_in="none")


def vessels(d):
    condition, t = d.pick(stemi=3, nstemi=5, carotid=1, limb=2, aneurysm=1), d.at
    facts = {"first_seen_by": d.org, "treated_by": d.org if d.yes(0.6) else elsewhere(d), "condition": condition}
    if condition == "stemi":
        door = d.later(50, 110)
        facts["later_than_lysis"] = "PT90M"
        return facts, event("CallForHelp", t) + event("HeartCentreArrival", door) + event("Balloon", d.by(door, HOUR, 0.82))
    if condition == "nstemi":
        facts["risk"] = d.pick("intermediate", "high", "highest", "low")
        return facts, event("Arrival", t) + event("Angiography", d.by(t, 72 * HOUR, 0.45 if t.weekday() >= 4 else 0.7))
    name, days, since = {"carotid": ("Endarterectomy", 14, "Symptoms"), "limb": ("Revascularisation", 5, "Arrival"),
                         "aneurysm": ("AneurysmRepair", 56, "Referral")}[condition]
    return facts, event(since, t) + event(name, d.by_day(t, days, 0.6))
