"""Every failure of the gateways has its sentence, and the sentence asks for nothing that the failure does not carry."""

import re
from pathlib import Path

from kiosk.domain.failure import Failure
from kiosk.gateways.http import NoAnswer, wrong_address, wrong_word
from kiosk.gateways.payment import already_paid, contradiction, not_answered, refused, unclear
from kiosk.gateways.signing import read_signer
from kiosk.i18n.catalogue import Catalogue

ROOT = Path(__file__).parents[2]


def test_every_code_written_in_the_gateways_has_a_sentence_in_all_languages() -> None:
    catalogue = Catalogue.load(ROOT / "assets" / "i18n")
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kiosk" / "gateways").glob("*.py"))
    codes = set(re.findall(r'Failure\("([a-z_]+\.[a-z_]+)"', source)) | {"authority.person_unknown", "authority.case_unknown"}
    assert len(codes) >= 13
    assert {code for code in codes if f"failure.{code}" not in catalogue} == set()


def test_the_sentences_can_be_said_with_what_the_failures_carry() -> None:
    catalogue = Catalogue.load(ROOT / "assets" / "i18n")
    wrong, word, key = wrong_address("ftp://x"), wrong_word(mchid="ä"), read_signer(Path("/nowhere.pem"))
    assert isinstance(key, Failure)
    said = [refused("wechat", 403, "NO_AUTH"), unclear("wechat", "no_answer"), contradiction("wechat", "amount"), already_paid("wechat"), key]
    said += [not_answered("wechat", how) for how in NoAnswer] + [failure for failure in (wrong, word) if failure is not None]
    assert len(said) == 9
    for failure in said:
        for text in catalogue.in_all(f"failure.{failure.code}", dict(failure.detail)).values():
            assert text
            assert "{" not in text


def test_a_providers_word_is_cleaned_before_it_is_said() -> None:
    assert refused("wechat", 403, 'A"{x}\n' + "B" * 200).detail["code"] == "A??x??" + "B" * 58
