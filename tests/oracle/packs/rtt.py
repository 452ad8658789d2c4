"""Referral to treatment, from the rules suite and PRN01045 version 5.0: the story of a pathway, event by event."""
import datetime as dt

import clock

RULE = "elective/rtt"
STOPS = {"30": "treated", "31": "monitored", "32": "monitored", "34": "closed", "35": "closed", "36": "closed"}
SEEN = ("10", "11", "20", "30", "31", "32", "34", "35", "36")
WORST = ["missed", "late", "open", "met"]


REFERRALS = ("Referral", "UbrnConverted", "InterfaceReferral", "TransferIn")
# The referral that started the clock was to somebody else.
MIDWAY = ("InterfaceReferral", "TransferIn")


def ends(event):
    return event.get("status") in STOPS and event["side"] == "first" or event["event"] == "DischargedAfterDNA" and event["safeguards"]


def refers(event):
    return event["event"] in REFERRALS and event.get("consultant_led", True)


def first_missed(events, place):
    """Whether code 33 is of a first appointment: since the referral nobody was seen, and no other treatment was decided on (rule 5e)."""
    def said(event):
        return refers(event) or event["event"] in ("NewTreatmentPlan", "DischargedAfterDNA") or event.get("status") in SEEN
    event = events[place]
    if event.get("status") != "33" or event["side"] != "first":
        return False
    midway = [e["event"] for e in events[:place] if e["event"] in MIDWAY or ends(e)]
    return refers(next((e for e in reversed(events[:place]) if said(e)), event)) and midway[-1:] not in [[kind] for kind in MIDWAY]


def rebooks(events, place):
    """Whether a rebooking is after a nullified clock, and nothing ended the wait since (rule 3e)."""
    missed = [e["when"] for i, e in enumerate(events[:place]) if first_missed(events, i)]
    ended = [e["when"] for e in events[:place] if ends(e)]
    return bool(missed) and not (ended and ended[-1] > missed[-1])


def starts(events, place, planned):
    """When the wait begins that an event starts, or None where it starts none."""
    event, later = events[place], events[place + 1:]
    kind, at = event["event"], event["when"]
    if planned and refers(event):
        return clock.utc(dt.datetime.combine(planned, dt.time()))
    if kind == "Referral" and event["consultant_led"]:
        same_day = any(e["event"] == "UbrnConverted" and clock.local_date(e["when"]) == clock.local_date(at) for e in events)
        return None if same_day or any(e["event"] == "TransferIn" and e["original_start"] < at for e in later) else at
    if kind == "UbrnConverted":
        return None if any(e["event"] == "InterfaceReferral" and e["received"] < at for e in later) else at
    if kind == "Rebooked":
        return at if rebooks(events, place) else None
    if kind == "NewTreatmentPlan" or (kind == "Status" and event["status"] == "11" and event["side"] == "first"):
        return at
    return {"InterfaceReferral": event.get("received"), "TransferIn": event.get("original_start")}.get(kind)


def tell(events, planned, side):
    """The periods of one side, each as start, stop and outcome; the last without a stop where it runs."""
    periods = []
    for place, event in enumerate(events):
        running = bool(periods) and periods[-1][1] is None
        died = event.get("status") == "36"
        code = event.get("status") if event.get("side") == side or died else None
        if side == "first":
            start = starts(events, place, planned)
        else:
            start = event["when"] if code == "11" or (event["event"], event.get("side")) == ("FitAndReady", "second") else None
        early = side == event.get("side") == "first" and planned and code in STOPS and clock.local_date(event["when"]) < planned
        if start is not None:
            if not running:
                periods.append((start, None, None))
        elif running and (early or code == "21" or (side == "first" and first_missed(events, place))):
            periods.pop()
        elif running and code in STOPS:
            periods[-1] = (periods[-1][0], event["when"], STOPS[code])
        elif running and event["event"] == "DischargedAfterDNA" and event["safeguards"]:
            periods[-1] = (periods[-1][0], event["when"], "discharged_after_dna")
    return periods


def days(start, end):
    return (clock.local_date(end) - clock.local_date(start)).days


