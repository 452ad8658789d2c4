"""Codes as numbers, as wasm/ABI.md packs them."""

from __future__ import annotations

from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_"
LISTED = -420_000_000_000_000_000
GIVEN = -500_000_000_000_000_000


class Codes:
    """The codes of a rule, and those of one table beside them."""

    def __init__(self, of_the_rule: Sequence[str]) -> None:
        self._listed = {code: place for place, code in enumerate(of_the_rule)}
        self._of_the_rule = of_the_rule
        self._given: dict[str, int] = {}

    def number(self, text: str) -> int | None:
        """A code's number; None where it is not one that a case can hold."""
        if not 1 <= len(text) <= 40 or text.strip() != text or not text.isprintable():
            return None
        if text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and len(text) <= 18:
            return int(text)
        text = "".join(character.upper() if "a" <= character <= "z" else character for character in text)
        if len(text) <= 11 and all(character in ALPHABET for character in text):
            value = 0
            for character in text:
                value = 40 * value + ALPHABET.index(character) + 1
            return -value
        if text in self._listed:
            return LISTED - 2 * self._listed[text]
        return GIVEN - 2 * self._given.setdefault(text, len(self._given))

    def text(self, number: int) -> str:
        """The code that a number stands for."""
        if number >= 0:
            return str(number)
        if number <= GIVEN:
            return list(self._given)[(GIVEN - number) // 2]
        if number <= LISTED:
            return self._of_the_rule[(LISTED - number) // 2]
        rest, text = -number, ""
        while rest:
            rest, place = divmod(rest, 40)
            text = ALPHABET[place - 1] + text
        return text
