"""Every permit card of the simulated hall: where it is, how its back looks, and its chip; outlives a restart in cards.json.

A card belongs to (persona, number): two personas' files may name the same number, as copies of one file do.
"""

import base64
import json
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.world.backs import decode_back, initial_back
from drivers.world.card_path import Back, Card, CardPath, ChipApplet, Place
from drivers.world.files import write_whole
from drivers.world.personas import HeldPermit, Persona

ROW = ("destination", "kind", "validity", "valid_until")
"""What `back` and `endorsements` of GET /ledger tell of an endorsement."""

Key = tuple[str, str]
"""Persona's ID and permit number."""


@dataclass
class Held:
    """A card and what its persona's file says of it."""

    key: Key
    permit: HeldPermit
    card: Card


class CardBox:
    """All cards, and the path through the machine. Thread-safe; chips are made when a card is first pushed in."""

    def __init__(self, file: Path, path: CardPath, chip_for: Callable[[Persona, HeldPermit], ChipApplet]) -> None:
        self._file = file
        self._path = path
        self._chip_for = chip_for
        self._lock = threading.RLock()
        self._cards: dict[Key, Held] = {}
        self._with_staff: set[Key] = set()
        self._used_last: dict[str, Key] = {}
        self._saved: object = None

    def lay_out(self, personas: Mapping[str, Persona]) -> None:
        """Every card as in its persona's file, with the traveller; slot and bin are empty."""
        with self._lock, self._path.lock:
            self._path.card, self._path.place = None, Place.TRAVELLER
            self._path.bin.clear()
            self._path.jams.clear()
            self._with_staff.clear()
            self._used_last.clear()
            self._cards = {key: Held(key, permit, _fresh(permit)) for key, permit in _permits(personas)}

    def refer_to(self, personas: Mapping[str, Persona]) -> None:
        """The files' dates are counted from another day now: cards stay where and as they are, untouched backs and all chips follow the files."""
        with self._lock, self._path.lock:
            for key, permit in _permits(personas):
                held = self._cards.get(key)
                if held is None:
                    self._cards[key] = Held(key, permit, _fresh(permit))
                    continue
                held.permit = permit
                held.card.chip = None if self._path.card is not held.card else held.card.chip
                if not held.card.back.burned:
                    held.card.back = initial_back(permit.endorsements)

    def find(self, persona_id: str | None, number: str) -> Held | None:
        """The card of that persona. Without one: of the cards with that number the one used last, else one with traces of use, else the first."""
        with self._lock:
            if persona_id is not None:
                return self._cards.get((persona_id, number))
            if (used_last := self._used_last.get(number)) in self._cards:
                return self._cards[used_last]
            same = [held for held in self._cards.values() if held.key[1] == number]
            return next((held for held in same if self.where(held) != "traveller" or held.card.back.burned), same[0] if same else None)

    def ready_chip(self, persona: Persona, held: Held) -> None:
        """Makes the chip where the card has none yet: it is about to be used. Raises ValueError where the persona's picture cannot be used."""
        with self._lock:
            self._used_last[held.key[1]] = held.key
            if held.card.chip is None and persona.enrolled is not None:
                held.card.chip = self._chip_for(persona, held.permit)

    def where(self, held: Held) -> str:
        """traveller, in_machine or retained; what staff took out of the bin stays retained."""
        with self._path.lock:
            if self._path.card is held.card:
                return "in_machine"
            retained = held.key in self._with_staff or any(card is held.card for card in self._path.bin)
            return "retained" if retained else "traveller"

    def taken_by_staff(self, cards: list[Card]) -> None:
        with self._lock:
            self._with_staff |= {held.key for held in self._cards.values() if any(card is held.card for card in cards)}

    def rows(self) -> list[dict[str, Any]]:
        """`permits` of GET /ledger: one row a number, of copied files the card that `find` means."""
        with self._lock:
            cards = [self.find(None, number) for number in dict.fromkeys(number for _, number in self._cards)]
        return [
            {"number": held.key[1], "where": self.where(held), "back": back_rows(held), "rewrites": held.card.rewrites}
            for held in cards
            if held is not None
        ]

    def rewrites(self, persona_id: str, number: str) -> int:
        with self._lock:
            held = self._cards.get((persona_id, number))
            return held.card.rewrites if held else 0

    # what outlives a restart

    def restore(self, personas: Mapping[str, Persona]) -> None:
        """Cards as they were when the hall stopped; a card whose persona is gone is gone too. A file that cannot be read counts as none."""
        with self._lock, self._path.lock:
            self.lay_out(personas)
            try:
                kept = json.loads(self._file.read_bytes())
                for row in kept["cards"]:
                    held = self._cards.get((row["persona"], row["number"]))
                    if held is not None:
                        held.card.rewrites = int(row["rewrites"])
                        held.card.back = Back(zlib.decompress(base64.b64decode(row["dots"])), burned=True)
                self._with_staff = {key for key in map(_key, kept["with_staff"]) if key in self._cards}
                self._path.bin.extend(self._cards[key].card for key in map(_key, kept["bin"]) if key in self._cards)
                inside = kept["inside"]
                if inside is not None and _key(inside) in self._cards:
                    persona, number = _key(inside)
                    self.ready_chip(personas[persona], self._cards[persona, number])
                    self._path.card, self._path.place = self._cards[persona, number].card, Place(inside["place"])
            except (OSError, ValueError, KeyError, TypeError, zlib.error):
                self.lay_out(personas)

    def save(self) -> None:
        """Writes cards.json where anything changed since it was last written; cheap where nothing did."""
        with self._lock:
            with self._path.lock:
                place, inside = self._path.place, self._path.card
                burned = [held for held in self._cards.values() if held.card.back.burned]
                looks = [(held.key, held.card.rewrites, held.card.back.dots) for held in burned]
                bin_keys = [key for card in self._path.bin if (key := self._key_of(card)) is not None]
                inside_key = self._key_of(inside) if inside is not None else None
            state = (place, inside_key, bin_keys, sorted(self._with_staff), looks)
            if state == self._saved:
                return
            content = {
                "inside": {**_named(inside_key), "place": str(place)} if inside_key else None,
                "bin": [_named(key) for key in bin_keys],
                "with_staff": [_named(key) for key in sorted(self._with_staff)],
                "cards": [
                    {**_named(key), "rewrites": rewrites, "dots": base64.b64encode(zlib.compress(dots, 1)).decode("ascii")}
                    for key, rewrites, dots in looks
                ],
            }
            write_whole(self._file, json.dumps(content).encode())
            self._saved = state

    def _key_of(self, card: Card) -> Key | None:
        return next((held.key for held in self._cards.values() if held.card is card), None)


def back_rows(held: Held) -> list[dict[str, str]]:
    """What the back shows: read from the burned dots, or as in the persona's file where nothing was burned."""
    if held.card.back.burned:
        return [{name: str(row[name]) for name in ROW} for row in decode_back(held.card.back)]
    return file_rows(held.permit)


def file_rows(permit: HeldPermit) -> list[dict[str, str]]:
    return [
        {"destination": each.destination, "kind": each.kind, "validity": each.validity, "valid_until": each.valid_until.isoformat()}
        for each in permit.endorsements
    ]


def _fresh(permit: HeldPermit) -> Card:
    return Card(permit.number, None, initial_back(permit.endorsements), permit.rewrites)


def _permits(personas: Mapping[str, Persona]) -> list[tuple[Key, HeldPermit]]:
    return [((persona.persona_id, permit.number), permit) for persona in personas.values() for permit in persona.permits]


def _key(row: Mapping[str, str]) -> Key:
    return row["persona"], row["number"]


def _named(key: Key) -> dict[str, str]:
    return {"persona": key[0], "number": key[1]}
