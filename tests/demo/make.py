"""Makes the demonstration group of rules/demo: twelve members that do not exist, and a year of each for every rule.

Run with Python 3.11 or later, anywhere: python3 tests/demo/make.py
The same data come out every time, to the byte.
"""
import datetime as dt
import gzip
import json
import pathlib
import random

import families
import planned
import services
import wards
from world import AS_OF, MEMBERS, case, draws

DEMO = pathlib.Path(__file__).parents[2] / "rules" / "demo"
YEAR = (dt.date(2025, 7, 1), dt.date(2026, 6, 30))
STROKES = (dt.date(2023, 10, 1), dt.date(2024, 9, 30))
SEVEN_DAYS = (dt.date(2025, 7, 1), dt.date(2026, 2, 8))
INVENTED = "The members, the patients and every figure are invented: a demonstration."

# The rule; what is drawn of each case, cases of each member, first and last day; what a reader has to know.
DRAWN = [
    ("acute/sepsis", wards.sepsis, 120, YEAR, ""),
    ("acute/sepsis_ng253", wards.sepsis_by_score, 100, (dt.date(2025, 11, 19), YEAR[1]), "The guideline of November 2025."),
    ("acute/deterioration", wards.deterioration, 45, (dt.date(2026, 4, 1), dt.date(2026, 6, 28)), "NEWS2 is in force here from April 2026 on."),
    ("acute/daily_review", wards.daily_review, 120, SEVEN_DAYS, "Until 8 February 2026, when the pathway that came next took its place."),
    ("acute/seven_day", wards.seven_day, 110, SEVEN_DAYS, "Until 8 February 2026, when the pathway that came next took its place."),
    ("acute/first72h", wards.first72h, 120, YEAR, ""),
    ("acute/pneumonia", wards.pneumonia, 110, (dt.date(2025, 9, 2), YEAR[1]), ""),
    ("flow/emergency", wards.emergency, 240, YEAR, ""),
    ("flow/discharge", families.discharge, 150, (dt.date(2025, 6, 20), YEAR[1]), ""),
    ("clinical/vte", wards.vte, 150, YEAR, ""),
    ("clinical/aki", wards.aki, 120, YEAR, ""),
    ("clinical/aki_kdigo", wards.kdigo, 90, YEAR, ""),
    ("clinical/stroke_ssnap", wards.stroke, 110, STROKES, "The last year whose thresholds are known: until September 2024."),
    ("ortho/hip_fracture_bpt", wards.hip_fracture, 120, YEAR, "Nobody is counted by the list of criteria before April 2017."),
    ("ortho/elective_girft", planned.orthopaedics, 150, YEAR, ""),
    ("neuro/ces", wards.cauda_equina, 90, YEAR, ""),
    ("elective/rtt", planned.rtt, 330, (dt.date(2025, 4, 1), YEAR[1]), ""),
    ("elective/offers", planned.offers, 60, YEAR, "Whoever declined a date because another would suit better."),
    ("cancer/cwt", planned.cancer, 240, YEAR, ""),
    ("diagnostics/imaging_dm01", planned.imaging, 300, YEAR, ""),
    ("diagnostics/reporting_network", planned.reporting, 130, YEAR, ""),
    ("diagnostics/endoscopy", planned.endoscopy, 120, YEAR, ""),
    ("theatres/cancelled_operations", planned.cancelled, 300, YEAR, ""),
    ("theatres/productivity", planned.theatres, 90, YEAR, ""),
    ("eye/cataract", planned.cataract, 120, YEAR, ""),
    ("eye/network", planned.eye_network, 90, YEAR, ""),
    ("eye/rop", families.premature, 80, YEAR, ""),
    ("cardio/vascular", planned.vessels, 130, YEAR, ""),
    ("maternity/safety", families.pregnancy, 220, YEAR, ""),
    ("children/pews_neonatal", families.child, 150, YEAR, ""),
    ("mh/followup_crisis", families.mind, 200, YEAR, "Nobody is counted by the standard of 7 days, which ended in April 2020."),
    ("community/ucr_vw", families.community, 150, YEAR, ""),
    ("equity/overlay", families.person, 240, YEAR, ""),
    ("labs/blood_culture", services.blood_culture, 220, YEAR, ""),
    ("labs/critical_results", services.critical_result, 130, YEAR, ""),
    ("labs/aseptic", services.aseptic, 90, YEAR, ""),
    ("corporate/candour", services.incident, 90, YEAR, ""),
    ("corporate/complaints", services.complaint, 110, YEAR, ""),
    ("corporate/hiring", services.appointment, 80, YEAR, ""),
    ("corporate/payments", services.invoice, 260, YEAR, ""),
    ("corporate/procurement", services.purchase, 70, YEAR, ""),
    ("conformance/data", services.record, 110, YEAR, ""),
    ("workforce/rota_tcs2016", services.doctor, 40, (dt.date(2026, 4, 1), dt.date(2026, 5, 20)), "A case is a doctor, and a record about five weeks of shifts and duties on call."),
]

