#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_texts.py ROOT: holds every text of the repository to what can be read off it.

 - code, build files and pages say their licence (an agreement and a feed are the parties' own);
 - a header names itself and says in a sentence what it is;
 - nothing names a machine: no path below somebody's home or of this checkout, no host that is not on the list;
 - a line is at most WIDTH characters, without blanks at its end, tabs in C, or a missing last line end;
 - a function has at most LINES lines;
 - what a header declares stands under a comment.

Where that is not so yet, STILL says how often: a number that may only fall. First it shows, on a small tree full
of mistakes, that it would see each of them.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

LICENCE = 'SPDX-License-Identifier: Apache-2.0'
WIDTH = 120
LINES = 80
STILL = {'wide': 240, 'long': 2, 'bare': 30, 'unlicensed': 1}

CODE = re.compile(r'(.*\.(c|h|def|py|sh|t|[1-9])|.*meson\.build|meson_options\.txt|(.*/)?Makefile|tools/.*|\.ci/.*)$')
WRITTEN = re.compile(CODE.pattern[:-1] + r'|.*\.md|src/LAYERS$')  # by us, for people: width and blanks count
HOSTILE = 'test/fuzz/corpus/'  # bytes as they come; a host in them is nobody's
HOSTS = {'www.apache.org', 'spdx.org', 'www.crockford.com', 'www.isapi.org', 'www.hikvision.com', 'www.w3.org',
         'www.rfc-editor.org', 'datatracker.ietf.org', 'localhost', 'example.com', 'example.org', 'example.net'}
URL = re.compile(r'\b[a-z]{2,6}://(?:[^/\s@"\'<>]*@)?([A-Za-z0-9.-]+)')
SERVER = re.compile(r'(?<![\w.@-])(?:deb|ftp|registry|proxy|mirrors?|packages|index|snapshot|cdn)'
                    r'(?:\.[a-z0-9-]+)*\.(?:org|com|net|io|dev)\b')
HOMES = re.compile(r'(?<![\w.}\-])/(?:home|root|work|workspace|Users|mnt|tmp)/[\w.-]+')
TEMPORARY = re.compile(r'/tmp/([\w.-]*XXXXXX|yard)$')  # what mkdtemp fills in; what a reader is told to make
SHARED_PARENTS = {'', '/', '/tmp', '/usr', '/usr/src', '/var/tmp', '/home', '/root', '/srv', '/opt', '/mnt'}
PROTOTYPE = re.compile(r'^(?!static|typedef|struct \w+ \{|enum|[# /*])[A-Za-z_].*?\b(\w+)\([^;{]*\);', re.M)


def repository_files(root):
    """Files git knows or would add; where there is no git, all but what is hidden or built."""
    if os.path.exists(os.path.join(root, '.git')) and shutil.which('git'):
        git = subprocess.run(['git', '-C', root, 'ls-files', '-z', '-co', '--exclude-standard'],
                             capture_output=True, check=False)
        if git.returncode == 0:
            return sorted({name.decode() for name in git.stdout.split(b'\0') if name})
    found = []
    for folder, folders, names in os.walk(root):
        at = os.path.relpath(folder, root)
        ours = r'\.git$|__pycache__$' + (r'|build$|build-|run$' if at == '.' else '')
        folders[:] = [f for f in folders if not re.match(ours, f)]
        found += [os.path.normpath(os.path.join(at, name)) for name in names]
    return sorted(found)


def machine(name, lines, root, say):
    """Paths and hosts that mean something on one machine only."""
    top = os.path.realpath(root)
    here = [p for p in (top, os.path.dirname(top)) if p.count('/') > 1 and p not in SHARED_PARENTS]
    for number, line in enumerate(lines, 1):
        for path in HOMES.findall(line) + [p for p in here if re.search(r'(?<![\w.}])' + re.escape(p) + r'(?![\w-])', line)]:
            if not TEMPORARY.match(path):
                say(f'{name}:{number}: a path of one machine: {path}')
        if not name.startswith(HOSTILE):
            hosts = {h.lower() for h in URL.findall(line)} | set(SERVER.findall(line))
            for host in sorted(hosts - HOSTS):
                if not re.search(r'(\.(invalid|test|example)|^[0-9.]+)$', host):
                    say(f'{name}:{number}: a host that is not on the list: {host}')


def layout(name, lines, say, still):
    for number, line in enumerate(lines, 1):
        if len(line) > WIDTH and not (name.endswith('.md') and line.startswith('|')):  # a table's row
            still('wide', f'{name}:{number}: {len(line)} characters; {WIDTH} fit')
        if line != line.rstrip():
            say(f'{name}:{number}: blanks at the end')
        if '\t' in line and name.endswith(('.c', '.h')):
            say(f'{name}:{number}: a tab')


def functions(name, lines, still):
    """A function's body begins with { and ends with }, each alone on its line."""
    begun = None
    for number, line in enumerate(lines, 1):
        if line == '{':
            begun = number
        elif line == '}' and begun:
            if number - begun - 1 > LINES:
                still('long', f'{name}:{begun}: {lines[begun - 2]} has {number - begun - 1} lines; {LINES} fit')
            begun = None


def header(name, text, lines, say, still):
    own = re.escape(os.path.basename(name))
    if len(lines) < 2 or not re.match(rf'/\* {own} -- \S+ \S+', lines[1]):
        say(f'{name}:2: a header begins, behind its licence: /* {os.path.basename(name)} -- what it promises')
    guard = re.sub(r'[/.]', '_', name[len('src/'):]).upper()
    if f'#ifndef {guard}\n#define {guard}\n' not in text:
        say(f'{name}: its guard is {guard}')
    head, before = text.split('#ifndef')[0], ''
    for paragraph in text.split('\n\n'):
        told = '/*' in paragraph or before.rstrip().endswith('*/')
        for declared in PROTOTYPE.findall(paragraph):
            if not told and declared not in head:
                still('bare', f'{name}: nothing is said of {declared}()')
        before = paragraph


def check(root, say, still):
    for name in repository_files(root):
        path = os.path.join(root, name)
        if not os.path.isfile(path) or os.path.islink(path):
            continue
        with open(path, 'rb') as f:
            data = f.read()
        text = data.decode('utf-8', 'replace')
        lines = text.split('\n')
        machine(name, lines, root, say)
        if name.startswith(HOSTILE):
            continue
        if CODE.match(name) and LICENCE not in '\n'.join(lines[:3]):
            still('unlicensed', f'{name}:1: it says {LICENCE}')
        if WRITTEN.match(name):
            layout(name, lines, say, still)
            if data and not data.endswith(b'\n'):
                say(f'{name}: the last line has no end')
        if name.endswith('.c'):
            functions(name, lines, still)
        if name.startswith('src/') and name.endswith('.h'):
            header(name, text, lines, say, still)


def prove():
    """Each mistake is seen, where it is, and nothing else is."""
    said = f'/* {LICENCE} */\n'
    slash, dot = '/', '.'  # so that these mistakes are not mistakes of this file
    mistakes = {
        'src/low/a.h': (said + '/* a.h -- a good one. */\n#ifndef LOW_A_H\n#define LOW_A_H\n\n'
                        'int a(void); /* one */\n#endif\n', []),
        'src/low/b.h': (said + '#ifndef B_H\n#define B_H\n#include "low/a.h"\n\nint b(\n    int x);\n#endif\n',
                        ['src/low/b.h:2: a header begins', 'its guard is LOW_B_H', 'nothing is said of b()']),
        'src/low/c.c': ('int c(void)\n{\n' + '    c();\n' * (LINES + 1) + '}\n',
                        ['src/low/c.c:1: it says', f'has {LINES + 1} lines']),
        'src/low/d.c': (said + 'int d; \n\tint e;\n' + 'x' * (WIDTH + 1),
                        ['d.c:2: blanks', 'd.c:3: a tab', 'd.c:4: 121 characters', 'd.c: the last line']),
        'tools/e': ('#!/bin/sh\n', ['tools/e:1: it says']),
        'doc/e.md': (f'in ROOT or {slash}home/me/x, {slash}tmp/x; {slash}tmp/xXXXXXX is fine\n',
                     ['e.md:1: a path of one machine: ROOT', f'machine: {slash}home/me', f'machine: {slash}tmp/x']),
        'doc/f.md': (f'http:{slash}/some.where/x, mirror{dot}some.org; https://example.invalid/home/x, 1/home/x\n',
                     ['f.md:1: a host that is not on the list: some.where', f'list: mirror{dot}some.org']),
    }
    with tempfile.TemporaryDirectory() as top:
        root = os.path.realpath(os.path.join(top, 'tree'))
        for name, (text, _) in mistakes.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as f:
                f.write(text.replace('ROOT', root))
        seen = []
        check(root, seen.append, lambda _, text: seen.append(text))
        wanted = [w.replace('ROOT', root) for _, wants in mistakes.values() for w in wants]
        own = [root, os.path.dirname(root)]  # the folder of this proof may lie below a home, and is named twice then
        return [f'check_texts.py would not see: {w}' for w in wanted if not any(w in s for s in seen)] + \
               [f'check_texts.py would wrongly say: {s}' for s in seen
                if not any(w in s for w in wanted) and not any(f'machine: {o}' in s for o in own)]


def main():
    problems, still = prove(), {what: [] for what in STILL}
    check(sys.argv[1], problems.append, lambda what, text: still[what].append(text))
    for what, found in still.items():
        print(f'{what}: {len(found)}, and {STILL[what]} may be')
        if len(found) > STILL[what] or '-v' in sys.argv:
            print(*found, sep='\n')
        if len(found) > STILL[what]:
            problems.append(f'{what}: more than there were')
    for p in problems:
        print(p)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
