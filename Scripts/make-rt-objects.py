#!/usr/bin/env python3
"""Writes Fixtures/rt: one small object of each kind that the courses lack, the same bytes each run.

    .build-tools/venv/bin/python Scripts/make-rt-objects.py

Treatment summaries of the head-neck course; plan and record of the brain course as those of a proton
treatment; a brachytherapy record and a second-generation object beside them.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixtures import deliveries, variants

ROOT = pathlib.Path(__file__).resolve().parent.parent


def case(name):
    folder = ROOT / "Fixtures" / "courses" / name
    return variants.load(folder, json.loads(folder.with_suffix(".json").read_text()))


def main():
    output = ROOT / "Fixtures" / "rt"
    output.mkdir(parents=True, exist_ok=True)

    def write(name, d):
        d.save_as(output / f"{name}.dcm", enforce_file_format=True)

    neck = case("head-neck")
    dates = deliveries.days(neck)
    listed = [(n, date, "NORMAL") for n, date in enumerate(dates, 1)]
    write("summary-completed", deliveries.summary(
        neck, delivered=30, first=dates[0], last=dates[-1], gray=60, fractions=listed))
    write("summary-day-15", deliveries.summary(
        neck, delivered=15, first=dates[0], last=dates[14], status="ON_TREATMENT", gray=30, name="summary-15"))

    for name, spots in (("ion", False), ("ion-spots", True)):
        brain = case("brain-srs")
        deliveries.ions(brain, spots=spots)
        if not spots:
            write("ion-plan", brain.plan)
        write(f"{name}-record", brain.records[0])
    brain = case("brain-srs")
    write("brachy-record", deliveries.brachy(brain, "2.25.1"))
    write("physician-intent", deliveries.bare(brain.plan, "1.2.840.10008.5.1.4.1.1.481.10", "intent", "RTINTENT"))


main()
