#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `entente check` says of a mistake: one a block of diagnostics/*.diag, held to the byte.

    diagnostics.py [--update] [FILE.diag...]        the program is $ENTENTE; prints TAP

A block is a text with one mistake that a person would make, and below the line it is about what the
program says of it, with a mark under the very place:

    %% a limit without its unit
    clause A "Dwell"
        duty host, owed to guest, severity red, case door(d)
        while full(d): must not last more than 10
                                               ^
    text.accord:4:44: '10' has no unit: write 10 minutes, hours or days as it is meant

`%%` opens a block, and stands for a first line that says `agreement ...` and uses yard version 1
(diagnostics/yard.accord), so that lines are counted as they stand here. After `%%%` the text brings
its own beginning, and the line is empty. What is said of no place in the text stands at the end. `--update` writes
what the program says now; read it before you keep it.

Held besides: exit 2, nothing on standard output, no two blocks of one title, and at least 40
messages that differ when names and numbers are left out."""
import os, re, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "diagnostics")
HEAD = ('agreement "Yard" version 1 between host "Works" and guest "Carrier" time zone "UTC" uses yard version 1')
DISTINCT = 40
SAID = re.compile(r"text\.accord:(\d+):(\d+): ")


class Block:
    def __init__(self, mark, title):
        self.mark, self.title, self.text, self.want = mark, title, [], []

    def first_line(self):
        return HEAD if self.mark == "%%" else ""


def blocks(path):
    """The blocks of a file, and the lines above the first."""
    above, found, said = [], [], False
    with open(path, encoding="utf-8", newline="") as f:
        lines = f.read().split("\n")
    for line in lines[:-1]:
        m = re.match(r"(%%%?) (.*)", line)
        if m:
            found.append(Block(*m.groups()))
            said = False
        elif not found:
            above.append(line)
        elif re.fullmatch(r" *\^", line):
            found[-1].want.append(line)
            said = True
        elif said and re.match(r"\S+:\d+:\d+: |entente: ", line):
            found[-1].want.append(line)
            found[-1].text.append(None)  # text goes on behind what was said
        else:
            found[-1].text.append(line)
            said = False
    for b in found:
        b.text = [line for line in b.text if line is not None]
        while b.text and b.text[-1] == "":
            b.text.pop()
    return above, found


def rendered(block, said):
    """The block's text with what was said of each line below it."""
    lines = [""] + block.text
    out, rest = [], []
    below = {}
    for line in said:
        m = SAID.match(line)
        if m and int(m.group(1)) <= len(lines):
            below.setdefault(int(m.group(1)), []).append((int(m.group(2)), line))
        else:
            rest.append(line)
    for number, line in enumerate(lines, 1):
        if number > 1:
            out.append(line)
        for column, what in below.get(number, []):
            out += [" " * (column - 1) + "^", what]
    if rest:
        out += ["^"] + rest
    return out


def raw_blocks(path):
    """Each block's lines as they stand."""
    found = []
    with open(path, encoding="utf-8", newline="") as f:
        for line in f.read().split("\n")[:-1]:
            if re.match(r"%%%? ", line):
                found.append([])
            elif found:
                found[-1].append(line)
    for b in found:
        while b and b[-1] == "":
            b.pop()
    return found


def said_of(program, block):
    """Exit, standard output and the lines of standard error for a block's text."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(HERE, "yard.accord"), folder)
        with open(os.path.join(folder, "text.accord"), "w", encoding="utf-8", newline="") as f:
            f.write("\n".join([block.first_line()] + block.text) + "\n")
        run = subprocess.run([program, "check", "text.accord"], capture_output=True, text=True, cwd=folder, errors="replace", timeout=60)
    return run.returncode, run.stdout, run.stderr.rstrip("\n").split("\n") if run.stderr else []


def without_names(message):
    text = re.sub(r"^\S+:\d+:\d+: ", "", message)
    return re.sub(r"\d+", "0", re.sub(r"'[^']*'", "''", text))


def main(argv):
    update = "--update" in argv
    paths = [a for a in argv if a != "--update"]
    every = not paths
    if every:
        paths = sorted(os.path.join(HERE, f) for f in os.listdir(HERE) if f.endswith(".diag"))
    program = os.path.abspath(os.environ["ENTENTE"])
    n = failed = 0
    titles, templates = set(), set()

    def ok(good, text, detail=""):
        nonlocal n, failed
        n += 1
        failed += not good
        print(("ok" if good else "not ok"), n, "-", text)
        for line in detail.splitlines():
            print("#", line)

    for path in paths:
        above, found = blocks(path)
        stands = raw_blocks(path)
        out = above
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = list(pool.map(lambda block: said_of(program, block), found))
        for block, want, (code, stdout, said) in zip(found, stands, answers):
            got = rendered(block, said)
            out = out + [f"{block.mark} {block.title}"] + got + [""]
            name = f"{os.path.basename(path)[:-5]}: {block.title}"
            for message in said:
                templates.add(without_names(message))
            if update:
                if code != 2:
                    print(f"# {name}: exit {code}")
                continue
            good = got == want and code == 2 and stdout == "" and len(said) > 0 and name not in titles
            why = "" if good else f"exit {code}; standard output has {len(stdout)} bytes\nsaid:\n" + "\n".join(got)
            ok(good, name, why)
            titles.add(name)
        if update:
            with open(path, "w", encoding="utf-8", newline="") as f:
                f.write("\n".join(out[:-1]) + "\n")
    if update:
        print(f"# {len(templates)} messages differ without their names")
        return 0
    if every:
        ok(len(templates) >= DISTINCT, f"{len(templates)} messages differ without their names, at least {DISTINCT}")
    print(f"1..{n}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
