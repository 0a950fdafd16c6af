#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The nine clauses of nine.accord by definition: slow, and meant to be seen to be right.

    nine_oracle.py FILE                 the counts of FILE, as `ceiling_nine --counts` prints them
    nine_oracle.py --check PROGRAM      does PROGRAM --counts FILE agree? over gen.py and over small
                                        days made of ties, repeats and entries exactly at a limit

Nothing here runs forward in time: the whole day is known, and every clause looks up and down the
list of what happened to one object. A *place* in the day is a pair (ms, index of the entry), and
places are compared as pairs. A timed change that is dated d has the place (d, AFTER): behind every
entry stamped d and before every later one. That is the whole rule of boundaries: an entry exactly
at a limit is in time, one a millisecond later is not. The day ends with its last entry; a change
whose place is behind it has not happened, and its duty is pending."""
import collections, json, os, random, subprocess, sys, tempfile
from datetime import datetime

SECOND, MINUTE, AFTER = 1000, 60_000, float("inf")
CLAUSES = ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B9.otherwise"]
MEANT = {"sighting.stop": "vz", "sighting.cleared": "v", "sighting.left": "v", "movement.departed": "m",
         "movement.checkin": "m", "movement.arrived": "m", "route.cleared": "m", "incident.reported": "i",
         "notice.given": "i", "post.checkin": "i", "appointment.made": "", "appointment.ended": ""}


def read(path):
    """[(place, kind, fields)], without the entry that opens the log (which is complete: all before is empty)."""
    day = []
    with open(path, encoding="utf-8") as lines:
        for n, line in enumerate(lines):
            entry = json.loads(line)
            if entry["kind"] == "theatre.opened":
                continue
            at = datetime.fromisoformat(entry["at"].replace("Z", "+00:00"))
            ms = round(at.timestamp() * 1000)
            if day and ms < day[-1][0][0]:
                sys.exit(f"{path}: line {n + 1}: not sorted by 'at'")
            day.append(((ms, n), entry["kind"], {name: entry[name] for name in MEANT[entry["kind"]]}))
    return day


def by(day, name):
    """For each vehicle, zone, movement or incident: the places of each kind of entry, in order."""
    objects = collections.defaultdict(lambda: collections.defaultdict(list))
    for place, kind, fields in day:
        if name in fields:
            objects[fields[name]][kind].append(place)
    return objects.values()


def limit(place, duration):
    """The place at which a clock that starts at `place` has run for more than `duration`."""
    return (place[0] + duration, AFTER)


def first(places, after):
    """The first of the places behind `after`; None if there is none."""
    return min((p for p in places if p > after), default=None)


def held(starts, ends):
    """The episodes of a state: [(start, end or None)]. A start while it runs does nothing."""
    episodes = []
    for start in starts:
        if not episodes or (episodes[-1][1] is not None and episodes[-1][1] < start):
            episodes.append((start, first(ends, start)))
    return episodes


def fresh(places, place, duration):
    """Is there one before `place`, no older than `duration`? An age of exactly that is enough."""
    return any(p < place and place[0] - p[0] <= duration for p in places)


def judge(day):
    count = {clause: collections.Counter() for clause in CLAUSES}
    end = day[-1][0]

    def answered(clause, answer, due):
        """One duty: met by an answer before its limit, breached if the limit passes first."""
        past = due < end
        verdict = "met" if answer is not None and answer < due else "breached" if past else "pending"
        count[clause][verdict] += 1
        return verdict

    for vehicle in by(day, "v"):
        waiting = held(vehicle["sighting.stop"], vehicle["sighting.cleared"] + vehicle["sighting.left"])
        for start, stop in waiting:                                                             # B1
            answered("B1", stop, limit(start, 10 * MINUTE))
        for place in vehicle["sighting.cleared"]:           # B8: on the state before, so end == place still holds
            holds = any(limit(start, 20 * SECOND) < place and (stop is None or place <= stop)
                        for start, stop in waiting)
            count["B8"]["met" if holds else "breached"] += 1

    for incident in by(day, "i"):
        for report in incident["incident.reported"]:        # each report is a duty of its own
            notice = first(incident["notice.given"], report)
            answered("B2", notice, limit(report, 10 * MINUTE))
            due = limit(report, 5 * MINUTE)                                                     # B6
            if notice is not None and notice < due:
                answered("B6", first(incident["post.checkin"], notice), limit(notice, 30 * MINUTE))
            else:
                answered("B6", None, due)

    for movement in by(day, "m"):
        cleared = movement["route.cleared"]
        for place in movement["movement.departed"]:                                             # B4, B9
            verdict = "met" if fresh(cleared, place, 60 * MINUTE) else "breached"
            count["B4"][verdict] += 1
            count["B9"][verdict] += 1
            if verdict == "breached":
                answered("B9.otherwise", first(cleared, place), limit(place, 15 * MINUTE))
        for start, stop in held(movement["movement.departed"], movement["movement.arrived"]):
            # B3: the clock starts anew at each of these places; between two of them it breaches once or not.
            clocks = [start] + [p for p in movement["movement.checkin"] if p > start and (not stop or p < stop)]
            spans = [(a, b, a) for a, b in zip(clocks, clocks[1:] + [stop])]
            episodes(count["B3"], spans, 15 * MINUTE, start, stop, end)
            # B7: the spans in which it moves and no clearance is fresh. A clearance is fresh from its entry
            # until its age is more than 90 minutes; the clock of a span starts from the date of its first place.
            spans, at = [], start
            for c in cleared:
                if stop is not None and c > stop:
                    break
                if c > at:
                    spans.append((at, c, at))
                at = max(at, limit(c, 90 * MINUTE))
            if stop is None or at < stop:
                spans.append((at, stop, at))
            episodes(count["B7"], spans, 5 * MINUTE, start, stop, end)

    stops = collections.defaultdict(list)                                                       # B5
    for place, kind, fields in day:
        if kind == "sighting.stop":
            before = stops[fields["z"]]
            others = {w for p, w in before if w != fields["v"] and place[0] - p[0] <= 10 * MINUTE}
            count["B5"]["met" if len(others) <= 2 else "breached"] += 1
            before.append((place, fields["v"]))
    return count


def episodes(count, spans, duration, start, stop, end):
    """The verdicts of one run of a `while`: a breach in each span that lasts longer than `duration`, and one
    more verdict if the run does not end inside a breach: met when it has ended, pending when it has not."""
    open_breach = False
    for a, b, clock in spans:
        past = limit(clock, duration)
        breached = past < end and (b is None or past < b)
        count["breached"] += breached
        open_breach = breached and b == stop
    if not open_breach:
        count["pending" if stop is None else "met"] += 1


def show(count):
    return "".join(f"{c} met {count[c]['met']} breached {count[c]['breached']} pending {count[c]['pending']}\n"
                   for c in CLAUSES)


def ties(seed):
    """A small day where few objects meet on a coarse grid: ties, repeats, and every limit hit and just missed."""
    r = random.Random(seed)
    grid = r.choice([10 * SECOND, MINUTE, 5 * MINUTE, 5 * MINUTE, 15 * MINUTE])
    few, of = r.randint(1, 5), r.choice(["vmi", "v", "m", "m", "i"])      # of one sort of object, or of all
    kinds = [k for k in MEANT if MEANT[k][:1] and MEANT[k][0] in of]
    kinds = r.sample(kinds, r.randint(2, len(kinds))) + ["appointment.made"] * (r.random() < 0.3)
    times = sorted(max(0, r.randrange(r.randint(1, 60)) * grid + r.choice([0, 0, 0, -1, 1]))
                   for _ in range(r.randint(1, 120)))
    lines = ['{"kind":"theatre.opened","at":"2026-02-28T23:59:59.999Z","by":"host and guest","agreement":"Nine clauses",'
             '"version":1,"clock":"drill","begins":"complete","appointments":{"host.desk":"desk"}}']
    for ms in times:
        kind, ms = r.choice(kinds), ms + r.choice([0, 0, 0, 0, 86_400_000]) * (ms == times[-1])
        fields = ',"by":"desk"' + "".join(f',"{n}":"{n}{r.randrange(few)}"' for n in MEANT[kind])
        if kind == "appointment.made":      # of no clause, and a value to be passed over
            fields += ',"who":"d\\u00e9sk\\"","role":"host.desk"'
        s, ms = divmod(ms, 1000)
        lines.append(f'{{"kind":"{kind}","at":"2026-03-{1 + s // 86400:02d}T{s // 3600 % 24:02d}:{s // 60 % 60:02d}'
                     f':{s % 60:02d}.{ms:03d}Z"{fields}}}')
    stamp = lambda line: line.split('"at":"')[1][:24]
    return "\n".join(sorted(lines, key=stamp)) + "\n"


def check(program):
    gen = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gen.py")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "day.jsonl")

        def same(name):
            want = show(judge(read(path)))
            got = subprocess.run([program, "--counts", "--repeat", "2", path], capture_output=True, text=True)
            if got.returncode or got.stdout != want:
                keep = f"disagree-{name.replace(' ', '-')}.jsonl"
                os.replace(path, keep)
                sys.exit(f"{name}: kept as {keep}\n-- the definition:\n{want}-- {program}:\n{got.stdout}{got.stderr}")

        for seed in range(4000):
            with open(path, "w") as f:
                f.write(ties(seed))
            same(f"ties {seed}")
        print("agree: 4000 days of ties")
        for size, seeds in ((2000, range(7, 27)), (20_000, range(7, 12)), (100_000, range(7, 10))):
            for seed in seeds:
                with open(path, "w") as f:
                    subprocess.run([sys.executable, gen, str(size), str(seed)], stdout=f, check=True)
                same(f"gen {size} {seed}")
            print(f"agree: gen.py {size}, seeds {seeds[0]} to {seeds[-1]}")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        check(sys.argv[2])
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        sys.stdout.write(show(judge(read(sys.argv[1]))))
    else:
        sys.stderr.write("usage: nine_oracle.py FILE | --check PROGRAM\n")
        sys.exit(2)
