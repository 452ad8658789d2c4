"""A rule in Python, by records: the host lays out a case and reads its answers, with the rows of tables that gave them. Written from
wasm/ABI.md and the manifest; `json_host.py` does without all of this where a module takes JSON. For cases of up to 64 events."""

import json
import struct
from datetime import timedelta

from json_host import EPOCH, Rule, integer

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_"
FIRST = -2_208_988_800_000  # 1900-01-01
UNKNOWN_TIME, BETWEEN_TIMES = -(1 << 63), -(1 << 63) + 1


def code(text, listed, of_the_case):
    """A code as a number; one that does not pack has its place among those of the rule or of the case."""
    text = text.upper()
    if text.isascii() and text.isdigit() and len(text) <= 18 and (text == "0" or text[0] != "0"):
        return int(text)
    if 1 <= len(text) <= 11 and all(character in ALPHABET for character in text):
        value = 0
        for character in text:
            value = 40 * value + ALPHABET.index(character) + 1
        return -value
    if text in listed:
        return -420_000_000_000_000_000 - 2 * listed.index(text)
    if text not in of_the_case:
        of_the_case.append(text)
    return -500_000_000_000_000_000 - 2 * of_the_case.index(text)


class RecordRule(Rule):
    def value(self, of, given, of_the_case):
        """What is known of a fact or a field: None, "none", an integer, or two between which it lies."""
        if given is None or given == "none" and of["type"]["kind"] != "enum":
            return given
        if given == "none" and "none" not in of["type"]["variants"]:
            return given
        if isinstance(given, dict):
            return integer(of["type"], given["from"]), integer(of["type"], given["to"])
        if of["type"]["kind"] == "code":
            return code(given, self.manifest["logic"]["codes"], of_the_case)
        return integer(of["type"], given)

    def event(self, given, of_the_case):
        """The kind, when, and the fields of an event."""
        kinds = self.manifest["layout"]["events"]
        kind = next(place for place, kind in enumerate(kinds) if kind["name"] == given["event"])
        at = self.value({"type": {"kind": "instant"}}, given["at"], of_the_case)
        fields = [self.value(field, given.get(field["name"]), of_the_case) for field in kinds[kind]["fields"]]
        if "ends" in kinds[kind]:
            end = fields[kinds[kind]["ends"]]
            end = end[1] if isinstance(end, tuple) else end
            if isinstance(end, int) and at is None and FIRST < end:
                at = FIRST, end
            elif isinstance(end, int) and isinstance(at, tuple) and at[0] < end < at[1]:
                at = at[0], end
        return kind, at, fields

    def place(self, case):
        """Lays a case out from `heap` up; where the record out goes."""
        layout, of_the_case = self.manifest["layout"], []
        self.image = bytearray(layout["record_in"] + layout["record_out"])
        start = layout["heap"]

        def put(at, value, width=8):
            self.image[at - start : at - start + width] = value.to_bytes(width, "little", signed=value < 0)

        def room(count):
            at = -(-(start + len(self.image)) // 8) * 8
            self.image.extend(bytes(at - start - len(self.image) + count))
            return at

        facts = [self.value(of, case.get(of["name"]), of_the_case) for of in layout["facts"]]
        bounds = room(8 + 16 * len(facts))
        for place, value in enumerate(facts):
            if isinstance(value, tuple):
                put(bounds + 8 + 16 * place, value[0])
                put(bounds + 16 + 16 * place, value[1])
            elif isinstance(value, int):
                put(start + 32 + 8 * place, value)
        mask = lambda holds: sum(1 << place for place, value in enumerate(facts) if holds(value))
        between = mask(lambda value: isinstance(value, tuple))
        put(start, mask(lambda value: value is None) | between)
        put(start + 8, mask(lambda value: value == "none"))
        put(bounds, between)
        put(start + layout["record_in_bounds"], bounds if between else 0)
        if case.get("as_of"):
            put(start + 16, integer({"kind": "instant"}, case["as_of"]))
        kinds = [kind["name"] for kind in layout["events"]]
        put(start + 24, sum(1 << kinds.index(kind) for kind in case.get("not_supplied", [])))
        if kinds:
            events = [self.event(event, of_the_case) for event in case.get("events", [])]
            listed = lambda at: (1, 0) if at is None else (1, at[0]) if isinstance(at, tuple) else (0, at)
            self.events(sorted(events, key=lambda event: listed(event[1])), put, room)
        return start + layout["record_in"]

    def events(self, events, put, room):
        layout = self.manifest["layout"]
        widths = layout["event_field_bytes"]
        columns = [room(len(events) * width) for width in (1, 8, *widths)]
        ends = [(room(8 * len(events)), room(8 * len(events))) for _ in range(1 + len(widths))]
        pointers = room(16 * len(ends))
        for place, (low, high) in enumerate(ends):
            put(pointers + 16 * place, low)
            put(pointers + 16 * place + 8, high)
        between = False
        for row, (kind, at, fields) in enumerate(events):
            put(columns[0] + row, kind, 1)
            fields = fields + [None] * (len(widths) - len(fields))
            for column, (width, value) in enumerate(zip((8, *widths), (at, *fields))):
                none = -(1 << 8 * width - 1)
                marks = (UNKNOWN_TIME, BETWEEN_TIMES) if column == 0 else (none + 1, none + 2)
                if isinstance(value, tuple):
                    between = True
                    for end, bound in zip(ends[column], value):
                        put(end + width * row, bound, width)
                    value = marks[1]
                value = marks[0] if value is None else none if value == "none" else value
                put(columns[1 + column] + width * row, value, width)
        start = layout["heap"] + layout["record_in_events"]
        for place, slot in enumerate((0, len(events), *columns)):
            put(start + 8 * place, slot)
        put(layout["heap"] + layout["record_in_bounds"] + 8, pointers if between else 0)

    def record_out(self, case):
        """The status, and the record out as far as it was written."""
        layout, memory = self.manifest["layout"], self.exports["memory"]
        out = self.place(case)
        pages = -(-(layout["heap"] + len(self.image)) // 65_536) - memory.size(self.store)
        if pages > 0:
            memory.grow(self.store, pages)
        memory.write(self.store, self.image, layout["heap"])
        status = self.exports["evaluate_record"](self.store, layout["heap"], out)
        count = layout["record_out"] if status else 8 + 8 * len(layout["outputs"])
        return status, memory.read(self.store, out, out + count)

    def answers(self, case):
        """Every answer: its kind, what is known of it, what would settle it, and the row of the table that gave it."""
        layout = self.manifest["layout"]
        status, out = self.record_out(case)
        count = len(layout["outputs"])
        slot = lambda part, output: struct.unpack_from("<q", out, 8 + 8 * (part * count + output))[0]
        none = [-(1 << 8 * of["bytes"] - 1) for of in layout["outputs"]]

        def cell(output, kind, show):
            low = slot(0, output)
            if not status:
                return {"kind": "none"} if low == none[output] else {"kind": "value", "value": show(low)}
            high, presence, needs = (slot(part, output) for part in (1, 2, 3))
            ends = [low] if low == high else [low, high]
            values = [place for place in range(64) if high >> place & 1] if kind == "enum" else ends
            if presence == 2:
                return {"kind": "none"}
            if presence == 1 and len(values) == 1:
                return {"kind": "value", "value": show(values[0])}
            values = [show(value) for value in values]
            possible = {"values": values} if kind in ("enum", "yes_no") else {"from": values[0], "to": values[-1]}
            texts = [need["text"] for place, need in enumerate(layout["needs"]) if needs >> place & 1]
            return {"kind": "unknown", "possible": possible | {"or_none": presence == 3}, "needs": texts}

        found = {}
        for of in layout["answers"]:
            name = of["name"]
            if "output" in of:
                shown = lambda value, kind=of["type"]: show(kind, value)
                found[name] = cell(of["output"], of["type"]["kind"], shown)
            else:
                found[name] = cell(of["verdict"], "enum", lambda verdict: layout["verdicts"][verdict])
                instant = lambda value: show({"kind": "instant"}, value)
                found[name] |= {part: cell(of[part], "instant", instant) for part in ("trigger", "due", "done")}
        for table in layout["tables"]:
            row = cell(table["output"], "row", lambda row, of=table: of["rows"][row])
            for name in table["answers"]:
                found[name] |= {"table": table["name"], "row": row.get("value"), "source": table["source"]}
        return found


def show(kind, value):
    """A value as the answers in JSON have it."""
    match kind["kind"]:
        case "number":
            return value / 10 ** kind["places"] if kind["places"] else value
        case "yes_no":
            return value == 1
        case "enum":
            return kind["variants"][value]
        case "instant":
            at = EPOCH + timedelta(milliseconds=value)
            return at.isoformat(timespec="milliseconds" if value % 1_000 else "seconds").replace("+00:00", "Z")
        case "duration":
            minutes, rest = divmod(abs(value), 60_000)
            hours, minutes = divmod(minutes, 60)
            seconds = f"{rest / 1_000:.3f}".rstrip("0").rstrip(".")
            parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{seconds}S" if rest else ""]
            return ("-" if value < 0 else "") + "PT" + ("".join(parts) or "0S")
        case "date":
            return (EPOCH.date() + timedelta(days=value)).isoformat()
        case _:
            return value
