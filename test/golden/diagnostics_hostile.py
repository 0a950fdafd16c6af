#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `entente check` makes of a text that nobody wrote: too large, too deep, of another file, broken.

    diagnostics_hostile.py        the program is $ENTENTE; prints TAP

Each text is either taken, or refused with exit 2 and few lines, the first of which says where and why.
None may end the program by a signal or keep it busy for long: SECONDS is far more than any needs."""
import os, re, signal, subprocess, sys, tempfile, time

SECONDS = 60
HEAD = 'agreement "Hostile" version 1 between host "A" and guest "B" time zone "UTC"\n'
WORDS = ('thing door\nrole host.guard\nevent door.opened(d: door) "Opened" observation\n'
         'authority host.guard may report door\nstate open(d: door) from door.opened(d)\n')
CLAUSE = 'clause A "A" duty host, owed to guest, severity red, case door(d)\n    '
FULL = HEAD + WORDS
MIB = 1 << 20


def many(row, most=4 * MIB - 2000):
    """As many rows as a text holds."""
    out, size, i = [], len(FULL), 0
    while True:
        line = row(i)
        size += len(line)
        if size > most:
            return FULL + "".join(out)
        out.append(line)
        i += 1


# what, the text, lines that are told at most (0: it is taken), and what the first of them says
CASES = [
    ("nothing at all", "", 1, "the text is empty"),
    ("blanks alone", " \n\t\r\n  ", 1, "the text is empty"),
    ("a remark alone", "-- agreement", 1, "the text is empty"),
    ("lines that end as in Windows", FULL.replace("\n", "\r\n"), 0, ""),
    ("a mark of byte order", "\ufeff" + FULL, 1, "mark (BOM)"),
    ("UTF-16", (HEAD + WORDS).encode("utf-16"), 1, "not UTF-8"),
    ("a NUL in a name", FULL + "thing a\0b\n", 1, "control character"),
    ("a NUL in a quotation", FULL.replace('"Opened"', '"Op\0ened"'), 1, "control character"),
    ("a NUL behind the end", FULL + "\0", 1, "control character"),
    ("Latin-1", FULL.replace("Opened", "Ouverte \u00e0 midi").encode("latin-1"), 1, "not UTF-8"),
    ("half a character at the end", FULL.encode() + b"-- \xe2\x82", 1, "not UTF-8"),
    ("an overlong NUL", FULL.encode() + b"-- \xc0\x80\n", 1, "not UTF-8"),
    ("a surrogate", FULL.encode() + b"-- \xed\xa0\x80\n", 1, "not UTF-8"),
    ("text that runs from right to left", FULL.replace('"Opened"', '"\u062f\u0631\u0648\u0627\u0632\u06c1"'), 0, ""),
    ("a program", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 64, 1, "not UTF-8"),
    ("lines of JSON", '{"kind":"tick","at":"2026-11-24T18:00:00Z"}\n' * 1000, 1, "another sort of file"),
    ("10 MB", FULL + "-- " + "x" * 10_000_000, 1, ""),
    ("10 MB of mistakes", FULL + "state x\n" * 1_250_000, 1, ""),
    ("4 MiB and a byte", FULL + " " * (4 * MIB - len(FULL) + 1), 1, ""),
    ("4 MiB of blanks", FULL + " " * (4 * MIB - len(FULL)), 0, ""),
    ("a thousand mistakes of one kind", FULL + "".join(f"state s{i}(d: dor) from door.opened(d)\n" for i in range(1000)), 52, "no type is called 'dor'"),
    ("a thousand mistakes, each another", FULL + "".join(f"state s{i}(d: d{i}) from x.e{i}(d)\n" for i in range(1000)), 52, "no type is called 'd0'"),
    ("a thousand sentences that break off", FULL + "".join(f"clause C{i} \"C\" duty\n" for i in range(1000)), 52, "expected ', owed to'"),
    ("4 MiB of brackets", FULL + CLAUSE + "while " + "(" * (4 * MIB - 2000), 52, "more than 60 deep"),
    ("4 MiB of 'not'", FULL + CLAUSE + "while " + "not " * (MIB - 500), 52, "more than 60 deep"),
    ("4 MiB of 'if'", FULL + "terms a = " + "1 if open(d) else " * 200_000 + "1", 52, "more than 60 deep"),
    ("4 MiB of sums", FULL + "terms a = 1" + " + 1" * (MIB - 500), 52, "more than 60 deep"),
    ("4 MiB of severities", (FULL + CLAUSE).replace("red", "red if open(d) else " * 190_000 + "red"), 52, "more than 60 deep"),
    ("one word of 4 MiB", FULL + "thing " + "a" * (4 * MIB - 2000), 2, "more than 80 characters"),
    ("a number of a million digits", FULL + "terms a = " + "1" * 1_000_000, 2, ""),
    ("a quotation without end", FULL + '"' + "x" * (4 * MIB - 2000), 2, "has no end"),
    ("a million quotation marks", FULL + '"' * 1_000_000, 2, "begins no declaration"),
    ("no line ends at all", many(lambda i: f"thing t{i} ", 200_000).replace("\n", " "), 0, ""),
    ("things", many(lambda i: f"thing t{i}\n"), 52, "more than 65,000"),
    ("states, one from the next", FULL + "".join(f"state s{i}(d: door) while s{i + 1}(d)\n" for i in range(2000)) + "state s2000(d: door) while open(d)\n", 52, "more than 500 deep"),
    ("states of all states", many(lambda i: f"state s{i}(d: door) while open(d)\n", 1_000_000), 0, ""),
    ("clauses", many(lambda i: f"clause C{i} \"C\" duty host, owed to guest, severity red, case door(d) while open(d): must not last\n", 1_500_000), 0, ""),
    ("the same event a hundred thousand times", many(lambda i: 'event a.b() "x" command\n'), 52, "declared twice"),
    ("lines of 'never'", many(lambda i: "authority never guest may command\n"), 2, "more than 1000 lines of 'never'"),
    ("terms that nothing reads", many(lambda i: f"terms term-{i} = 1\n"), 52, ""),
    ("a choice of a million values", FULL + "choice c = " + ", ".join(f"v{i}" for i in range(400_000)), 2, "more than 1000 values"),
    ("an example of a hundred thousand lines", FULL + 'example "E"\n' + "".join(f"    10:00 door.opened(D{i})\n" for i in range(100_000)), 52, "more than 512 events"),
]


def check(program, text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "text.accord")
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode("utf-8"))
        began = time.monotonic()
        try:
            run = subprocess.run([program, "check", "text.accord"], cwd=folder, capture_output=True, timeout=SECONDS)
            return run.returncode, run.stdout, run.stderr.decode("utf-8", "replace"), time.monotonic() - began
        except subprocess.TimeoutExpired:
            return None, b"", "", SECONDS


def main():
    program = os.path.abspath(os.environ["ENTENTE"])
    failed = 0
    for n, (what, text, most, says) in enumerate(CASES, 1):
        code, out, said, took = check(program, text)
        lines = said.splitlines()
        if most == 0:
            good = code == 0 and not lines
        else:
            good = code == 2 and out == b"" and 1 <= len(lines) <= most and says in lines[0]
            good = good and (re.match(r"text\.accord:\d+:\d+: |entente: ", lines[0]) is not None) and "\0" not in said
        failed += not good
        how = f"exit {code}" if code is None or code >= 0 else signal.Signals(-code).name
        print(f"{'ok' if good else 'not ok'} {n} - {what}: {'taken' if most == 0 else 'refused'} in {took:.1f} s")
        if not good:
            print(f"# {how}, {len(lines)} lines")
            for line in lines[:3] + lines[-1:]:
                print("#", line[:300])
    print(f"1..{len(CASES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