# The rule, what makes its records, and what a reader has to know.
RETURNED = [
    ("flow/emergency_returns", services.emergency_returns, "Monthly counts of each kind of department."),
    ("community/virtual_ward_returns", services.ward_returns, "Monthly counts of each pathway."),
    ("corporate/ward_staffing", services.ward_months, "A month of a ward a record."),
    ("clinical/stroke_scores", services.stroke_teams, "Quarters until September 2024, the last whose thresholds are known."),
    ("conformance/packs", lambda _: services.installations(), "Eight rules as each member has installed them."),
]

# What every member has to say of itself: alike here, so that what differs is practice.
SAID = {
    "acute.first72h.day_begins": "08:00", "acute.first72h.day_ends": "20:00", "acute.sepsis_ng253.reviewed_within": "30 min",
    "children.pews_neonatal.review_within": "1 h", "community.ucr_vw.team_review_within": "28 calendar days",
    "corporate.hiring.hired_within": "84 calendar days", "diagnostics.endoscopy.unstable_scoped_within": "2 h",
    "diagnostics.reporting_network.emergency_report_within": "1 h", "diagnostics.reporting_network.inpatient_report_within": "12 h",
    "diagnostics.reporting_network.cancer_report_within": "72 h", "diagnostics.reporting_network.outpatient_report_within": "240 h",
    "diagnostics.reporting_network.critical_told_within": "1 h", "equity.overlay.season_from": "2025-09-01", "labs.aseptic.orders_close": "15:00",
    "labs.blood_culture.stain_within": "2 h", "labs.critical_results.turnaround_within": "2 h", "maternity.safety.escalate_within": "30 min",
    "maternity.safety.call_within": "10 min", "theatres.productivity.late_after": "15 min", "theatres.productivity.early_before": "30 min",
}
# What some have chosen, where their membership lets them.
CHOSEN = {"ZZ02": {"corporate.payments.pay_within": "20 days"}, "ZZ06": {"mh.followup_crisis.followup_within": "48 h"}}


def members():
    """The members as the library has them: with their membership and their settings."""
    text = "/// Twelve members that do not exist: the group of rules/demo.toml. Made by tests/demo/make.py.\n"
    for code, (name, membership) in MEMBERS.items():
        said = SAID | CHOSEN.get(code, {})
        approved = '    because "demonstration" approved by "demonstration" on 2025-06-01 until 2027-06-01\n'
        settings = "".join(f"  {what} = {value}\n{approved}" for what, value in said.items())
        text += f'member "{code}" "{name} (invented)" {{\n  membership {membership}\n{settings}}}\n\n'
    return text.rstrip() + "\n"


def write(rule, cases, notes):
    """The data and the mapping of one rule, and its part of the definition."""
    name = rule.replace("/", "_")
    text = "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in cases)
    (DEMO / f"{name}.ndjson.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    said = "".join(f'\n  "{note}",' for note in (INVENTED, notes) if note)
    (DEMO / f"{name}.map.toml").write_text(
        f'package = "{rule.replace("/", ".")}"\nversion = "1.0.0"\ntitle   = "Demonstration: {rule}"\nnotes   = [{said}\n]\n\n'
        '[source]\nformat = "ndjson"\n')
    as_of = dt.datetime(2024, 10, 31, 23, 59) if "stroke" in rule else AS_OF
    return (f'\n[[run]]\nrules         = "{rule}"\ndata          = ["demo/{name}.ndjson.gz"]\nmap           = "demo/{name}.map.toml"\n'
            f'as_of         = "{as_of:%Y-%m-%dT%H:%M:%S}+{"00" if "stroke" in rule else "01"}:00"\norganisations = "demo/members.csv"\n'
            'disclosure    = "off"\nbecause       = "the data are invented"\n')


def main():
    """Writes everything."""
    DEMO.mkdir(exist_ok=True)
    (DEMO / "members.csv").write_text("code,name\n" + "".join(f"{code},{name} (invented)\n" for code, (name, _) in MEMBERS.items()))
    (DEMO.parent / "members" / "demonstration.concord").write_text(members())
    runs = {}
    for rule, draw, count, (first, last), notes in DRAWN:
        drawn = ((name, *draw(d)) for d, name in draws(rule, count, first, last))
        as_of = dt.datetime(2024, 10, 31, 23, 59) if "stroke" in rule else AS_OF
        runs[rule] = write(rule, [case(name, facts, events, as_of) for name, facts, events in drawn], notes)
    for rule, records, notes in RETURNED:
        runs[rule] = write(rule, [case(*record) for record in records(random.Random(rule))], notes)
    head = ("# The demonstration: twelve members that do not exist, and a year of each for every rule. `concord audit rules/demo.toml`\n"
            '# Made by tests/demo/make.py.\ntitle  = "Demonstration group: a year to 30 June 2026"\noutput = "../target/demo"\n')
    (DEMO.parent / "demo.toml").write_text(head + "".join(runs[rule] for rule in sorted(runs)))


if __name__ == "__main__":
    main()
