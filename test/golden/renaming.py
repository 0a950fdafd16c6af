#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""renaming.py [SEED...]: no word of the field is written in C.

Copies library/*.accord, library/*.feed and the agreements and events of examples/ with every name replaced
by a made-up one: kinds of event, fields, things, choices and their values, roles, sides, states, facts,
lives and stages, gates, limbs, clauses, cases, terms, libraries, variables. Then everything is asked again,
and what comes out, with the names put back, must be the same to the last byte:

    check      of each agreement, with its examples
    run        --json --prove of each file of events, in the order of the log and in that of what happened,
               so that the door, the engine, the view and the checker are all in it; and the table
    explain    of the first breach, unknown and met verdict of each file
    import     of the messages in test/data/plates

Kept are: the words of the language, which are those in quotation marks under GRAMMAR in accord(5), its
types and units, what every theatre has (entry(5)), the letters of sentences, quotations, and the names of
objects and persons. The list of kept words comes from the page and not from the program: a name that the
program knew by itself would be kept as well, and missed.

Second, no name of library/*.accord stands alone in quotation marks in the C of src, unless it is a word of
the language or a key of the output as entente(1) has it.

That this can fail was tried, in a copy, with one of these at a time; each fails both parts:

    engine/door.c    the gate of the kind "movement.go" lets all through      17 of 74 lines fail
    engine/gate.c    a limb called "cordon" is unknown where it would be red  20
    check/state.c    the checker shrugs at a state called "waiting"           17
    view/lines.c     who is called "guest" is told by another name             7

The first seed asks all of this, the others only check and run. Seeds are 1 to 3, or those given. Prints TAP."""
import glob, json, os, random, re, subprocess, sys, tempfile

ROOT = os.path.realpath(os.environ.get("ENTENTE_ROOT") or os.path.join(os.path.dirname(__file__), "..", ".."))
ENTENTE = os.path.realpath(os.environ.get("ENTENTE") or os.path.join(ROOT, "build", "entente"))

NAME = r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*"
WORD = re.compile(NAME)
TOKEN = re.compile(rf'--[^\n]*|"[^"\n]*"|\[[^\]\n]*\]|\d\d:\d\d(?::\d\d)?|{NAME}(?:\.{NAME})?|\d+|->|\s+|.')
DECLARES = """agreement library terms thing choice role table sun event fact state list show life gate authority
           clause example""".split()
TYPES = "time duration count metres point line area text yes-no side source role finding".split()
UNITS = [u + s for u in "millisecond second minute hour day metre kilometre".split() for s in ("", "s")]
EVERYWHERE = {"theatre.opened": (), "tick": (), "sun.up": ("sun",), "sun.down": ("sun",),
              "zone.changed": (), "refused": ()} # kinds of every theatre, and which of their fields are names


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        return f.read()


def section(page, name):
    """A section of a manual page, without its markup's marks."""
    text = read(os.path.join(ROOT, "doc", page))
    start = text.index(".Sh " + name)
    end = text.find("\n.Sh ", start)
    return text[start:end if end > 0 else None]


LANGUAGE = set(re.findall(r'"([a-z][a-z-]*)"', section("accord.5", "GRAMMAR")))
LANGUAGE |= set(TYPES) | set(UNITS) | {"new", "yes", "no"}


class Text:
    """A text of the language: its words, and which of them are names."""

    def __init__(self, source):
        self.token = TOKEN.findall(source)
        self.names = []     # (index in token, the half of it that is a name: 0, 1 or None for all of it)
        self.kinds = {}     # kind of event -> {field: type}
        self.choices = {}   # choice -> values
        words = [i for i, t in enumerate(self.token) if not t.isspace() and not t.startswith("--")]
        declares, depth = "", 0
        for k, i in enumerate(words):
            t = self.token[i]
            before = self.token[words[k - 1]] if k > 0 else ""
            behind = self.token[words[k + 1]] if k + 1 < len(words) else ""
            depth = max(0, depth + (t == "(") - (t == ")")) # the letter of a sentence has a bracket of its own
            begins = i == 0 or self.token[i - 1].endswith("\n")
            if begins and t in DECLARES:
                declares = t
            elif WORD.match(t) and "." in t:
                self.names.append((i, 0))
                self.names.append((i, 1))
            elif WORD.match(t) and not (behind == ")" and depth == 0):  # which is the letter of a sentence
                if t not in LANGUAGE or self.is_name(t, before, behind, declares):
                    self.names.append((i, None))
        self.letters()
        self.vocabulary([self.token[i] for i in words])

    @staticmethod
    def is_name(t, before, behind, declares):
        """Does this word of the language stand where only a name can?"""
        if t in ("yes", "no", "by", "now", "except"):
            return False
        if before in ("(", ",") and behind == ":":
            return True     # a field
        if behind == "version" and before in ("library", "uses", ","):
            return True
        if t == "finding" and declares == "thing":
            return False    # the type of a verdict that has a name
        if before in ("(", ",") and behind in (",", ")") and declares != "example":
            return True     # an argument, one of a list
        if declares == "authority" and before in (",", "command", "coordinate", "report", "observe"):
            return True     # a family
        return (before in ("case", "->") or (before, t) == ("is", "refused") or (t, behind) == ("role", "is")
                or (t == "zone" and before != "time"))

    def letters(self):
        """`C3.a` names the sentence a) of clause C3; the letter stays."""
        self.names = [(i, half) for i, half in self.names if not (half == 1 and self.token[i].split(".")[0] in CLAUSES)]

    def vocabulary(self, words):
        for k, t in enumerate(words):
            if t == "event" and k + 2 < len(words) and "." in words[k + 1]:
                fields = self.kinds.setdefault(words[k + 1], {})
                for j in range(k + 3, words.index(")", k)):
                    if words[j] == ":":
                        fields[words[j - 1]] = words[j + 1]
            if t == "choice" and words[k + 2] == "=":
                j = k + 3
                while words[j + 1] == ",":
                    j += 2
                self.choices[words[k + 1]] = words[k + 3:j + 1:2]

    def words(self):
        for i, half in self.names:
            yield self.token[i] if half is None else self.token[i].split(".")[half]

    def renamed(self, new):
        token = list(self.token)
        for i, half in self.names:
            if half is None:
                token[i] = new[token[i]]
            else:
                halves = token[i].split(".")
                halves[half] = new[halves[half]]
                token[i] = ".".join(halves)
        return "".join(token)


def dotted(name, new):
    return ".".join(new[half] for half in name.split("."))


def event_renamed(line, texts, new):
    """A line of a file of events, with its keys, and its values where their type has names."""
    e, out = json.loads(line), {}
    kind = e["kind"]
    types = {} if kind in EVERYWHERE else next(t.kinds[kind] for t in texts if kind in t.kinds)
    for key, value in e.items():
        choice = next((t.choices[types[key]] for t in texts if types.get(key) in t.choices), ())
        if key == "kind":
            value = value if kind in EVERYWHERE else dotted(value, new)
        elif key == "appointments" and kind == "theatre.opened":
            value = {dotted(role, new): who for role, who in value.items()}
        elif types.get(key) == "role":
            value = dotted(value, new)
        elif value in choice or types.get(key) == "side" or key in EVERYWHERE.get(kind, ()):
            value = new[value]
        out[new[key] if key in types else key] = value
    return json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n"


def feed_renamed(source, texts, new):
    """A feed, or lines of cameras: kinds and fields of the vocabulary, and values of its choices. What the
    makers say is theirs."""
    values = {v for t in texts for c in t.choices.values() for v in c}
    fields = {f for t in texts for k in t.kinds.values() for f in k}

    def put(pattern, said, known=None):
        """Renames the last group of what fits, name by name, if it is known."""
        def one(m):
            last = m.group(m.lastindex)
            named = WORD.sub(lambda w: new[w.group()] if known is None or w.group() in known else w.group(), last)
            return m.group()[:len(m.group()) - len(last)] + named
        return re.sub(pattern, one, said)

    out, inside, table = [], False, False
    for line in source.split("\n"):
        said, remark = re.fullmatch(r"(.*?)(--.*|)", line).groups()
        if said.strip():
            table = said.startswith("table") or (table and said.startswith(" "))
        becomes = said.startswith("    becomes ")
        if table:
            said = put(rf"(?:[a-z_]+) ({NAME})(?=\s*(?:,|$))", said, values)
        said = put(rf"(?:becomes )({NAME}\.{NAME})", said)
        said = put(rf"(?:camera gives )({NAME}(?:, {NAME})*)", said)
        if said.startswith("camera"):
            said = put(rf"({NAME})(?= = )", said)
        if inside and not becomes:
            said = put(rf"^(?:        )({NAME})(?= )", said, fields)
        inside = becomes or (inside and line.startswith("        "))
        out.append(said + remark)
    return "\n".join(out)


def made_up(words, taken, seed):
    """A new name for each word: one to one, of other lengths and in another order, and none of `taken`."""
    rng, new, taken = random.Random(seed), {}, {t.lower() for t in taken}
    for word in sorted(words):
        while True:
            parts = ["".join(rng.choice("bcdfghjklmnpqrstvwxz") + rng.choice("aeiouy")
                             for _ in range(rng.randint(2, 4))) for _ in range(rng.randint(1, 2))]
            name = "-".join(parts)
            if rng.random() < 0.2:
                name = name.capitalize()
            if rng.random() < 0.2:
                name += str(rng.randint(0, 99))
            if not {name.lower(), *parts} & taken:
                break
        taken.add(name.lower())
        new[word] = name
    return new


class Tree:
    """Examples and libraries in a folder of their own, as they are or renamed."""

    def __init__(self, folder, new=None):
        self.folder, self.old = folder, {n: w for w, n in (new or {}).items()}
        texts = {p: Text(read(p)) for p in TEXTS}
        for path in TEXTS + EVENTS + FEEDS:
            name = os.path.relpath(path, ROOT)
            if path in texts:
                content = texts[path].renamed(new) if new else read(path)
                library = os.path.splitext(os.path.basename(path))[0]
                if new and content.startswith("library", content.find("\nlibrary") + 1):
                    name = os.path.join(os.path.dirname(name), new[library] + ".accord")
            elif path in EVENTS:
                folders = os.path.dirname(path), os.path.join(ROOT, "library")
                near = [t for f in folders for p, t in texts.items() if os.path.dirname(p) == f]
                content = read(path)
                if new:
                    content = "".join(event_renamed(line, near, new) for line in content.splitlines())
            else:
                content = feed_renamed(read(path), texts.values(), new) if new else read(path)
            target = os.path.join(folder, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8", errors="surrogateescape") as f:
                f.write(content)

    def back(self, said):
        return WORD.sub(lambda m: self.old.get(m.group(), m.group()), said)

    def ask(self, *arguments):
        """What the program says, with the names put back and without the hashes, which are of other bytes."""
        done = subprocess.run([ENTENTE, *arguments], cwd=self.folder, capture_output=True, check=False)
        said = f"status {done.returncode}\n{done.stderr.decode()}\n{done.stdout.decode()}"
        return self.back(re.sub(r"\b[0-9a-f]{64}\b", "HASH", said))


def found(*pattern):
    return sorted(glob.glob(os.path.join(ROOT, *pattern)))


TEXTS = found("library", "*.accord") + found("examples", "*", "*.accord")
EVENTS = found("examples", "*", "*.jsonl")
FEEDS = found("library", "*.feed") + found("test", "data", "plates", "*.feed")
PLATES = [p for p in found("test", "data", "plates", "*") if not p.endswith((".feed", ".want"))]


CLAUSES = {name for p in TEXTS for name in re.findall(r"^clause (\S+)", read(p), re.M)}


def questions(plain):
    """Name and arguments of each; paths are those inside a tree."""
    for path in TEXTS:
        name = os.path.relpath(path, ROOT)
        if name.startswith("examples") and read(path).find("\nagreement") >= 0:
            yield name, ("check", name)
    for path in EVENTS:
        events = os.path.relpath(path, ROOT)
        place = os.path.dirname(events)
        agreement = os.path.join(place, os.path.basename(place) + ".accord")
        for order in ("known", "happened"):
            yield f"{events}, order {order}", ("run", "--json", "--prove", "--order", order, agreement, events)
        yield f"{events}, the table", ("run", agreement, events)
        done = plain.ask("run", "--json", agreement, events)
        for verdict in ("breached", "unknown", "met"):
            first = re.search(rf'"verdict":"{verdict}","id":"([^"]*)"', done)
            if first:
                yield f"{events}, why {first.group(1)}", ("explain", agreement, events, first.group(1))
    for path in PLATES:
        yield os.path.relpath(path, ROOT), (
            "import", "plates", path, "--cameras", "test/data/plates/cameras.feed",
            "--agreement", "examples/karachi/karachi.accord")


def spaced(said):
    """Columns are as wide as their words."""
    return re.sub(r"[ \n]+", " ", said)


def difference(want, got):
    old, now = want.split("\n") + ["nothing"], got.split("\n") + ["nothing"]
    at = next((i for i, (a, b) in enumerate(zip(old, now)) if spaced(a) != spaced(b)), min(len(old), len(now)) - 1)
    return f"line {at + 1} was\n{old[at]}\nand is\n{now[at]}"


def declared(source):
    """What a library declares to be spoken of: no variables and no fields, which are words like any."""
    said = re.sub(r"--.*", "", source)
    names = set(re.findall(rf"^(?:event|state|gate|list|life|clause|table|sun) ({NAME}(?:\.{NAME})?)", said, re.M))
    names |= set(re.findall(rf"^fact +(?:{NAME}\.)?({NAME})", said, re.M))
    names |= set(re.findall(rf"\b({NAME}\.{NAME})", said))
    for line in re.findall(r"^(?:thing|choice) +(.*)", said, re.M):
        names |= set(WORD.findall(re.sub(r" private.*", "", line)))
    for line in re.findall(r"^role +(.*)", said, re.M):
        names |= set(re.findall(rf"({NAME})\.", line))
    for block in re.findall(r"^(?:terms|life .*|gate .*)\n((?: .*\n|\n)+)", said, re.M):
        names |= set(re.findall(rf"^    ({NAME})(?: +(?:=|\"|->))", block, re.M))
        names |= set(re.findall(rf"-> ({NAME})", block))
    return names


def names_in_c():
    """What stands alone in quotation marks in a pure folder of src and is declared in the libraries."""
    libraries = [p for p in TEXTS if p.startswith(os.path.join(ROOT, "library"))]
    words = set().union(*(declared(read(p)) for p in libraries)) - LANGUAGE - set(EVERYWHERE)
    words -= set(WORD.findall(section("entry.5", "ENTRIES OF EVERY THEATRE")))  # `live`, a clock
    words -= set(re.findall(r"^\.It (?:Cm|Li|Sy) (\w+)$", read(os.path.join(ROOT, "doc", "entente.1")), re.M))  # `due`
    for line in read(os.path.join(ROOT, "src", "LAYERS")).splitlines():
        folder = re.match(r"(\w+) +(!?)pure", line)
        if folder is None or folder.group(2):
            continue
        for path in sorted(glob.glob(os.path.join(ROOT, "src", folder.group(1), "*"))):
            code = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), read(path), flags=re.S)
            for m in re.finditer(r'"((?:[^"\\\n]|\\.)*)"', code):
                if m.group(1) in words:
                    yield f'{os.path.relpath(path, ROOT)}:{code.count(chr(10), 0, m.start()) + 1}: "{m.group(1)}"'


def main(arguments):
    seeds = [int(a) for a in arguments] or [1, 2, 3]
    count = failed = 0

    def ok(good, name, detail=""):
        nonlocal count, failed
        count += 1
        failed += not good
        print("ok" if good else "not ok", count, "-", name, flush=True)
        for line in detail.splitlines()[:12]:
            print("#", line[:400])

    texts = [Text(read(p)) for p in TEXTS]
    words = {w for t in texts for w in t.words()}
    with tempfile.TemporaryDirectory() as folder:
        plain = Tree(os.path.join(folder, "plain"))
        asked = list(questions(plain))
        shorter = [(name, arguments) for name, arguments in asked if arguments[0] == "check" or "known" in arguments]
        want = {name: plain.ask(*arguments) for name, arguments in asked}
        there = "".join(map(read, TEXTS + EVENTS + FEEDS + PLATES)) + "".join(want.values())
        taken = LANGUAGE | set(WORD.findall(there))
        for seed in seeds:
            new = made_up(words, taken, seed)
            tree = Tree(os.path.join(folder, str(seed)), new)
            CLAUSES.update([new[c] for c in CLAUSES if c in new])
            copies = glob.glob(os.path.join(tree.folder, "**", "*.accord"), recursive=True)
            left = sorted({w for p in copies for w in Text(read(p)).words()} & words)
            ok(not left, f"seed {seed}: {len(words)} names, none of which is left", " ".join(left))
            for name, arguments in asked if seed == seeds[0] else shorter:
                given = [new.get(a, a) if not a.startswith("C") else a for a in arguments]
                if arguments[0] == "explain":
                    head, tail = re.fullmatch(rf"({NAME})(.*)", arguments[-1]).groups()
                    given[-1] = new[head] + tail
                got = tree.ask(*given)
                exact = "--json" in arguments or arguments[0] == "import"
                same = got == want[name] if exact else spaced(got) == spaced(want[name])
                ok(same, f"seed {seed}: {name}", "" if same else difference(want[name], got))
    known = list(names_in_c())
    ok(not known, "no name of library/*.accord stands in the C", "\n".join(known))
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
