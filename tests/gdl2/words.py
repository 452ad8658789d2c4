"""Names, numbers and units, from the words of GDL2 to those of Concord."""

import re
from decimal import Decimal

from syntax import NotExpressible

# What cannot be a name, or would read badly as one.
RESERVED = set(
    """any and as at because before after else for from have if impossible in is no none not of or since then to until
    where within yes first last latest count all lowest highest sum median round abs min max exp ln sqrt log10 year
    years month months week weeks day days hour hours minute minutes date time weekday quarter event package use enum
    codes subject parameter table define obligation clock path measure member example each every value place places up
    down half even one known unknown integer decimal text code instant duration optional true false list overlap with
    this s h g m l kg mg stop period source unit rate score_ called nth""".split()
)

UNITS = {
    "mm[Hg]": "mmHg", "mmHg": "mmHg", "kPa": "kPa", "cm[H20]": "cmH2O", "%": "%",
    "/min": "per min", "1/min": "per min", "/wk": "per week",
    "mg/dl": "mg/dL", "mg/dL": "mg/dL", "gm/dl": "g/dL", "g/dl": "g/dL", "g/dL": "g/dL",
    "gm/l": "g/L", "g/L": "g/L", "g/l": "g/L", "mg/l": "mg/L", "mg/L": "mg/L", "ug/l": "µg/L", "ug/L": "µg/L",
    "ng/mL": "ng/mL", "nanogm/ml": "ng/mL", "nanogm/l": "ng/L", "pg/mL": "pg/mL", "pg/ml": "pg/mL",
    "mmol/l": "mmol/L", "mmol/L": "mmol/L", "umol/l": "µmol/L", "µmol/l": "µmol/L", "μmol/L": "µmol/L",
    "nmol/L": "nmol/L", "nanomol/l": "nmol/L", "pmol/L": "pmol/L", "pmol/l": "pmol/L", "mol/l": "mol/L",
    "mg/mmol": "mg/mmol", "10*9/l": "10^9/L", "10^9/L": "10^9/L",
    "U/l": "U/L", "u/l": "U/L", "U/L": "U/L", "IU": "IU", "IU/l": "IU/L", "mU/l": "mU/L", "mIU/l": "mU/L",
    "kg": "kg", "gm": "g", "g": "g", "mg": "mg", "ug": "µg", "mg/kg": "mg/kg", "kg/m2": "kg/m2",
    "m": "m", "cm": "cm", "mm": "mm", "m2": "m2",
    "l": "L", "ml": "mL", "ml/min": "mL/min", "l/min": "L/min", "ml/h": "mL/h", "ml/kg": "mL/kg",
    "Cel": "°C", "[degF]": "°F",
    "a": "years", "a_j": "years", "mo": "months", "wk": "weeks", "d": "days",
}  # fmt: skip

# How many days a unit of time has.
DAYS = {
    "a": 365.25, "a_j": 365.25, "yr": 365.25, "mo": 30.4375, "mo_j": 30.4375, "wk": 7, "d": 1,
    "h": 1 / 24, "min": 1 / 1440, "s": 1 / 86400,
}  # fmt: skip


def slug(text, most=40):
    """A text as a name: `≥ 2.0 mmol/L` is `ge_2_0_mmol_l`."""
    text = text or ""
    for signs, word in (("≤|<=", "le "), ("≥|>=", "ge "), ("<", "lt "), (">", "gt "), ("%", " pct "), ("[µμ]", "u")):
        text = re.sub(signs, word, text)
    text = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").lower()
    if len(text) > most:
        text = text[:most].rsplit("_", 1)[0] if "_" in text[:most] else text[:most]
    text = text or "x"
    return text if text[0].isalpha() else "v_" + text


def label(text):
    return re.sub(r"\s+", " ", text or "").replace("\\", "").replace('"', "'")[:900] or "-"


def places_of(number):
    """How many digits a number has after the point."""
    return max(0, -number.normalize().as_tuple().exponent)


def written(number):
    number = Decimal(number)
    if places_of(number) > 9:
        raise NotExpressible("number with more than 9 places")
    return format(number.normalize(), "f")


def bare(text):
    """Without the parentheses around it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and at < len(text) - 1:
            return text
    return text[1:-1]


def grouped(text):
    """As one operand: a name, a call or something in parentheses."""
    one = re.match(r"^([\w.]+|\(.*\)|\w+\([^()]*\))$", text)
    return text if one and (not text.startswith("(") or bare(text) != text) else f"({text})"


def is_name(text):
    return bool(re.match(r"^[\w.]+$", text))
