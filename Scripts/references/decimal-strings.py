#!/usr/bin/env python3
"""The nearest decimal strings of 16 characters, found by trying every precision exactly.

    python3 Scripts/references/decimal-strings.py

Writes Fixtures/dicom/decimal-strings.json: the bits of a double and the nearest text. Of the two
notations (fixed point with a digit before the point; one digit before the point and an exponent)
the nearer counts.
"""
import decimal
import json
import pathlib
import random
import struct

decimal.getcontext().prec = 400
decimal.getcontext().rounding = decimal.ROUND_HALF_EVEN
random.seed(20200423)
target = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "dicom" / "decimal-strings.json"


def candidates(value):
    exact = decimal.Decimal(value)
    for places in range(0, 15):
        yield format(exact.quantize(decimal.Decimal(1).scaleb(-places)), "f") \
            if abs(exact) < 1e17 else ""
    for places in range(0, 15):
        mantissa, _, exponent = format(exact, f".{places}e").lower().partition("e")
        yield f"{mantissa}e{int(exponent)}"


def nearest(value):
    exact = decimal.Decimal(value)
    legal = [c for c in candidates(value) if c and len(c) <= 16]
    return min(legal, key=lambda c: (abs(decimal.Decimal(c) - exact), len(c)))


values = [0.1, 1 / 3, 2 / 3, -1 / 3, 1e-5 / 3, 1.4e-5, 123456.7890123456, -123456.7890123456,
          1e22 / 3, -1e22 / 3, 5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308,
          0.5, 999999999999999.9, 9999999999999999.0, -999999999999999.9, 0.9999999999999999,
          -0.9999999999999999, 9.999999999999999e-5, 1e15, 1e16, -1e14, 123456789012345.6,
          2.5, 0.000123456789012345, 1.5e-7, 4.35e-11]
values += [random.uniform(-500, 500) for _ in range(150)]
values += [random.uniform(0, 1e-3) for _ in range(100)]
values += [random.uniform(-1, 1) for _ in range(100)]
values += [random.uniform(-1, 1) * 10.0 ** random.randint(-300, 300) for _ in range(150)]
values += [round(random.uniform(-500, 500), random.randint(0, 14)) for _ in range(100)]
# Ties at the last digit that fits.
values += [random.randint(10 ** 12, 10 ** 13) / 2 ** 13 for _ in range(100)]
target.write_text(json.dumps(
    [[struct.pack(">d", v).hex(), nearest(v)] for v in values], separators=(",", ":")) + "\n")
