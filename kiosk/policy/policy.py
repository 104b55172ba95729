"""The policy: dated rules from assets/policy/, asked with a person, a day and a machine's place."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk.domain.endorsement import Destination, Kind, OptionCode, Validity
from kiosk.domain.failure import Failure
from kiosk.domain.person import RegistryRecord
from kiosk.policy import evaluation
from kiosk.policy.answer import Answer
from kiosk.policy.loading import load_rule_book
from kiosk.policy.rows import RuleBook


@dataclass(frozen=True, slots=True)
class Policy:
    book: RuleBook

    @classmethod
    def load(cls, directory: Path) -> "Policy | Failure":
        """Blocking, a few milliseconds. Fails with `policy.unreadable` (file) or `policy.malformed` (file, key, allowed)."""
        book = load_rule_book(directory)
        return book if isinstance(book, Failure) else cls(book)

    def evaluate(self, record: RegistryRecord, as_of: date, region: str) -> Answer:
        """What this person can have on that day at a machine standing in that region (six digits). Pure, under a millisecond.

        For each permit and each option of the catalogue, exactly one entry of the answer speaks of it: an offer of just that option, or a refusal
        whose null fields mean all. A sort of card permit that the person does not have is refused with permit null, for each of its destinations.
        """
        return evaluation.evaluate(self.book, record, as_of, region)

    def catalogue(self) -> dict[tuple[Destination, Kind], tuple[Validity | None, ...]]:
        """(destination, kind) -> validities; (None,) for a kind that is window business as a whole."""
        return evaluation.catalogue(self.book)

    def options(self) -> tuple[OptionCode, ...]:
        """The catalogue's options that have a code: what a machine sells at some time, somewhere, to somebody, and single-entry business."""
        return tuple(
            OptionCode(destination, kind, validity)
            for (destination, kind), validities in self.catalogue().items()
            for validity in validities
            if validity is not None
        )
