"""Keys as text: the examples of BIP-173, and every single mistyped character is told."""

import secrets

import pytest

from storage.backup import bech32


def test_an_example_of_the_standard() -> None:
    text = "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"
    prefix, data = bech32.decode(text)
    assert prefix == "abcdef"
    assert data.hex() == "00443214c74254b635cf84653a56d7c675be77df"
    assert bech32.encode(prefix, data) == text


def test_thirty_two_bytes_come_back_in_either_case() -> None:
    data = secrets.token_bytes(32)
    assert bech32.decode(bech32.encode("age-secret-key-", data).upper()) == ("age-secret-key-", data)


def test_every_mistyped_character_is_told() -> None:
    text = bech32.encode("age", bytes(range(32)))
    for place in range(len("age1"), len(text)):
        other = "q" if text[place] != "q" else "p"
        with pytest.raises(ValueError, match="checksum"):
            bech32.decode(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "1", "age", "age1", "age1b", "age1qqqq"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        bech32.decode(text)
