#!/usr/bin/env python3
"""Makes the data dictionary and the UID table of Sources/DICOM from tab-separated tables.

    Scripts/make-dictionary.py DICTIONARY.tsv UIDS.tsv

DICTIONARY.tsv has the columns tag, vr, vm, keyword, name, retired (PS3.6 chapters 6 to 8 and PS3.7
annex E); UIDS.tsv uid, keyword, name, type, retired (PS3.6 annex A). The tags that the code calls by
name are listed in Scripts/dictionary-tags.txt, one keyword a line.

A Swift array literal of this size does not compile, and a dictionary built at start costs time in
every run. So the tables are two string literals each: fixed-width records, sorted, for a binary
search where they lie, and the names they point to.
"""
import sys, pathlib

root = pathlib.Path(__file__).resolve().parent.parent
sources = root / "Sources" / "DICOM"
CODES = {"US or SS": "xs", "OB or OW": "ox", "US or SS or OW": "xw", "US or OW": "xo", "NONE": "--"}
HEAD = "// Made by Scripts/make-dictionary.py from {}. Do not edit.\n\n"


def rows(path):
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:] if line]


def literal(name, comment, lines):
    body = "\n".join(lines)
    assert '"""' not in body and "\\" not in body
    return f'/// {comment}\nlet {name}: StaticString = """\n{body}\n"""\n'


def keyword_as_swift(keyword):
    """lowerCamelCase, acronyms whole: SOPInstanceUID -> sopInstanceUID."""
    count = 0
    while count < len(keyword) and keyword[count].isupper():
        count += 1
    if count == len(keyword):
        return keyword.lower()
    if count > 1:
        count -= 1
    return keyword[:count].lower() + keyword[count:]


def main(dictionary, uids):
    entries = {}
    for tag, vr, vm, keyword, name, *_ in rows(dictionary):
        tag = tag.lower()
        if tag[:4] in ("50xx", "60xx"):
            tag = tag.replace("xx", "00")
        if "x" in tag or not keyword:
            continue
        entries[int(tag, 16)] = (CODES.get(vr, vr), keyword, name)
    records, names, offset = [], [], 0
    for tag in sorted(entries):
        vr, keyword, name = entries[tag]
        name = name.replace("\u2019", "'").replace("\u03bc", "u").replace("\u00b5", "u")
        name = name.encode("ascii", "replace").decode()
        line = f"{keyword}\t{name}"
        records.append(f"{tag:08X}{vr}{offset:06d}")
        names.append(line)
        offset += len(line) + 1
    text = HEAD.format("the data dictionary of PS3.6 and PS3.7")
    text += literal("dictionaryRecords", "Tag in hex, VR, where the name begins: 16 bytes and a line end each, sorted by tag.", records)
    text += "\n" + literal("dictionaryNames", "Keyword, tab, name: one line an entry.", names)
    (sources / "DictionaryTable.swift").write_text(text)

    lines = sorted((uid, keyword, name.replace("\t", " ").encode("ascii", "replace").decode(), kind)
                   for uid, keyword, name, kind, *_ in rows(uids))
    text = HEAD.format("the UID registry of PS3.6 annex A")
    text += literal("uidTable", "UID, tab, name, tab, type: one line an entry, sorted.",
                    [f"{uid}\t{name}\t{kind}" for uid, keyword, name, kind in lines])
    (sources / "UIDTable.swift").write_text(text)

    wanted = [w for w in (root / "Scripts" / "dictionary-tags.txt").read_text().split() if w]
    unknown = set(wanted) - {keyword for vr, keyword, name in entries.values()}
    if unknown:
        sys.exit(f"Scripts/dictionary-tags.txt: not in the dictionary: {' '.join(sorted(unknown))}")
    by_keyword = {keyword: (tag, name) for tag, (vr, keyword, name) in entries.items()}
    out = [HEAD.format("Scripts/dictionary-tags.txt") + "extension Tag {"]
    for keyword in sorted(set(wanted), key=lambda k: by_keyword[k][0]):
        tag, name = by_keyword[keyword]
        out.append(f"  /// {name} ({tag >> 16:04X},{tag & 0xFFFF:04X}).")
        out.append(f"  package static var {keyword_as_swift(keyword)}: Tag {{ Tag(0x{tag >> 16:04X}, 0x{tag & 0xFFFF:04X}) }}")
    out.append("}\n")
    (sources / "Tag+Names.swift").write_text("\n".join(out))


main(*sys.argv[1:])
