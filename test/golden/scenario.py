#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds `entente run --json` to the expectations of a scenario, row by row.

    scenario.py [--zero TIME] [--complete CLAUSES|--no-complete] [--order happened] [--disputed FILE]
                PROGRAM AGREEMENT EVENTS.jsonl EXPECTED.csv

Rows: minute from T0, what, id, subject, note (examples/karachi/README.md). `breached`, `told`,
`gate`, `unknown` and `refused` are complete: nothing else may come. `met` must come; more may. A row
is met by an output between its minute and 5 ms later. Minutes run from --zero, 23:00 of the evening in
Karachi when it is not given. Prints TAP, one line a row, and one for
completeness. A line of the disputed FILE (file: row text) marks an expectation that a design note argues
against; it is counted, not hidden."""
import csv, json, os, re, subprocess, sys
from datetime import datetime, timedelta, timezone

SLACK = timedelta(milliseconds=5)
SETS = ("breached", "told", "gate", "unknown", "refused")


def stamp(s):
    return datetime.strptime(s, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


class Row:
    def __init__(self, at, what, id, subject, note, end=None, raw=""):
        self.at, self.what, self.id, self.subject, self.note, self.end, self.raw = at, what, id, subject, note, end, raw
        self.used = False

    def __str__(self):
        return f"{self.what} {self.id} {' '.join(f'{k}={v}' for k, v in sorted(self.subject.items()))} {self.note}"


def sentence_of(value):
    return value.split("/")[0] if isinstance(value, str) else value


def outputs(lines):
    """The rows that the outputs say, in order."""
    rows, gates, begun = [], {}, {}
    for line in lines:
        o = json.loads(line)
        at = stamp(o["at"])
        if "verdict" in o:
            name = o["id"].split("/")[0]
            subject = {k: sentence_of(v) for k, v in o["subject"].items()}
            end = stamp(o["end"]) if o["end"] else None
            if o["verdict"] in ("breached", "unknown", "met"):
                key = (o["id"], o["verdict"])
                if key in begun:
                    begun[key].end = end
                else:
                    begun[key] = Row(at, o["verdict"], name, subject, o["severity"] if o["verdict"] == "breached" else o["verdict"], end, line)
                    rows.append(begun[key])
        elif "tell" in o and "id" in o:
            rows.append(Row(at, "told", o["id"].split("/")[0], o["subject"], f"{o['tell']} {o['severity']}", raw=line))
        elif "hold" in o:
            rows.append(Row(at, "told", o["hold"], o["subject"], " ".join([o["tell"], "HOLD"] + o["limbs"]), raw=line))
        elif "gate" in o:
            key = (o["gate"], json.dumps(o["subject"], sort_keys=True))
            old = gates.get(key, {})
            for name, value in [("", o["value"])] + list(o["limbs"].items()):
                if old.get(name) != value:
                    what = "unknown" if value == "unknown" else "gate"
                    rows.append(Row(at, what, o["gate"] + ("." + name if name else ""), o["subject"], value, raw=line))
            gates[key] = {"": o["value"], **o["limbs"]}
        elif "refused" in o:
            limbs = " ".join(w["limb"] + (" (unknown)" if w.get("value") == "unknown" else "") for w in o["why"] if "limb" in w)
            rows.append(Row(at, "refused", o["refused"], o["fields"], limbs, raw=line))
    return rows


def fits(want, got):
    if got.used or got.what != want.what or got.id != want.id or not want.at <= got.at <= want.at + SLACK:
        return False
    if any(str(got.subject.get(k)) != v for k, v in want.subject.items()):
        return False
    if want.what == "breached":
        return got.note == re.match(r"\w+", want.note).group()
    if want.what in ("gate", "unknown"):
        return got.note == want.note.split()[0]
    if want.what in ("told", "refused"):
        return got.note == want.note
    return True


def end_of(want, zero):
    """The end a note states: 'until T-44', 'until T0', 'until T+15'."""
    m = re.search(r"until T(0\b|([+-]\d+))", want.note)
    return None if m is None else zero + timedelta(minutes=int(m.group(2) or 0))


def expected(path, zero):
    rows = []
    with open(path, encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f):
            subject = dict(p.split("=", 1) for p in r["subject"].split())
            rows.append(Row(zero + timedelta(minutes=int(r["minute"])), r["what"], r["id"], subject, r["note"], raw=",".join(r.values())))
    return rows


def main(argv):
    complete, order, zero = None, [], datetime(2024, 10, 6, 18, 0, tzinfo=timezone.utc)
    disputed = set()
    while argv and argv[0].startswith("--"):
        if argv[0] == "--no-complete":
            complete = ()
        elif argv[0] == "--complete":
            complete = tuple(argv.pop(1).split(","))
        elif argv[0] == "--order":
            order = ["--order", argv.pop(1)]
        elif argv[0] == "--zero":
            zero = stamp(argv.pop(1))
        elif argv[0] == "--disputed":
            with open(argv.pop(1), encoding="utf-8") as f:
                disputed = {line.strip() for line in f if line.strip() and not line.startswith("#")}
        argv.pop(0)
    program, agreement, events, want_path = argv
    run = subprocess.run([program, "run", "--json", *order, agreement, events], capture_output=True, text=True)
    want = expected(want_path, zero)
    name = os.path.basename(want_path)
    n = failed = nd = 0

    def ok(good, text, detail=""):
        nonlocal n, failed
        n += 1
        failed += not good
        print(("ok" if good else "not ok"), n, "-", text)
        for line in detail.splitlines():
            print("#", line)

    ok(run.returncode in (0, 1), f"{name}: run ends with 0 or 1", run.stderr[-2000:])
    got = outputs(run.stdout.splitlines()) if run.returncode in (0, 1) else []
    for w in want:
        match = next((g for g in got if fits(w, g)), None)
        mark = f"{name}: {w.raw}" in disputed
        text = f"{name}: T{(w.at - zero) // timedelta(minutes=1):+d} {w}"
        nd += mark
        if match is not None:
            match.used = True
            end = end_of(w, zero)
            good = end is None or match.end == end
            ok(good or mark, text + (" # TODO disputed" if mark else ""), "" if good else f"its end is {match.end}, wanted {end}")
            continue
        near = [str(g.at) + " " + str(g) for g in got if g.what == w.what and g.id == w.id and not g.used][:4]
        ok(mark, text + (" # TODO disputed" if mark else ""), "nothing fits; of this kind came:\n" + "\n".join(near))
    for g in got:
        if g.used or g.what not in SETS:
            continue
        if complete is not None and not (g.what == "refused" and complete) and g.id.split(".")[0] not in complete:
            continue
        ok(False, f"{name}: nothing more may come", f"{g.at} {g}")
    ok(True, f"{name}: {sum(g.used for g in got)} outputs held against {len(want)} rows, {nd} disputed")
    print(f"1..{n}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
