#!/usr/bin/env python3
"""Makes the character tables of Sources/DICOM from the codecs that Python brings.

    Scripts/make-charsets.py

A table is one string literal whose characters stand in the order of their codes; U+FFFD stands
where a code means nothing. It is walked once, when a file first needs it.
"""
import pathlib

target = pathlib.Path(__file__).resolve().parent.parent / "Sources" / "DICOM" / "CharacterTables.swift"
NOTHING = "\ufffd"


def character(data, codec):
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return NOTHING
    return text if len(text) == 1 else NOTHING


def escaped(text):
    """Marks that combine, and spaces, are written by their numbers: they would not survive."""
    out = []
    for c in text:
        n = ord(c)
        plain = c.isprintable() and not c.isspace() and c not in '\\"' and (
            0x3400 <= n < 0xA000 or 0xAC00 <= n < 0xD7A4 or n < 0x250 or 0x370 <= n < 0x460
            or 0x3041 <= n < 0x3097 or 0x30A1 <= n < 0x30FB or 0xFF01 <= n < 0xFF61 or c == NOTHING)
        out.append(c if plain else f"\\u{{{n:X}}}")
    return "".join(out)


def literal(name, comment, rows):
    body = "\\\n".join("  " + escaped(row) for row in rows)
    return f'/// {comment}\nlet {name}: StaticString = """\n{body}\n  """\n'


def square(codec, first=0xA1, last=0xFE, prefix=b""):
    return ["".join(character(prefix + bytes([row, cell]), codec) for cell in range(0xA1, 0xFF))
            for row in range(first, last + 1)]


def single(codec):
    return "".join(character(bytes([code]), codec) for code in range(0xA0, 0x100))


SINGLE = [("iso8859_2", "latin2"), ("iso8859_3", "latin3"), ("iso8859_4", "latin4"),
          ("iso8859_5", "cyrillic"), ("iso8859_6", "arabic"), ("iso8859_7", "greek"),
          ("iso8859_8", "hebrew"), ("iso8859_9", "latin5"), ("iso8859_15", "latin9"),
          ("tis_620", "thai")]
parts = ["// Made by Scripts/make-charsets.py from Python's codecs. Do not edit.\n"]
for codec, name in SINGLE:
    parts.append(literal(f"{name}Characters", f"The upper half, A0 to FF, of {codec}.", [single(codec)]))
parts.append(literal(
    "jisX0208Characters", "JIS X 0208, rows and cells 21 to 7E.", square("euc_jp")))
parts.append(literal(
    "jisX0212Characters", "JIS X 0212, rows and cells 21 to 7E.",
    square("euc_jp", prefix=b"\x8f")))
parts.append(literal(
    "ksX1001Characters", "KS X 1001, rows and cells A1 to FE.", square("euc_kr")))
cells = list(range(0x40, 0x7F)) + list(range(0x80, 0xFF))
parts.append(literal(
    "gb18030Characters",
    "GB 18030 in two bytes, 81 to FE and 40 to FE without 7F: GBK, and GB 2312 within it.",
    ["".join(character(bytes([row, cell]), "gb18030") for cell in cells)
     for row in range(0x81, 0xFF)]))
target.write_text("\n".join(parts), encoding="utf-8")

# What the four-byte half of GB 18030 is: the rest of the basic plane, in order.
two = {character(bytes([r, c]), "gb18030") for r in range(0x81, 0xFF) for c in cells}
rest = [n for n in range(0x80, 0x10000) if not 0xD800 <= n < 0xE000 and chr(n) not in two]
wrong = []
for linear, n in enumerate(rest):
    b, d = divmod(linear, 10)
    b, c = divmod(b, 126)
    a, b = divmod(b, 10)
    data = bytes([0x81 + a, 0x30 + b, 0x81 + c, 0x30 + d])
    if character(data, "gb18030") != chr(n):
        wrong.append((data.hex(), hex(n)))
assert not wrong[:1], wrong[:5]
for codec, pair in (("gb2312", 0xA1), ):
    differing = [(r, c) for r in range(0xA1, 0xF8) for c in range(0xA1, 0xFF)
                 if character(bytes([r, c]), codec) not in (NOTHING, character(bytes([r, c]), "gb18030"))]
    print("gb2312 differs from gb18030 at", [(hex(a), hex(b)) for a, b in differing])
