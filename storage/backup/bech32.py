"""Bech32 (BIP-173): 32 bytes of a key as the text that the age programs write and read, with its checksum."""

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6  # characters


def encode(prefix: str, data: bytes) -> str:
    """The text of these bytes, lower case, the prefix before the last `1`."""
    values = _regroup(data, 8, 5, pads=True)
    total = _polymod((*_expanded(prefix), *values, *(0,) * _CHECKSUM)) ^ 1
    checksum = [total >> 5 * (_CHECKSUM - 1 - i) & 31 for i in range(_CHECKSUM)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in (*values, *checksum))


def decode(text: str) -> tuple[str, bytes]:
    """Prefix and bytes of a text, either case; ValueError for a mistyped one."""
    prefix, _, written = text.lower().rpartition("1")
    values = [_ALPHABET.index(character) for character in written]
    if not prefix or _polymod((*_expanded(prefix), *values)) != 1:
        raise ValueError("the checksum of this key does not fit")
    return prefix, bytes(_regroup(values[:-_CHECKSUM], 5, 8, pads=False))


def _expanded(prefix: str) -> list[int]:
    return [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]


def _polymod(values: tuple[int, ...]) -> int:
    total = 1
    for value in values:
        top, total = total >> 25, (total & 0x1FFFFFF) << 5 ^ value
        for bit, row in enumerate(_GENERATOR):
            total ^= row if top >> bit & 1 else 0
    return total


def _regroup(values: "bytes | list[int]", given: int, wanted: int, *, pads: bool) -> list[int]:
    """Numbers of `given` bits as numbers of `wanted` bits; the last one filled with zeros where it `pads`."""
    held, bits, out = 0, 0, []
    for value in values:
        held, bits = held << given | value, bits + given
        while bits >= wanted:
            bits -= wanted
            out.append(held >> bits & ((1 << wanted) - 1))
    if pads and bits:
        out.append(held << (wanted - bits) & ((1 << wanted) - 1))
    return out
