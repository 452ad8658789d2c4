"""What a subject declares: facts with their ranges and units, enums, and the points of their choices."""

import math
from decimal import Decimal

from words import RESERVED, UNITS, label, places_of, slug


class Facts:
    """The part of a translation that declares. Its state is made in `Translation.build`."""

    def name(self, words, most=40):
        """A new name, made of words."""
        stem = slug(words, most)
        if stem in RESERVED:
            stem += "_value"
        name, count = stem, 2
        while name in self.used or name in self.all_variants:
            name, count = f"{stem}_{count}", count + 1
        self.used.add(name)
        return name

    @staticmethod
    def variant_name(stem, taken):
        if stem in RESERVED:
            stem += "_v"
        name, count = stem, 2
        while name in taken:
            name, count = f"{stem}_{count}", count + 1
        return name

    def declare(self, variable):
        """A fact, optional since a case may lack it."""
        g = self.guideline
        name = self.name(g.terms.get(variable) or variable)
        self.current[variable] = self.facts[variable] = name
        kind = g.kind.setdefault(variable, "bool")
        if kind in ("enum", "text"):
            ty = self.enum(variable)
        elif kind == "date":
            g.times[variable] = g.times[variable] or bool(g.units_of_time & {"h", "min", "s", "hr"})
            ty = "instant" if g.times[variable] else "date"
        elif kind == "num":
            return self.declare_number(variable, name)
        else:
            ty = "yes/no"
        self.declared.append(f"{name} : optional {ty}")

    def declare_number(self, variable, name):
        """A number; where it comes in several units, the unit is a fact of its own."""
        units = list(self.guideline.units[variable])
        low, high, places = self.range(variable, variable in self.options.positive)
        step = Decimal(1).scaleb(-places)
        low, high = (format(end.quantize(step), "f") for end in (low, high))
        ty = f"optional {'decimal' if places else 'integer'} {low}..{high}"
        if len({UNITS.get(unit, unit) for unit in units}) <= 1:
            unit = UNITS.get(units[0], "") if units else ""
            self.recorded_unit[variable] = unit
            self.declared.append(f"{name} : {ty}" + (f" {unit}" if unit else ""))
            return
        variants, of_unit = [], {}
        for unit in units:
            of_unit[unit] = self.variant_name("in_" + slug(unit), of_unit.values())
            variants.append((of_unit[unit], unit.replace('"', "'")))
        enum = "Unit_of_" + name
        self.enums["u" + variable] = (enum, variants)
        self.unit_facts[variable] = self.all_unit_facts[variable] = (name + "_unit", of_unit)
        self.used.add(name + "_unit")
        self.declared += [f"{name} : {ty}", f"{name}_unit : optional {enum}"]

    def range(self, variable, positive=False):
        """A range that holds every number seen, and its places: to the next power of ten, or narrow where that is too wide to prove."""
        numbers = self.guideline.numbers[variable] or [Decimal(0), Decimal(1000)]
        places = min(max(map(places_of, numbers)), 9)
        low, high = min(*numbers, Decimal(0)), max(*numbers, Decimal(1))
        if self.options.narrow:
            high = high.quantize(Decimal(1), rounding="ROUND_CEILING")
        else:
            high = Decimal(10) ** len(str(int(high)))
            if low < 0:
                low = -(Decimal(10) ** len(str(int(-low))))
        if positive:
            above = [number for number in numbers if number > 0]
            low = min(above) / 10 if above else Decimal("0.1")
            low = Decimal(1).scaleb(math.floor(math.log10(float(low))))
            places = max(places, places_of(low))
            low = min(low, Decimal(1))
        return low, (high if high > low else low * 10), places

    def enum(self, variable):
        """The enum of a variable, made when first asked for."""
        if variable in self.enums:
            return self.enums[variable][0]
        g = self.guideline
        stem = "".join(part.capitalize() for part in slug(g.terms.get(variable) or variable, 36).split("_"))
        name, count = stem, 2
        while name == "Patient" or name in {enum for enum, _ in self.enums.values()}:
            name, count = f"{stem}{count}", count + 1
        variants, of_value = [], {}

        def add(value, words):
            of_value[value] = self.variant_name(slug(words), of_value.values())
            variants.append((of_value[value], label(words)))

        of_texts = g.kind.get(variable) == "text"
        for text in list(g.texts[variable]) if of_texts else ():
            add(text, text)
        for code, (_, text) in g.codes[variable].items():
            if of_texts and text in of_value:
                of_value[code] = of_value[text]
                continue
            add(code, text or code)
            if of_texts:
                of_value.setdefault(text, of_value[code])
        if not variants:
            of_value["?"] = "not_listed"
            variants.append(("not_listed", "?"))
        self.enums[variable] = (name, variants)
        self.variants[variable] = of_value
        return name

    def variant(self, variable, variant):
        """`Enum.variant`, which no other name can be taken for."""
        return f"{self.enums[variable][0]}.{variant}"

    def points(self, variable):
        """The name that carries the number of an ordinal."""
        name = self.current.get(variable)
        if self.guideline.kind.get(variable) == "num":
            return name
        if (variable, name) not in self.point_tables:
            table = self.name(name + "_points", 60)
            rows = {}
            for code, (number, _) in self.guideline.codes[variable].items():
                rows.setdefault(self.variants[variable][code], "none" if number is None else str(number))
            self.table(table, name, "points", rows)
            self.point_tables[variable, name] = table
        return self.point_tables[variable, name]

    def table(self, name, column, answer, rows):
        rows = rows | {"none": "none"}
        width = max(map(len, [*rows, column]))
        lines = [f"  {value.ljust(width)} | {says}" for value, says in rows.items()]
        self.body.append(f"table {name} {{\n  {column.ljust(width)} | {answer}\n" + "\n".join(lines) + "\n}")

    def renamed(self, variable, name, target, by_text=False):
        """A table from the choices of one enum to the same of another, by code or by text; no choice where there is none."""
        self.enum(target)
        self.enum(variable)
        if variable == target:
            return name
        key = (variable, name, target)
        if key in self.renaming:
            return self.renaming[key]
        g, rows = self.guideline, {}
        is_enum = g.kind[variable] == "enum"
        values = g.codes[variable] if is_enum else {text: (None, text) for text in g.texts[variable]}
        to_text = by_text and g.kind[target] == "text"
        for value, (_, text) in values.items():
            there = self.variants[target].get(text if to_text else value)
            rows.setdefault(self.variants[variable][value], "none" if there is None else self.variant(target, there))
        table = self.name(f"{name}_as_{slug(g.terms.get(target) or target, 20)}", 60)
        self.table(table, name, "answer", rows)
        self.renaming[key] = table
        return table
