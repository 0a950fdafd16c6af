#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the examples of accord(5) and entente(1).

    man_examples.py [PROGRAM [PAGE...]]

Without them, the program is $ENTENTE and the pages are those two of $ENTENTE_ROOT/doc.
A remark `.\\" test: WHAT` stands before a block from .Bd to .Ed and says what it is:

    accord          an agreement: `check` finds nothing wrong, and at least one example of it holds
    library NAME    a library, beside the page's other texts: `check` finds nothing wrong
    diag            what `check` says of the text before, which is refused
    not yet         an agreement with remarks `-- not yet: WHAT`: `check` says just these, in this order
    file NAME       a file for the commands below it
    lines NAME      a file of JSON lines: a line that begins with a blank goes on from the one before
    command STATUS  commands, a line each, as a person would type them, and how the last one ends
    prints          what they print, errors after all else; three dots stand for any lines, and at the
                    end of a line for the rest of it
    prints lines    the same, as JSON lines

A line of `command` or `prints` that ends in a backslash goes on in the next one.

The blocks of a page share a folder, in which its commands run; `examples` and `library` of the
source tree stand in it too. A block that begins like a text of the language must have a remark.
Prints TAP."""
import difflib, os, re, shlex, subprocess, sys, tempfile

TEXT = "agreement.accord"
REMARK = '.\\" test: '
NOT_YET = " is part of the language and not built"


def plain(line):
    """A line of a literal block as a person reads it."""
    for mark, char in (("\\&", ""), ("\\(dq", '"'), ("\\(aq", "'"), ("\\-", "-"), ("\\e", "\\")):
        line = line.replace(mark, char)
    return line


def blocks(page):
    """(number of the line, the remark or None, the lines) for each literal block of a page."""
    remark, body, start = None, None, 0
    with open(page, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line.startswith(REMARK):
                remark = line[len(REMARK):]
            elif line.startswith(".Bd -literal"):
                body, start = [], number
            elif line == ".Ed" and body is not None:
                yield start, remark, body
                remark, body = None, None
            elif body is not None:
                body.append(plain(line))


def unfold(lines, joint=""):
    """Lines that begin with a blank go on from the one before."""
    whole = []
    for line in lines:
        if line.startswith(" ") and whole:
            whole[-1] += joint + line.strip()
        else:
            whole.append(line)
    return whole


def join(lines):
    """A line that ends in a backslash goes on in the next one."""
    whole, goes_on = [], False
    for line in lines:
        part = line[:-1].rstrip() if line.endswith("\\") else line
        if goes_on:
            whole[-1] += " " + part.strip()
        else:
            whole.append(part)
        goes_on = line.endswith("\\")
    return whole


def fits(want, got):
    """Are these the lines? `...` stands for any number of them, or for the rest of one."""
    if not want:
        return not got
    first = want[0].rstrip()
    if first.strip() == "...":
        return any(fits(want[1:], got[i:]) for i in range(len(got) + 1))
    same = got[:1] and (got[0].startswith(first[:-3]) if first.endswith(" ...") else got[0].rstrip() == first)
    return bool(same) and fits(want[1:], got[1:])


class Page:
    def __init__(self, program, path):
        self.program, self.name = program, os.path.basename(path)
        self.dir = tempfile.TemporaryDirectory(prefix="man-")
        root = os.path.dirname(os.path.dirname(os.path.abspath(path)))
        for folder in ("examples", "library"):
            os.symlink(os.path.join(root, folder), os.path.join(self.dir.name, folder))
        self.ran = 0         # blocks
        self.printed = []    # by the commands before, and by the last check
        self.failed = None   # the last text was refused, and nothing has spoken of it yet

    def call(self, *args):
        run = subprocess.run([self.program, *args], cwd=self.dir.name, capture_output=True, text=True, timeout=120)
        return run.returncode, run.stdout + run.stderr

    def write(self, name, lines):
        with open(os.path.join(self.dir.name, name), "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")

    def accord(self, where, lines):
        self.write(TEXT, lines)
        code, said = self.call("check", TEXT)
        self.printed = said.splitlines()
        if code == 2:
            self.failed = where
            return None # right or wrong: the next block tells
        held = re.search(r"; (\d+) examples? holds?$", said, re.MULTILINE)
        ok(code == 0 and held is not None and int(held.group(1)) > 0, f"{where}: the text holds", said)

    def library(self, where, lines, name):
        self.write(name + ".accord", lines)
        code, said = self.call("check", name + ".accord")
        ok(code == 0, f"{where}: the library {name} is well made", said)

    def diag(self, where, lines):
        ok(self.failed is not None, f"{where}: the text before is refused")
        self.failed = None
        self.compare(where, "what is wrong is told so", unfold(lines, " "))

    def not_yet(self, where, lines):
        want, told = [], False
        for line in lines:
            remark = re.match(r"\s*--\s+(not yet: )?(.*)", line)
            if remark is not None and remark.group(1):
                want.append(remark.group(2))
            elif remark is not None and told:
                want[-1] += " " + remark.group(2)
            told = remark is not None and (told or remark.group(1) is not None)
        self.write(TEXT, lines)
        code, said = self.call("check", TEXT)
        got = [re.sub(r"^\S+: not yet: ", "", line).split(NOT_YET)[0] for line in said.splitlines()]
        ok(code == 2 and got == want, f"{where}: {len(want)} forms are refused as not built", difference(want, got))

    def command(self, where, lines, status):
        self.printed, code = [], None
        for line in join(lines):
            words = shlex.split(line)
            if words[:1] != ["entente"]:
                ok(False, f"{where}: '{line}' is no command of this program")
                continue
            code, said = self.call(*words[1:])
            self.printed += said.splitlines()
        ok(code == int(status), f"{where}: {join(lines)[-1]}: ends with {status}", f"it ended with {code}\n" + "\n".join(self.printed))

    def compare(self, where, what, want):
        ok(fits(want, self.printed), f"{where}: {what}", difference(want, self.printed))

    def block(self, number, remark, lines):
        where, words = f"{self.name}:{number}", (remark or "").split()
        if self.failed is not None and remark != "diag":
            ok(False, f"{self.failed}: the text holds", "\n".join(self.printed))
            self.failed = None
        if remark is None:
            first = lines[0].split()[:1] if lines else []
            if first in (["agreement"], ["library"]):
                ok(False, f"{where}: a text of the language that is not run: give it a remark")
            return
        self.ran += 1
        if remark == "accord":
            self.accord(where, lines)
        elif words[0] == "library":
            self.library(where, lines, words[1])
        elif remark == "diag":
            self.diag(where, lines)
        elif remark == "not yet":
            self.not_yet(where, lines)
        elif words[0] in ("file", "lines"):
            self.write(words[1], unfold(lines) if words[0] == "lines" else lines)
        elif words[0] == "command":
            self.command(where, lines, words[1])
        elif words[0] == "prints":
            self.compare(where, "prints this", unfold(lines) if words[1:] == ["lines"] else join(lines))
        else:
            ok(False, f"{where}: 'test: {remark}' is none of the remarks")


def difference(want, got):
    return "\n".join(difflib.unified_diff(want, got, "the page", "the program", lineterm="", n=1))


count = failures = 0


def ok(good, text, detail=""):
    global count, failures
    count += 1
    failures += not good
    print(("ok" if good else "not ok"), count, "-", text)
    if not good:
        for line in detail.splitlines()[:60]:
            print("#", line)


def main(argv):
    doc = os.path.join(os.environ.get("ENTENTE_ROOT", "."), "doc")
    program = os.path.abspath(argv[0] if argv else os.environ["ENTENTE"])
    for path in argv[1:] or [os.path.join(doc, name) for name in ("accord.5", "entente.1")]:
        page = Page(program, path)
        with page.dir:
            for block in blocks(path):
                page.block(*block)
            page.block(0, None, []) # a text that was refused and that nothing speaks of
        ok(page.ran > 0, f"{page.name}: {page.ran} blocks were run")
    print(f"1..{count}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