def band(wait):
    """Days 0 to 7 are week 1, and each seven after them the next."""
    return None if wait is None or wait < 0 else 1 if wait <= 7 else -(-wait // 7)


def verdict(periods, as_of):
    """The worst of the periods, each due at the end of day 126."""
    found = [clock.by_day(clock.local_date(start) + 126 * clock.DAY, stop, as_of).split()[0] for start, stop, _ in periods]
    return next((word + "…" for word in WORST if word in found), "not applicable")


def in_a_day(events, planned):
    """Whether the only start there is and an end are of one day; an end belongs to a wait, whichever of the two is recorded as the earlier."""
    converted = {clock.local_date(e["when"]) for e in events if e["event"] == "UbrnConverted"}
    referrals = [e for e in events if refers(e) and not (e["event"] == "Referral" and clock.local_date(e["when"]) in converted)]
    others = [e for e in events if e["event"] in ("NewTreatmentPlan", "Rebooked") or e.get("status") == "11"]
    codes = [clock.local_date(e["when"]) for e in events if e.get("status") in STOPS and e["side"] == "first"]
    return planned is None and len(referrals) == 1 and not others and clock.local_date(referrals[0]["when"]) in codes


def answers(events, planned, emergency, community, as_of):
    seen = [event for event in events if event["when"] <= as_of]
    first, second = tell(seen, planned, "first"), tell(seen, planned, "second")
    not_due = planned is not None and planned > clock.local_date(as_of)
    kinds = [event["event"] for event in seen]
    led = any(event.get("consultant_led") for event in seen) or "InterfaceReferral" in kinds or "TransferIn" in kinds
    not_led = "Referral" in kinds and not led
    excluded = emergency or not_led or community or not_due

    def running(periods):
        return bool(periods) and periods[-1][1] is None

    one_day = in_a_day(seen, planned)
    waits = [days(first[-1][0], as_of)] if running(first) and not one_day and not not_due else []
    waits += [days(second[-1][0], as_of)] if running(second) else []
    waited = max(waits, default=None)
    done = None
    if first and not excluded and (one_day or not running(first)):
        referred = next((e["when"] for e in seen if refers(e)), None)
        done = days(first[-1][0], first[-1][1] or referred)
    text = {None: "none"}
    return {
        "rtt.running": "yes" if running(first) else "no", "second_side.running": "yes" if running(second) else "no",
        "rtt.periods": str(len(first)), "second_side.periods": str(len(second)),
        "rtt.outcome": (first[-1][2] if first else None) or "none",
        "excluded": next((reason for holds, reason in [
            (emergency, "presented_as_emergency"), (not_led, "not_consultant_led"), (community, "community_service"),
            (not_due, "planned_not_due")] if holds), "none"),
        "incomplete": "yes" if (running(first) and not one_day or running(second)) and not excluded else "no",
        "waited": text.get(waited, clock.days(waited) if isinstance(waited, int) else waited), "week": text.get(waited, str(band(waited) or "none")),
        "completed_wait": text.get(done, clock.days(done) if isinstance(done, int) else done), "completed_week": text.get(done, str(band(done) or "none")),
        "rtt_18_weeks": "not applicable" if excluded else verdict(first, as_of),
        "second_18_weeks": "not applicable" if excluded else verdict(second, as_of),
    }


def cases(random):
    kinds = ["Referral"] * 3 + ["Status"] * 8 + ["FitAndReady"] * 2 + [
        "UbrnConverted", "InterfaceReferral", "TransferIn", "Rebooked", "NewTreatmentPlan", "DischargedAfterDNA"]
    while True:
        events, at = [], clock.some_instant(random, dt.date(2024, 6, 1), 500)
        for _ in range(random.choice([random.randrange(1, 9), random.randrange(9, 21)])):
            kind = random.choice(kinds if events else ["Referral", "UbrnConverted", "InterfaceReferral", "TransferIn"])
            # Of more than two UBRNs the rule sees the first and the last.
            if kind == "UbrnConverted" and [event["event"] for event in events].count(kind) == 2:
                kind = "Rebooked"
            side = random.choice(["first", "first", "second"])
            earlier = at - dt.timedelta(days=random.randrange(-2, 60))
            fields = {"Referral": {"consultant_led": random.random() < 0.9}, "InterfaceReferral": {"received": earlier},
                      "TransferIn": {"original_start": earlier}, "FitAndReady": {"side": side},
                      "Status": {"status": random.choice(["10", "11", "20", "21", "30", "30", "31", "32", "33", "34", "35", "36", "91"]), "side": side},
                      "DischargedAfterDNA": {"missed_at": earlier, "safeguards": random.random() < 0.8}}.get(kind, {})
            events.append({"event": kind, "when": at, **fields})
            gap = random.choice([0, 1, 7, 8, 30, 125, 126, 127, random.randrange(200)])
            at += dt.timedelta(days=gap, minutes=random.choice([0, 0, 30, -30]) if gap else 0)
        planned = clock.local_date(at) - random.randrange(-30, 200) * clock.DAY if random.random() < 0.15 else None
        emergency, community = random.random() < 0.04, random.random() < 0.04
        as_of = clock.utc(dt.datetime.combine(clock.local_date(at) + clock.DAY * random.choice([-200, -8, 0, 1, 7, 8, 126, 127, 400]), dt.time(23, 59)))
        sent = [{key if key != "when" else "at": clock.iso(value) if isinstance(value, dt.datetime) else value
                 for key, value in event.items()} for event in events]
        case = {"trust": "RRF", "specialty": "110", "emergency": emergency, "community": community,
                "planned_due_on": str(planned) if planned else "none", "as_of": clock.iso(as_of), "events": sent}
        yield case, answers(events, planned, emergency, community, as_of)
