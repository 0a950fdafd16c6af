#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""claims.py: every claim in every verdict's evidence is true of the log.

    SEEDS=6..60 claims.py                    the program is $ENTENTE; without SEEDS, 1..5; prints TAP

The checker takes claims on trust: "nothing that fits came from then to then, but what is listed" is seen only by who
reads the log. So it is read here, as either side would, by doc/notes/0003-evidence.md and the texts, and with nothing
of the program's code: over the evenings of examples/ and over those of proven.py, in both orders. What this script
cannot read (a gate, a state made of times) is counted and told; where in doubt it takes a claim's weaker sense.

Where an entry stands in the log, ticks and all, is asked of the program by a probe behind each: an event by nobody's
leave, which is refused, moves nothing, and says its index. All else must come out as without the probes.

A row of a state holds as the entries below the verdict's place make it in the order of (at, index).

Two kinds of false claims are known and owed (OWED). A line with these alone is not ok and TODO; the first few stand
below it. Whoever pays one takes it out of OWED."""
import collections, glob, json, os, re, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

import proven

ROOT, ENTENTE = os.environ["ENTENTE_ROOT"], os.path.abspath(os.environ["ENTENTE"])
MOMENT = re.compile(r"([\w-]+(?:\.[\w-]+)+)\(([^()]*)\)(?:\s+where\s+([^()]+))?$")
EDGE = re.compile(r"([\w-]+)\(([^()]*)\)\s+(begins|ends)$")
WHERE = re.compile(r"([\w-]+)\s+is\s+(?:one\s+of\s+)?([\w-]+(?:\s*,\s*[\w-]+)*)$")
OWED = {
    "edge": "false by an entry at the very instant at which the claim begins or ends",
    "late": "false in the order of the log, where something was known late",
}
STAGES = re.compile(r"([\w-]+) is [\w-]+(?:\s+or\s+\1 is [\w-]+)*$")


class Unread(Exception):
    """This script cannot say."""


class Texts:
    """What an agreement and its libraries say of events, states and lives."""

    def __init__(self, agreement):
        self.fields, self.states, self.lives, self.constants = {}, {}, {}, {"yes", "no"}
        self.observed = set()
        for path in [agreement, *self.used(agreement)]:
            with open(path, encoding="utf-8") as f:
                text = re.sub(r'"[^"\n]*"|--[^\n]*', " ", f.read())
            for part in re.split(r"\n(?=\S)", text):
                self.take(" ".join(part.split()), part)

    @staticmethod
    def used(agreement):
        with open(agreement, encoding="utf-8") as f:
            uses = re.search(r"^uses\s+(.*)", f.read(), re.M)
        for name in re.findall(r"([\w-]+) version", uses.group(1) if uses else ""):
            near = os.path.join(os.path.dirname(agreement), name + ".accord")
            yield near if os.path.exists(near) else os.path.join(ROOT, "library", name + ".accord")

    def take(self, part, lines):
        if m := re.match(r"event ([\w.-]+)\(([^()]*)\)(.*)", part):
            self.fields[m[1]] = names(m[2])
            if re.match(r"\s*observation", m[3]):
                self.observed.add(m[1])
        elif m := re.match(r"choice [\w-]+ = (.*)", part):
            self.constants.update(names(m[1]))
        elif m := re.match(r"state ([\w-]+)\(([^()]*)\) (?:from (.*?)(?: until (.*))?|while (.*))$", part):
            self.states[m[1]] = (names(m[2]), *(re.split(r"\s+or\s+", x) if x else [] for x in (m[3], m[4])), m[5])
        elif m := re.match(r"life ([\w-]+)", part):
            step = re.compile(r"\s+(.*\S)\s*->\s*([\w-]+)\s+on\s+(.*?)(?:\s+by\s.*)?$")
            steps = [step.match(x.rstrip()) for x in lines.split("\n")[1:]]
            self.lives[m[1]] = [(s[1], s[2], s[3]) for s in steps if s]

    def pattern(self, kind, args):
        """Which field has which name."""
        out = []
        for i, arg in enumerate(a.strip() for a in args.split(",") if a.strip()):
            field, colon, name = (x.strip() for x in arg.partition(":"))
            out.append((field, name or field) if colon else (self.fields[kind][i], field))
        return out

    def fit(self, moment, row, params):
        """The names that an event moment binds by this row, or None; and whether it asks for nothing more."""
        m = MOMENT.match(moment)
        if not m or m[1] not in self.fields:
            raise Unread(moment)
        if row["kind"] != m[1]:
            return None, True
        bound = {}
        for field, name in self.pattern(m[1], m[2]):
            value = spelled(row.get(field))
            if value is None or bound.setdefault(name, value) != value:
                return None, True
            if name not in params and name in self.constants and value != name:
                return None, True
        if m[3]:
            w = WHERE.match(m[3].strip())
            if not w or w[1] not in bound or not set(names(w[2])) <= self.constants:
                return bound, False
            if bound[w[1]] not in names(w[2]):
                return None, True
        return bound, True


def names(text):
    return [x.partition(":")[0].strip() for x in text.split(",") if x.strip()]


def spelled(value):
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class Log:
    """The entries that events made, each with index, at and row: without those that move nothing, in `moving`."""

    def __init__(self, texts, rows, index, lines):
        self.texts, self.opened, self.cache = texts, rows[0]["at"], {}
        self.all = sorted((i, min(r["at"], r.get("known", r["at"])), r) for i, r in zip(index, rows))[1:]
        still = {x["entry"] for x in lines if "refused" in x or "quarantined" in x}
        self.moving = [e for e in self.all if e[0] not in still]
        self.indices = {0, *index}

    def rows(self, state, before):
        """Rows of a state: its names, who began it, from, to; and whether it may have been begun before that."""
        key = state, before
        if key not in self.cache:
            self.cache[key] = list(self.made(state, before))
        return self.cache[key]

    def made(self, state, before):
        if state not in self.texts.states:
            raise Unread(state)
        params, begins, ends, cond = self.texts.states[state]
        entries = sorted((e for e in self.moving if e[0] < before), key=lambda e: (e[1], e[0]))
        if cond:
            yield from self.staged(params, cond, entries)
            return
        edges = [t for m in ends if EDGE.match(m) for t in self.turns(EDGE.match(m), params, before)]
        ends = [m for m in ends if not EDGE.match(m)]
        running, done, loose = {}, [], bool(edges)
        for at, index, row, turned in sorted([(a, i, r, None) for i, a, r in entries] + edges, key=lambda e: e[:2]):
            for m in begins if row else ():
                bound, exact = self.texts.fit(m, row, params)
                if bound is not None and not exact:
                    raise Unread(m)
                if bound is not None and set(params) <= set(bound):
                    running.setdefault(tuple(bound[p] for p in params), (index, at))
            over = [turned] if turned is not None else []
            for m in ends if row else ():
                bound, exact = self.texts.fit(m, row, params)
                loose |= bound is not None and not exact
                over += [bound] if bound is not None else []
            for bound in over:
                for args in [a for a in running if all(bound.get(p, v) == v for p, v in zip(params, a))]:
                    done.append((args, *running.pop(args), at))
        for args, index, begun, ended in done + [(a, *x, "~") for a, x in running.items()]:
            yield dict(zip(params, args)), index, begun, ended, loose

    def staged(self, params, cond, entries):
        """Where `m is closed or m is cancelled` holds, whatever a planned step may have done."""
        stages = set(re.findall(r" is ([\w-]+)", cond))
        if not STAGES.match(cond) or len(params) != 1 or "new" in stages:
            raise Unread(cond)
        since = {}
        for thing, at, index, could in self.lived(params[0], stages, entries):
            if could <= stages:
                since.setdefault(thing, (index, at))
            elif thing in since:
                yield {params[0]: thing}, *since.pop(thing), at, False
        for thing, (index, at) in since.items():
            yield {params[0]: thing}, index, at, "~", False

    def lived(self, name, stages, entries):
        """For each step of each thing the stages that it may be at: whether a planned time is past is not asked."""
        lives = [x for x in self.texts.lives.values() if stages <= {s[1] for s in x} and
                 all(re.search(r"[(,]\s*%s\s*[:,)]" % name, s[2]) for s in x if MOMENT.match(s[2]))]
        if len(lives) != 1:
            raise Unread(" ".join(stages))
        order = ["new"]
        for before, after, _ in lives[0]:
            order += [s for s in (before, after) if " " not in s and s != "any" and s not in order]
        steps = [s for s in lives[0] if MOMENT.match(s[2])]

        def allowed(step, stage):
            last = re.match("any before (.*)", step[0])
            return step[0] in (stage, "any") or (last is not None and order.index(stage) < order.index(last[1]))

        def planned(could):
            return could | {s[1] for s in lives[0] if s not in steps for stage in could if allowed(s, stage)}

        could = collections.defaultdict(lambda: {"new"})
        for index, at, row in entries:
            fits = [(s, b[name]) for s in steps for b, _ in [self.texts.fit(s[2], row, [name])] if b]
            for thing in {b for _, b in fits}:
                mine, after = [s for s, b in fits if b == thing], set()
                for stage in planned(could[thing]):
                    way = [s[1] for s in mine if allowed(s, stage)]
                    way += [s[1] for s in mine if row["kind"] in self.texts.observed]
                    after |= set(way[:1])
                could[thing] = after or {s[1] for s in mine}
                yield thing, at, index, planned(could[thing])

    def turns(self, edge, params, before):
        """When another state may have begun or ended, right behind the entry that did it."""
        state, args, word = edge.groups()
        theirs, begins, ends, cond = self.texts.states.get(state, ((), (), (), "?"))
        ours = dict(zip(theirs, names(args)))
        entries = sorted((e for e in self.moving if e[0] < before), key=lambda e: (e[1], e[0]))
        if cond:
            stages = set(re.findall(r" is ([\w-]+)", cond))
            if word == "ends" or not STAGES.match(cond) or len(theirs) != 1 or "new" in stages:
                raise Unread(cond)
            for thing, at, index, could in self.lived(theirs[0], stages, entries):
                if could & stages:
                    yield at, index + .5, None, {ours[theirs[0]]: thing}
            return
        for index, at, row in entries:
            for m in begins if word == "begins" else ends:
                bound, _ = self.texts.fit(m, row, theirs)
                if bound is not None:
                    yield at, index + .5, None, {ours[p]: bound[p] for p in theirs if p in bound and ours[p] in params}

    def against(self, claim, evidence, since=None):
        """The entry that shows a claim to be false, or None."""
        since, until = since or claim["from"], claim["to"]
        before, listed = evidence["before"], evidence["entries"]
        def fits(where, row):
            return all(spelled(row.get(f)) == spelled(v) for f, v in where.items())
        if "gate" in claim:
            raise Unread("gate " + claim["gate"])
        if "state" in claim:
            for row, index, begun, ended, loose in self.rows(claim["state"], before):
                if not fits(claim["where"], row) or begun > until or ended <= max(begun, since) or index in listed:
                    continue
                if not loose or not any(self.may_begin(claim["state"], row, i) for i in listed):
                    return index
            return None
        return self.came(claim, listed, since, until, fits, before)

    def came(self, claim, listed, since, until, fits, before):
        entries = [e for e in (self.moving if "kind" in claim else self.all) if e[0] < before]
        if "source" in claim:
            found = [e for e in entries if e[2]["by"] == claim["source"]]
        else:
            found = [e for e in entries if e[2]["kind"] == claim["kind"] and fits(claim["where"], e[2])]
        others = claim.get("other", ())
        same = [{f: e[2].get(f) for f in others} for e in found if e[0] in listed]
        for index, at, row in found:
            if since <= at <= until and index not in listed and not (others and any(
                    row.get(f) == s[f] for s in same for f in others)):
                if "that" not in claim or self.that(claim["that"], row):
                    return index
        return None

    def earlier(self, claim, evidence):
        """Did something unlisted come before the claim begins that could make it false if it began there?"""
        def fits(row):
            if "kind" in claim:
                return row["kind"] == claim["kind"] and all(spelled(row.get(f)) == v for f, v in claim["where"].items())
            params, begins, _, _ = self.texts.states[claim["state"]]
            bound = [self.texts.fit(m, row, params)[0] for m in begins if MOMENT.match(m)]
            return any(b is not None and b.items() >= claim["where"].items() for b in bound)
        return any(at < claim["from"] and index < evidence["before"] and index not in evidence["entries"] and fits(row)
                   for index, at, row in self.moving)

    def may_begin(self, state, args, index):
        params, begins, _, _ = self.texts.states[state]
        row = next((r for i, _, r in self.moving if i == index), None)
        return row is not None and any(b is not None and b.items() >= args.items()
                                       for b in (self.texts.fit(m, row, params)[0] for m in begins))

    def that(self, words, row):
        """Does the row fit what begins or ends this state, with its `where`?"""
        word, state = words.split()
        if word == "answers" or state not in self.texts.states:
            raise Unread(words)
        params, begins, ends, _ = self.texts.states[state]
        for m in begins if word == "begins" else ends:
            if MOMENT.match(m):
                bound, exact = self.texts.fit(m, row, params)
                if not exact:
                    raise Unread(words)
                if bound is not None:
                    return True
        return False


def judged(agreement, rows, order):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as f:
        f.writelines(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        f.flush()
        run = subprocess.run([ENTENTE, "run", "--json", "--order", order, agreement, f.name], stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, timeout=600, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(run.stderr[:400])
    return [json.loads(line) for line in run.stdout.splitlines()]


def without(value, probes, key=""):
    """Indices and ids as they are in a log without these probes."""
    def place(i):
        return i - sum(p < i for p in probes)
    if isinstance(value, dict):
        return {k: without(v, probes, k) for k, v in value.items()}
    if isinstance(value, list):
        return [without(v, probes, key) for v in value]
    if isinstance(value, int) and key in ("entry", "entries", "before"):
        return place(value)
    m = re.fullmatch(r"([\w.-]+/)(\d+)((?:\.\d+)?)", value) if isinstance(value, str) else None
    return f"{m[1]}{place(int(m[2]))}{m[3]}" if m else value


def indexed(agreement, rows, order):
    """What came out, and the index of each row."""
    lines, probed = judged(agreement, rows, order), [rows[0]]
    probe = next({k: v for k, v in row.items() if k != "id"} for row in rows[1:] if row["by"] != "shell")
    for n, row in enumerate(rows[1:], 1):
        probed += [row, {**probe, "at": row["at"], "known": row.get("known", row["at"]), "by": f"probe-{n}"}]
    again = judged(agreement, probed, order)
    probes = {x["by"]: x["entry"] for x in again if "refused" in x and x["by"].startswith("probe-")}
    index = [0] + [without(probes.get(f"probe-{n}", 0) - 1, probes.values(), "entry") for n in range(1, len(rows))]
    again = [without(x, probes.values()) for x in again if x.get("by") not in probes]
    if lines != again or len(set(index)) < len(rows):
        raise RuntimeError("with probes it comes out otherwise")
    return lines, index


class Sum(collections.Counter):
    """Over all logs: claims, those not read, and those that were stretched back."""

    def look(self, log, line, lies, order):
        """Put what is false into `lies`, each with what is owed of it."""
        evidence = line["evidence"]
        for i in evidence["entries"]:
            if i not in log.indices or i > evidence["before"]:
                lies.append((None, f"{line['id']}: entry {i} is no event up to {evidence['before']}"))
        for claim in evidence["absent"]:
            what = next(k for k in ("kind", "state", "gate", "source") if k in claim)
            self["claims"] += 1
            self[what] += 1
            try:
                index = log.against(claim, evidence)
            except Unread as e:
                self["unread " + what] += 1
                self["unread: " + (claim.get("state") or claim.get("that") or str(e))] += 1
                continue
            if index is not None:
                at, told = next((a, r) for i, a, r in log.all if i == index)
                owed = "edge" if at in (claim["from"], claim["to"]) else None
                if order == "known" and any(r["at"] < r.get("known", r["at"]) for i, _, r in log.all
                                            if i <= evidence["before"]):
                    owed = owed or "late"
                lies.append((owed, f"{line['id']} {line['verdict']} at {line['at']}, before {evidence['before']}: "
                                   f"{json.dumps(claim)}, but entry {index} is {json.dumps(told)}"))
            elif what in ("kind", "state") and log.earlier(claim, evidence):
                self["stretched " + what] += 1
                try:
                    self["found out " + what] += log.against(claim, evidence, log.opened) is not None
                except Unread:
                    pass


def logs():
    first, last = map(int, os.environ.get("SEEDS", "1..5").split(".."))
    for path in sorted(glob.glob(os.path.join(ROOT, "examples", "*", "*.jsonl"))):
        folder = os.path.dirname(path)
        with open(path, encoding="utf-8") as f:
            yield os.path.basename(path), os.path.join(folder, os.path.basename(folder) + ".accord"), \
                  [json.loads(line) for line in f]
    for seed in range(first, last + 1):
        for name, agreement, log, _, _ in proven.kinds():
            yield f"{name}, seed {seed}", agreement, log(seed)


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def ok(self, good, what, remarks=(), todo=""):
        self.n += 1
        self.failed += not good and not todo
        print("ok" if good else "not ok", self.n, "-", what + (f" # TODO {todo}" if todo else ""), flush=True)
        for remark in remarks:
            print("#", remark[:1000])


def main():
    total, tap, texts = Sum(), Tap(), {}
    jobs = [(*log, order) for log in logs() for order in proven.ORDERS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [pool.submit(indexed, *job[1:]) for job in jobs]
        for (name, agreement, rows, order), result in zip(jobs, results):
            had, lies = total["claims"], []
            try:
                lines, index = result.result()
            except RuntimeError as e:
                tap.ok(False, f"{name}, order {order}: {e}")
                continue
            if agreement not in texts:
                texts[agreement] = Texts(agreement)
            log = Log(texts[agreement], rows, index, lines)
            for line in lines:
                if line.get("evidence"):
                    total.look(log, line, lies, order)
            had = total["claims"] - had
            owed = sorted({o or "" for o, _ in lies})
            tap.ok(not lies and had > 0, f"{name}, order {order}: {had} claims, {len(lies) or 'none'} false",
                   [lie for o, lie in sorted(lies, key=lambda x: x[0] or "")][:4],
                   "; ".join(OWED[o] for o in owed) if lies and set(owed) <= set(OWED) else "")
    read = total["state"] - total["unread state"]
    tap.ok(2 * read >= total["state"] > 0, f"of {total['state']} claims of a state {read} could be read")
    for what in ("kind", "state"):
        found, of = total["found out " + what], total["stretched " + what]
        least = of / (2 if what == "kind" else 3)
        tap.ok(found > least > 0, f"a claim stretched back is found out, of a {what}: {found} of {of}, each with "
                                  "something before it")
    print("# claims:", ", ".join(f"{total[k]} of a {k}" for k in ("kind", "state", "gate", "source")))
    print("# not read:", ", ".join(f"{v} {k[8:]}" for k, v in sorted(total.items()) if k.startswith("unread: ")))
    print(f"1..{tap.n}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
