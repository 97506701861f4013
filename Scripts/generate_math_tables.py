#!/usr/bin/env python3
"""Writes Sources/Sim/Math/Generated/MathTables.swift: tables and polynomials of Sim.Math.

Everything is computed here from definitions at 200 bits (needs mpmath); nothing is copied from a C library.
Usage: Scripts/generate_math_tables.py [--check]
"""
import struct
import sys
from pathlib import Path

from mpmath import chebyfit, cos, exp, floor, log, mp, mpf, pi, sin, sqrt

mp.prec = 200
TARGET = Path(__file__).resolve().parent.parent / "Sources/Sim/Math/Generated/MathTables.swift"
EXP_SIZE = 128
LOG_SIZE = 128
LOG_LOWEST = 0x3FE6_0000_0000_0000 - (1 << 44)  # half a step below 0.6875, so that 1.0 is the centre of its interval


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", float(x)))[0]


def from_bits(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def short(x, keep):
    """x cut to `keep` significant bits."""
    scale = mpf(2) ** (keep - 1 - int(floor(log(abs(x), 2))))
    return mpf(int(x * scale)) / scale



def literal(x):
    text = float(x).hex()
    mantissa, power = text.split("p")
    sign = "-" if mantissa.startswith("-") else ""
    whole, fraction = mantissa.lstrip("-")[2:].split(".")
    return f"{sign}0x{whole}.{fraction}p{int(power)}"


def word(b):
    return "0x" + "_".join(f"{b:016X}"[i : i + 4] for i in range(0, 16, 4))


def table(name, doc, kind, values, per_line):
    out = [f"    /// {line}" for line in doc]
    out.append(f"    static let {name}: InlineArray<{len(values)}, {kind}> = [")
    for i in range(0, len(values), per_line):
        out.append("        " + ", ".join(values[i : i + per_line]) + ",")
    out.append("    ]")
    return out


def polynomial(name, doc, f, low, high, degree):
    coefficients = list(reversed(chebyfit(f, [low, high], degree + 1)))
    out = [f"    /// {doc}", f"    static let {name}: InlineArray<{degree + 1}, Double> = ["]
    out += [f"        {literal(c)}," for c in coefficients]
    return out + ["    ]"]


def constants():
    ln2 = log(mpf(2))
    step = ln2 / EXP_SIZE
    step_high = short(step, 34)
    ln2_high = short(ln2, 42)
    half_pi = pi / 2
    p1 = short(half_pi, 33)
    p2 = short(half_pi - p1, 33)
    p3 = short(half_pi - p1 - p2, 33)
    p4 = half_pi - p1 - p2 - p3
    half_pi_high = short(half_pi, 26)
    rows = [
        ("stepsPerUnit", "128 / ln 2: table steps of exp per unit of its argument.", EXP_SIZE / ln2),
        ("stepHigh", "ln 2 / 128, upper 34 bits: exact when multiplied by a step number.", step_high),
        ("stepLow", "The rest of ln 2 / 128.", step - step_high),
        ("ln2High", "ln 2, upper 42 bits: exact when multiplied by an exponent.", ln2_high),
        ("ln2Low", "The rest of ln 2.", ln2 - ln2_high),
        ("twoOverPi", "2 / pi.", 2 / pi),
        ("halfPi1", "pi / 2, bits 1 to 33.", p1),
        ("halfPi2", "pi / 2, bits 34 to 66.", p2),
        ("halfPi3", "pi / 2, bits 67 to 99.", p3),
        ("halfPi4", "The rest of pi / 2.", p4),
        ("halfPiHigh", "pi / 2, upper 26 bits.", half_pi_high),
        ("halfPiMiddle", "pi / 2, the next 26 bits.", short(half_pi - half_pi_high, 26)),
        ("halfPiLow", "pi / 2, what follows.", half_pi - half_pi_high - short(half_pi - half_pi_high, 26)),
    ]
    out = []
    for name, doc, value in rows:
        out += [f"    /// {doc}", f"    static let {name}: Double = {literal(value)}"]
    return out


def exp_table():
    values = []
    for i in range(EXP_SIZE):
        exact = mpf(2) ** (mpf(i) / EXP_SIZE)
        rounded = mpf(float(exact))
        values += [word(bits((exact - rounded) / rounded)), word(bits(rounded) - (i << 45))]
    doc = ["2^(i/128), a pair for each i: bits of the relative rest beyond the double, and the double's bits less i << 45."]
    return table("exp2", doc, "UInt64", values, 4)


def log_table():
    values = []
    widest = mpf(0)
    for i in range(LOG_SIZE):
        low = LOG_LOWEST + (i << 45)
        centre = mpf(from_bits(low + (1 << 44)))
        inverse = mpf(int(1 / centre * 2**18 + mpf(1) / 2)) / 2**18
        for edge in (from_bits(low), from_bits(low + (1 << 45) - 1)):
            widest = max(widest, abs(mpf(edge) * inverse - 1))
        exact = -log(inverse)
        high = mpf(float(exact))
        values += [literal(inverse), literal(high), literal(exact - high)]
    doc = ["For each interval of the mantissa: 1/c in at most 19 bits, log c, and the rest of log c beyond the double."]
    return table("logSteps", doc, "Double", values, 3), widest


def two_over_pi():
    digits = int(floor(2 / pi * mpf(2) ** 1216)) if mp.prec > 1300 else None
    if digits is None:
        with mp.workprec(1400):
            digits = int(floor(2 / +mp.pi * mpf(2) ** 1216))
    words = [0] + [(digits >> (1216 - 64 * (i + 1))) & (2**64 - 1) for i in range(19)]
    doc = ["Binary digits of 2 / pi after 64 zeros, most significant word first."]
    return table("twoOverPiDigits", doc, "UInt64", [word(w) for w in words], 4)


def render():
    logs, widest = log_table()
    reach = widest * (1 + mpf(2) ** -20)
    span = log(mpf(2)) / (2 * EXP_SIZE) * (1 + mpf(2) ** -10)
    square = (pi / 4) ** 2 * (1 + mpf(2) ** -10)
    tiny = mpf(2) ** -60
    taylor = lambda f, z: f(z if abs(z) > tiny else tiny)  # removable singularities at zero
    body = ["// Generated by Scripts/generate_math_tables.py; do not edit.", ""]
    body += ["/// Tables and polynomials of ``Math``, computed from their definitions at 200 bits.", "enum MathTables {"]
    body += constants()
    body += polynomial("expTerms", "(e^r - 1 - r) / r^2 for |r| <= ln 2 / 256.",
                       lambda r: taylor(lambda z: (exp(z) - 1 - z) / z**2, r), -span, span, 3)
    body += polynomial("logTerms", "(log(1 + r) - r + r^2 / 2) / r^3 for the table's steps.",
                       lambda r: taylor(lambda z: (log(1 + z) - z + z**2 / 2) / z**3, r), -reach, reach, 5)
    body += polynomial("sinTerms", "(sin r - r) / r^3 in r^2 for |r| <= pi / 4.",
                       lambda z: taylor(lambda w: (sin(sqrt(w)) - sqrt(w)) / sqrt(w)**3, z), 0, square, 5)
    body += polynomial("cosTerms", "(cos r - 1 + r^2 / 2) / r^4 in r^2 for |r| <= pi / 4.",
                       lambda z: taylor(lambda w: (cos(sqrt(w)) - 1 + w / 2) / w**2, z), 0, square, 5)
    body += exp_table() + logs + two_over_pi() + ["}", ""]
    return "\n".join(body)


def main():
    text = render()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text() != text:
            sys.exit(f"{TARGET.name} is out of date: run Scripts/generate_math_tables.py")
        return
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text)


main()
