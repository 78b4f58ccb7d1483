"""Telephone numbers: one way to keep them, one way to read them, one way to hide them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain.masking import mask_address, mask_email, mask_telephone
from servicedesk.domain.telephones import fragment, grouped, normalise
from servicedesk.domain.words import Refused


@pytest.mark.parametrize(
    ("typed", "kept", "read"),
    [
        ("13812345678", "13812345678", "138 1234 5678"),
        ("138 1234-5678", "13812345678", "138 1234 5678"),
        ("１３８１２３４５６７８", "13812345678", "138 1234 5678"),
        ("+86 138 1234 5678", "13812345678", "138 1234 5678"),
        ("0086 13812345678", "13812345678", "138 1234 5678"),
        ("8613812345678", "13812345678", "138 1234 5678"),
        ("0755-23456789", "075523456789", "0755 2345 6789"),
        ("(0755) 2345 6789", "075523456789", "0755 2345 6789"),
        ("（０７５５）２３４５６７８９", "075523456789", "0755 2345 6789"),
        ("+86 755 2345 6789", "075523456789", "0755 2345 6789"),
        ("+86-10-65551234", "01065551234", "010 6555 1234"),
        ("0512–6555123", "05126555123", "0512 655 5123"),
        ("0755-23456789转12", "075523456789x12", "0755 2345 6789 x12"),
        ("0755-23456789 ext. 12", "075523456789x12", "0755 2345 6789 x12"),
        ("23456789", "23456789", "2345 6789"),
        ("400-800-1234", "4008001234", "400 800 1234"),
        ("+86 400 800 1234", "+864008001234", "+864008001234"),
        ("95555", "95555", "95555"),
        ("+886 2 2345 6789", "+886223456789", "+886223456789"),
        ("00886 2 2345 6789", "+886223456789", "+886223456789"),
        ("0912-345-678", "0912345678", "0912 345 678"),
    ],
)
def test_numbers_as_kept_and_as_read(typed: str, kept: str, read: str) -> None:
    assert normalise(typed) == kept
    assert grouped(kept) == read


@pytest.mark.parametrize(
    "typed", ["", "none", "王小明", "138 1234 567a", "13812345678 / 13912345678", "1" * 5000, "[b]"]
)
def test_words_are_refused(typed: str) -> None:
    with pytest.raises(Refused, match="one number in digits") as refusal:
        normalise(typed)
    assert refusal.value.kind == "field"


@pytest.mark.parametrize("typed", ["1234", "+1234", "1" * 21])
def test_impossible_lengths_are_refused(typed: str) -> None:
    with pytest.raises(Refused, match="5 to 20 digits"):
        normalise(typed)


@given(st.from_regex(r"(\+|00)?(86)?[0-9 ()０-９-]{3,22}(转[0-9]{1,6})?", fullmatch=True))
def test_a_kept_number_is_kept_as_it_is_and_read_back(typed: str) -> None:
    try:
        kept = normalise(typed)
    except Refused:
        return
    assert normalise(kept) == kept
    assert normalise(grouped(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("13812", "13812"),
        ("138 12", "13812"),
        ("１３８", "138"),
        ("+86138", "138"),
        ("0755-2345", "07552345"),
        ("5678", "5678"),
        ("12", None),
        ("王138", None),
        ("", None),
        ("1" * 21, None),
    ],
)
def test_part_of_a_number(typed: str, digits: str | None) -> None:
    assert fragment(typed) == digits


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("075523456789", "0755****89"),
        ("01065551234", "010****34"),
        ("075523456789x12", "0755****89x***"),
        ("23456789", "****89"),
        ("+886223456789", "+88****89"),
    ],
)
def test_masked_numbers(number: str, shown: str) -> None:
    assert mask_telephone(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("福田区深南路12号3栋502", "福田区深南路***"),
        ("福田区深南大道１２号", "福田区深南大道***"),
        ("广东省深圳市南山区科苑路长城小区5栋", "广东省深圳市南山区科苑路***"),
        ("南山区粤海街道高新南一道8号", "南山区粤海街道***"),
        ("南山区长城小区5栋", "南山区***"),
        ("台北市大安區忠孝東路四段1號", "台北市大安區忠孝東路***"),
        ("福田区深南路***", "福田区深南路***"),
        ("12 Baker Street, London", "***"),
        ("", "***"),
    ],
)
def test_masked_addresses(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(st.text(max_size=40))
def test_a_masked_address_shows_no_house_number_and_masks_once(address: str) -> None:
    shown = mask_address(address)
    assert not any(figure in shown for figure in "0123456789０１２３４５６７８９")
    assert mask_address(shown) == shown


@pytest.mark.parametrize(
    ("address", "shown"), [("zhang@example.com", "z***@example.com"), ("@x", "***@x"), ("nobody", "***")]
)
def test_masked_mail_addresses(address: str, shown: str) -> None:
    assert mask_email(address) == shown
