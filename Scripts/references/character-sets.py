#!/usr/bin/env python3
"""Makes texts in every character repertoire of PS3.3 C.12.1.1.2, and what they say.

    python3 Scripts/references/character-sets.py

Names are the examples of PS3.5 annexes H to K; tables are Python's codecs. Needs pydicom 3, which
must read the same. Writes Fixtures/dicom/character-sets.json.
"""
import hashlib
import json
import pathlib

from pydicom import charset

target = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "dicom" / "character-sets.json"
SINGLE = {"ISO_IR 100": "iso8859_1", "ISO_IR 101": "iso8859_2", "ISO_IR 109": "iso8859_3",
          "ISO_IR 110": "iso8859_4", "ISO_IR 144": "iso8859_5", "ISO_IR 127": "iso8859_6",
          "ISO_IR 126": "iso8859_7", "ISO_IR 138": "iso8859_8", "ISO_IR 148": "iso8859_9",
          "ISO_IR 203": "iso8859_15", "ISO_IR 166": "tis_620"}
J = b"\x1b$B"
names = [
    # terms, VR, bytes, text, whether pydicom is asked too
    ([], "PN", b"Doe^John", "Doe^John"),
    (["", "ISO 2022 IR 87"], "PN",
     b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
     "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    (["ISO 2022 IR 13", "ISO 2022 IR 87"], "PN",
     b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J"
     b"^\x1b$B$?$m$&\x1b(J", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
    (["", "ISO 2022 IR 149"], "PN",
     b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
     "Hong^Gildong=洪^吉洞=홍^길동"),
    (["", "ISO 2022 IR 58"], "PN",
     b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "Zhang^XiaoDong=张^小东="),
    (["ISO_IR 192"], "PN", "Wang^XiaoDong=王^小東=".encode(), "Wang^XiaoDong=王^小東="),
    (["GB18030"], "PN", "Wang^XiaoDong=王^小东=".encode("gb18030"), "Wang^XiaoDong=王^小东="),
    (["ISO_IR 127"], "PN", b"\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار"),
    (["ISO_IR 144"], "PN", b"\xbb\xee\xda\x63\x65\xdc\xd1\x79\x70\xd3", "Люкceмбypг"),
    (["ISO_IR 126"], "PN", b"\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"),
    (["ISO_IR 138"], "PN", "שרון^דבורה".encode("iso8859_8"), "שרון^דבורה"),
    (["ISO_IR 100"], "LO", "Äneas\\Ümit".encode("latin-1"), "Äneas\\Ümit"),
    # A switch within G1, back at each value.
    (["ISO 2022 IR 100", "ISO 2022 IR 144"], "LO",
     b"D\xfc\x1b-L\xbb\xee\\\xe4\\\x1b-L\xde", "DüЛю\\ä\\о"),
    # The backslash's byte inside double-byte characters delimits nothing.
    (["", "ISO 2022 IR 87"], "LO", J + b"\x3d\x5c\x5c\x5c" + b"\x1b(B\\B",
     b"\x1b$B\x3d\x5c\x5c\x5c\x1b(B".decode("iso2022_jp") + "\\B"),
    (["GB18030"], "LO", b"\xd5\x5c\\\x81\x30\x81\x30", "誠\\\x80"),
    (["GBK"], "LO", b"\xd5\x5c\\A", "誠\\A"),
    # A line's end ends a switch as well.
    (["", "ISO 2022 IR 149"], "LT", b"\x1b$)C\xc8\xab\r\n\x1b$)C\xb1\xe6 \\ x", "홍\r\n길 \\ x"),
    (["", "ISO 2022 IR 159"], "LO", b"\x1b$(D\x30\x21\x1b(B x", b"\x8f\xb0\xa1".decode("euc_jp") + " x"),
]
tolerated = [
    # terms, bytes, text: spellings and slips that occur
    (["ISO_IR_100"], b"\xc4", "Ä"), (["ISO-IR 100"], b"\xc4", "Ä"), (["ISO IR 100"], b"\xc4", "Ä"),
    (["ISO8859-1"], b"\xc4", "Ä"), (["ISO 8859-9"], b"\xdd", "İ"), (["UTF8"], "Ä".encode(), "Ä"),
    (["ISO 2022 IR 100"], b"\xc4", "Ä"), (["ISO 2022 GBK"], b"\xd5\x5c", "誠"),
    (["", "ISO 2022 58"], b"\x1b$)A\xd5\xc5", "张"),
    (["ISO_IR 192", "ISO 2022 IR 100"], "Ä".encode(), "Ä"),
    ([], "Ä".encode(), "Ä"), ([], b"\xc4", "Ä"), (["NONSENSE"], b"\xc4", "Ä"),
    (["", "ISO 2022 IR 149"], b"\xc8\xab", "홍"),
    (["", "ISO 2022 IR 87"], b"\x1b$@;3ED\x1b(B", "山田"),
]
for terms, vr, data, text in names:
    if data.startswith(b"\x81") or vr != "PN":
        continue
    encodings = charset.convert_encodings(terms or [""])
    found = charset.decode_bytes(data, encodings, {0x5C, 0x5E, 0x3D, 0x0A, 0x0C, 0x0D, 0x09})
    # pydicom leaves the escapes of GB 2312 in the text.
    assert found.replace("\x1b$)A", "") == text, (terms, found, text)
tables = []


def table(terms, prefix, cells, codec, recode=lambda b: b):
    """All characters of a set, as bytes that spell them one after the other, and a digest."""
    text, data = "", b""
    for cell in cells:
        try:
            c = recode(cell).decode(codec)
        except UnicodeDecodeError:
            continue
        if len(c) == 1 and c != "\ufffd":
            text, data = text + c, data + cell
    tables.append({"terms": terms, "prefix": prefix.hex(), "characters": len(text),
                   "sha256": hashlib.sha256(text.encode()).hexdigest(),
                   "bytes": hashlib.sha256(data).hexdigest(), "width": len(cells[0])})


for term, codec in SINGLE.items():
    table([term], b"", [bytes([b]) for b in range(0xA0, 0x100)], codec)
low = [bytes([r, c]) for r in range(0x21, 0x7F) for c in range(0x21, 0x7F)]
high = [bytes([r, c]) for r in range(0xA1, 0xFF) for c in range(0xA1, 0xFF)]
up = lambda b: bytes(x | 0x80 for x in b)
table(["", "ISO 2022 IR 87"], b"\x1b$B", low, "euc_jp", up)
table(["", "ISO 2022 IR 159"], b"\x1b$(D", low, "euc_jp", lambda b: b"\x8f" + up(b))
table(["", "ISO 2022 IR 149"], b"\x1b$)C", high, "euc_kr")
def gb2312(data):
    # What GB 2312 leaves free, GB 18030 fills: read where it occurs.
    for codec in ("gb2312", "gb18030"):
        try:
            return data.decode(codec).encode("utf-8")
        except UnicodeDecodeError:
            pass
    return b"\xff"


table(["", "ISO 2022 IR 58"], b"\x1b$)A", [b for b in high if b[0] <= 0xF7], "utf-8", gb2312)
table(["GB18030"], b"", [bytes([r, c]) for r in range(0x81, 0xFF) for c in range(0x40, 0xFF)
                         if c != 0x7F], "gb18030")
four = [bytes([a, b, c, d]) for a in range(0x81, 0x85) for b in range(0x30, 0x3A)
        for c in range(0x81, 0xFF) for d in range(0x30, 0x3A)]
table(["GB18030"], b"", four, "gb18030")
target.write_text(json.dumps({
    "texts": [{"terms": t, "vr": v, "hex": d.hex(), "text": s} for t, v, d, s in names],
    "tolerated": [{"terms": t, "vr": "LO", "hex": d.hex(), "text": s} for t, d, s in tolerated],
    "tables": tables}, indent=1, ensure_ascii=False) + "\n")
