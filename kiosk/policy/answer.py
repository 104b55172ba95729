"""What the policy answers: offers and refusals, and the JSON that `kiosk offers` prints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kiosk.domain.endorsement import Destination, Kind, OptionCode, Validity
from kiosk.view import LANGUAGES


@dataclass(frozen=True, slots=True)
class Offer:
    """One option this permit can have now.

    valid_until: the endorsement's last day if it is issued on the as-of day. stay_days: of one visit. remark: text key of what the card's 备注 says,
    or None. rule: id of the policy row that allows it.
    """

    permit: str
    option: OptionCode
    valid_until: date
    stay_days: int
    fee_fen: int
    remark: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why options are not offered; None in the first four fields means all.

    Its sentence is `refusal.<code>` with `params`; `rule` is the row's id.
    """

    permit: str | None
    destination: Destination | None
    kind: Kind | None
    validity: Validity | None
    code: str
    rule: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def text_key(self) -> str:
        return f"refusal.{self.code}"

    def covers(self, option: OptionCode) -> bool:
        return self.destination in (None, option.destination) and self.kind in (None, option.kind) and self.validity in (None, option.validity)


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything about one person, one day and one machine: every option of the catalogue is in exactly one of the two, for each permit."""

    offers: tuple[Offer, ...]
    refusals: tuple[Refusal, ...]

    def find(self, option: OptionCode, permit: str | None = None) -> Offer | Refusal:
        """The offer of this option (on that permit, or on any), else why not. An option that no machine knows is refused as `policy.not_sold`."""
        for offer in self.offers:
            if offer.option == option and permit in (None, offer.permit):
                return offer
        for refusal in self.refusals:
            if refusal.covers(option) and (permit is None or refusal.permit in (None, permit)):
                return refusal
        return Refusal(permit, option.destination, option.kind, option.validity, "policy.not_sold", "catalogue")


Text = Callable[[str, str, Mapping[str, str]], str]
"""text(key, language, params): one sentence of the catalogue of texts."""


def answer_json(answer: Answer, as_of: date, text: Text) -> dict[str, object]:
    """The document of `kiosk offers`. remark is the simplified Chinese wording that is printed on the card, or null."""
    return {
        "as_of": as_of.isoformat(),
        "offers": [
            {
                "permit": offer.permit,
                "destination": offer.option.destination.value,
                "kind": offer.option.kind.value,
                "validity": offer.option.validity.code,
                "valid_until": offer.valid_until.isoformat(),
                "stay_days": offer.stay_days,
                "fee_fen": offer.fee_fen,
                "remark": None if offer.remark is None else text(offer.remark, "zh-Hans", {}),
            }
            for offer in answer.offers
        ],
        "refusals": [
            {
                "permit": refusal.permit,
                "destination": None if refusal.destination is None else refusal.destination.value,
                "kind": None if refusal.kind is None else refusal.kind.value,
                "validity": None if refusal.validity is None else refusal.validity.code,
                "code": refusal.code,
                "rule": refusal.rule,
                "text": {language: text(refusal.text_key, language, refusal.params) for language in LANGUAGES},
            }
            for refusal in answer.refusals
        ],
    }
