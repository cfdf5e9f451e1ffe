#!/usr/bin/env python3
"""Writes variants of a course: one planted fault, or one legal oddity, each.

    .build-tools/venv/bin/python Scripts/make-variants.py COURSE OUTDIR VARIANT...
    .build-tools/venv/bin/python Scripts/make-variants.py any OUTDIR all
    .build-tools/venv/bin/python Scripts/make-variants.py opentps OUTDIR SHARED-DATA-FOLDER
    .build-tools/venv/bin/python Scripts/make-variants.py --list > Fixtures/hazards.tsv

COURSE is the name of a course of Fixtures/courses, or `any`: then each variant is made from the
course that it is declared for. A variant lands in OUTDIR/VARIANT with UIDs of its own
(--keep-uids leaves them); COURSE itself, as `untouched`, is a variant too. `opentps` makes a course
on the real CT of that name, which lies in the shared data.
"""

import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixtures import variants

ROOT = pathlib.Path(__file__).resolve().parent.parent


def list_variants():
    print("variant\tcourse\tcheck\tverdict\targuments\tsentence")
    for v in variants.VARIANTS.values():
        print("\t".join((v.name, v.course, v.check, v.verdict, v.arguments or "-", v.sentence)))


def make(course, output, names, keep_uids):
    if "all" in names:
        names = [v.name for v in variants.VARIANTS.values() if course in ("any", v.course)]
    for name in names:
        known = variants.VARIANTS.get(name)
        if known is None and name != "untouched":
            sys.exit(f"make-variants: no variant is called {name}; --list shows them all")
        base = course if course != "any" else known.course if known else "brain-srs"
        folder = ROOT / "Fixtures" / "courses" / base
        if not folder.is_dir():
            sys.exit(f"make-variants: there is no course {folder}")
        case = variants.load(folder, json.loads(folder.with_suffix(".json").read_text()))
        if known:
            known.change(case)
        variants.write(case, pathlib.Path(output) / name, name, keep_uids)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="print the table of Fixtures/hazards.tsv")
    parser.add_argument("--keep-uids", action="store_true", help="leave the course's UIDs")
    parser.add_argument("course", nargs="?")
    parser.add_argument("output", nargs="?")
    parser.add_argument("variants", nargs="*", metavar="VARIANT")
    arguments = parser.parse_args()
    if arguments.list:
        list_variants()
    elif not arguments.variants:
        parser.error("COURSE, OUTDIR and at least one VARIANT are needed")
    elif arguments.course == "opentps":
        from fixtures import opentps

        opentps.make(arguments.variants[0], arguments.output)
    else:
        make(arguments.course, arguments.output, arguments.variants, arguments.keep_uids)


if __name__ == "__main__":
    main()
