"""Dated rules as data: who may have which endorsement, for how much, where."""

from kiosk.policy.answer import Answer, Offer, Refusal, answer_json
from kiosk.policy.policy import Policy

__all__ = ["Answer", "Offer", "Policy", "Refusal", "answer_json"]
