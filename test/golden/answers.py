#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""answers.py [FILE.accord...]: the examples of the texts beside this file, and that each of them can fail.

Every example is a line, named by its title. Then each expectation is turned round in a copy, one at a time (`expect X
breached` against `expect no X breached`), and the program must find fault with that expectation and with no other. Of
`expect refused` there is no such form: there the events that were refused are taken out of the example, and
`refused` must no longer hold.

The examples of answers.accord bear the numbers of the stated answers, accord(5). Each number of that page has an
example, or stands in NOT_HERE with the reason. Prints TAP."""
import os, re, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ["ENTENTE_ROOT"]
ENTENTE = os.path.abspath(os.environ["ENTENTE"])
FAULT = re.compile(r"text\.accord:(\d+):(\d+): (?!note: )(.*)")
EXAMPLE = re.compile(r'example "([^"]*)"')
EXPECT = re.compile(r"(\s+(?:day \d+ )?\d\d:\d\d(?::\d\d)?\s+)expect ")

NOT_HERE = {
    5: "logs that begin `partial` are not built; that entry 0 says so and is refused is in test/unit/event_opening.c",
    14: "amendments are not built",
    17: "no example shows entry 0: test/unit/event_opening.c and root.py do; signing is not built",
    19: "`marginal` is not built; the types are those of the pages that man_examples.py plays",
    20: "a line of an example cannot lie ahead of `known`: test/shell/bad_input.t has one; jumps are not built",
}


class Expectation:
    """One expectation of an `expect`: where it stands, and the title of its example."""

    def __init__(self, title, line, start, end, text):
        self.title, self.line, self.start, self.end, self.text = title, line, start, end, text


def pieces(text, start):
    """The expectations of a line from `start` on: where each begins and ends."""
    found, depth, begin = [], 0, start
    code = text.split(" --")[0].rstrip()
    for i in range(start, len(code) + 1):
        at_end = i == len(code)
        if not at_end:
            depth += (code[i] == "(") - (code[i] == ")")
        if at_end or (code[i] == "," and depth == 0):
            while code[begin] == " ":
                begin += 1
            found.append((begin, i))
            begin = i + 1
            if at_end:
                break
    return found


def read(path):
    """The lines of a text, the titles of its examples by the line they begin in, and all that is expected."""
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    titles, wants, title = {}, [], None
    for number, line in enumerate(lines, 1):
        m = EXAMPLE.match(line)
        if m:
            title = titles[number] = m.group(1)
            continue
        m = EXPECT.match(line)
        if m and title is not None:
            wants += [Expectation(title, number, a, b, line[a:b]) for a, b in pieces(line, m.end())]
        elif " expect " in line.split("--")[0]:
            raise SystemExit(f"{path}:{number}: this line expects in a form that answers.py does not read")
    return lines, titles, wants


def check(lines, folder):
    """Exit status, and what is at fault: line, column, words."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        with open(os.path.join(own, "text.accord"), "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
        run = subprocess.run([ENTENTE, "check", "text.accord"], capture_output=True, text=True, cwd=own, timeout=120)
    return run.returncode, [(int(a), int(b), c) for a, b, c in FAULT.findall(run.stderr)], run.stderr


def turned(text):
    """The opposite of an expectation."""
    happened, rest = re.match(r"(happened )?(.*)", text).groups()
    return (happened or "") + (rest[3:] if rest.startswith("no ") else "no " + rest)


def turned_round(lines, titles, want):
    """The text with one expectation turned round, of the same number of lines."""
    out = list(lines)
    line = out[want.line - 1]
    if want.text != "refused":
        out[want.line - 1] = line[:want.start] + turned(want.text) + line[want.end:]
        return out
    first = max(n for n in titles if n <= want.line)
    last = min([n for n in titles if n > want.line], default=len(lines) + 1)
    for number in range(first + 1, last):
        m = EXPECT.match(lines[number - 1])
        if m is None or all(lines[number - 1][a:b] != "refused" for a, b in pieces(lines[number - 1], m.end())):
            continue
        above = number - 2
        while above >= first and EXPECT.match(lines[above]):
            above -= 1
        out[above] = ""
        out[number - 1] = ""
    out[want.line - 1] = EXPECT.match(line).group(0) + "refused"
    return out


def numbers_of_the_page():
    """How many stated answers accord(5) has."""
    with open(os.path.join(ROOT, "doc", "accord.5"), encoding="utf-8") as f:
        page = f.read()
    start = page.index(".Sh STATED ANSWERS")
    return page[start:page.index(".Sh", start + 1)].count("\n.It\n")


def main(argv):
    paths = argv or [os.path.join(HERE, f) for f in sorted(os.listdir(HERE)) if f.endswith(".accord")]
    n = failed = 0

    def ok(good, text, detail=""):
        nonlocal n, failed
        n += 1
        failed += not good
        print("ok" if good else "not ok", n, "-", text, flush=True)
        for line in "" if good else detail.splitlines()[:20]:
            print("#", line[:300])

    ok(len(paths) > 0, f"{len(paths)} texts are found")
    for path in paths:
        name = os.path.basename(path)[:-7]
        lines, titles, wants = read(path)
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
            code, faults, said = check(lines, folder)
            starts = sorted(titles)
            for i, start in enumerate(starts):
                end = starts[i + 1] if i + 1 < len(starts) else len(lines) + 1
                mine = [w for line, _, w in faults if start <= line < end]
                played = code == 0 or mine or "examples do not hold" in said
                some = any(start <= w.line < end for w in wants)
                why = "\n".join(mine) or said or "nothing is expected"
                ok(played and not mine and some, f"{name}: {titles[start]}", why)
            ok(len(set(titles.values())) == len(titles), f"{name}: no two examples have one title")
            if code != 0:
                ok(False, f"{name}: it holds, and so can be turned round", said)
                continue
            results = list(pool.map(lambda w: check(turned_round(lines, titles, w), folder), wants))
        by_title = {title: [] for title in titles.values()}
        for want, (code, faults, said) in zip(wants, results):
            found = [c for line, c, _ in faults if line == want.line]
            good = code == 2 and bool(found)
            if want.text != "refused":
                good = good and len(faults) == 1 and want.start < found[0] <= want.start + len(turned(want.text))
            by_title[want.title].append((good, f"{name}.accord:{want.line}: {want.text}: exit status {code}\n{said}"))
        for title, each in by_title.items():
            bad = [detail for good, detail in each if not good]
            of = f"{len(each) - len(bad)} of {len(each)}"
            ok(not bad, f"{name}: {of} fail when turned round: {title}", "\n".join(bad))
        if name == "answers":
            covered = {int(m.group(1)) for m in (re.match(r"(\d+)\. ", t) for t in titles.values()) if m}
            page = range(1, numbers_of_the_page() + 1)
            for number in page:
                if number in NOT_HERE:
                    ok(number not in covered, f"answer {number} has no example: {NOT_HERE[number]}", "it has one now")
                else:
                    ok(number in covered, f"answer {number} has an example", "none bears its number")
            ok(covered | set(NOT_HERE) == set(page), "no example bears a number that is no answer")
    print(f"1..{n}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
