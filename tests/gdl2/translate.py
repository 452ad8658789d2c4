"""A GDL2 guideline as a Concord rule.

What GDL2 means is kept: all conditions of the guideline hold, then the defaults, then each rule once by descending priority; the tests of a rule are all
needed, and a later assignment overwrites an earlier one. A fact that a case does not have is recorded as none.
"""

import re
from dataclasses import dataclass, field

from arithmetic import Arithmetic
from assignments import Assignments
from conditions import Conditions
from facts import Facts
from syntax import NOW, walk
from words import slug

HEADER = """package gdl.{name} {{
  version   1.0.0
  title     "{title}"
  source    ref "openEHR GDL2 guideline {id}"
  owner     "Import"
  use       audit
  status    draft
  review by 2027-12-31
}}"""
SIMPLE = r"^[\w.]+( (is|>=|<=|<|>|=)( not)?( none| [\w.]+))?$"


@dataclass
class Options:
    """What the compiler's proofs asked for: set one after another until they hold."""

    positive: set = field(default_factory=set)  # facts that are above 0
    guard: bool = False  # divisors, logarithms and roots are kept off 0
    clamp: bool = False  # exponents are kept between -20 and 20
    narrow: bool = False  # ranges are no wider than the numbers seen
    least: str = "0.000001"  # how far off 0

    def copy(self):
        return Options(set(self.positive), self.guard, self.clamp, self.narrow, self.least)


class Translation(Facts, Conditions, Arithmetic, Assignments):
    def __init__(self, guideline, options):
        self.guideline, self.options = guideline, options

    def build(self, places):
        """The rule's text, with results of formulas to so many places."""
        self.places = places
        self.used, self.all_variants = set(), set()
        self.declared, self.body = [], []
        self.current = {}  # variable → the name of its value so far
        self.facts = {}  # variable → the name of its fact
        self.enums = {}  # variable → (name, [(variant, label)])
        self.variants = {}  # variable → code or text → variant
        self.fired = {}  # rule → the name that says whether it fired
        self.point_tables, self.renaming = {}, {}
        self.recorded_unit, self.computed_unit = {}, {}
        self.unit_facts, self.all_unit_facts = {}, {}  # variable → (fact of its unit, unit → variant)
        self.whole = {}  # name → whether it is a whole number
        self.needs, self.divisors, self.guards = set(), [], []
        self.is_formula = self.in_formula = self.by_clock = False
        self.declare_all()
        self.define_all()
        return self.text()

    def declare_all(self):
        g = self.guideline
        for variable, kind in list(g.kind.items()):
            if kind in ("enum", "text") and (g.codes[variable] or g.texts[variable]):
                self.enum(variable)
        self.all_variants = {variant for _, variants in self.enums.values() for variant, _ in variants}
        tests = [test for _, tests, _ in g.rules for test in tests] + g.conditions
        values = [value for _, _, value in g.actions()]
        read = {part[1] for tree in tests + values for part in walk(tree) if part[0] == "var" and part[1] != NOW}
        assigned = {variable for variable, _, _ in g.actions()}
        for variable in sorted(read | g.inputs | assigned):
            if variable in g.inputs or variable not in assigned:
                self.declare(variable)

    def define_all(self):
        g, scope = self.guideline, None
        conditions = [self.condition(test) for test in g.conditions]
        if conditions:
            scope = self.name("in_scope")
            self.body.append(f"define {scope} = " + " and ".join(f"({test})" for test in conditions))
        for action in g.defaults:
            self.assign(scope or "yes", *action)
        for rule, tests, actions in g.rules:
            texts = ([scope] if scope else []) + [self.condition(test) for test in tests]
            one = [text if re.match(SIMPLE, text) else f"({text})" for text in dict.fromkeys(texts)]
            self.fired[rule] = name = self.name(g.terms.get(rule) or rule)
            self.body.append(f"define {name} = {' and '.join(one) or 'yes'}")
            for action in actions:
                self.assign(name, *action)

    def text(self):
        g = self.guideline
        title = (g.terms.get("gt0001") or g.id).replace("\\", "").replace('"', "'").replace("\n", " ")[:190]
        parts = [HEADER.format(name=slug(g.id, 60), title=title, id=g.id)]
        for name, variants in self.enums.values():
            rows = ",\n".join(f'  {variant} "{words}"' for variant, words in variants)
            parts.append(f"enum {name} {{\n{rows}\n}}")
        parts.append("subject Patient {\n" + "\n".join("  " + line for line in self.declared) + "\n}")
        return "\n\n".join(parts + self.body) + "\n"
