#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_layers.py ROOT: holds the code to src/LAYERS.

 - an include names a folder its own folder may use, and LAYERS allows only folders above;
 - every permission is used (a warning while either folder is still empty);
 - a pure folder includes nothing of the system but the few headers that do nothing, and has no floating point,
   no alloca, no assembler and no variable of a thread. (check_pure.sh looks at what it links.)

First it shows, on a small tree full of mistakes, that it would see each of them.
"""
import os
import re
import sys
import tempfile

PURE_HEADERS = {'stdint.h', 'stddef.h', 'stdbool.h', 'string.h', 'limits.h', 'stdalign.h'}
FORCED = 'base/banned.h'  # the compiler puts it before every file, so it may name what it bans
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
LAYER = re.compile(r'(\w+)\s+(pure|shell)\s*:\s*([\w\s]*)$')


IMPURE = re.compile(r'\b(float|double|_Complex|alloca|__builtin_alloca|asm|__asm__|_Thread_local|__thread)\b')
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


class Layers:
    """What src/LAYERS says: the folders in order, which are pure, and what each may include."""

    def __init__(self, path, say):
        self.pure, self.may = set(), {}
        for number, line in enumerate(open(path, encoding='utf-8'), 1):
            line = line.split('#')[0].strip()
            if not line:
                continue
            m = LAYER.match(line)
            if not m:
                say(f'src/LAYERS:{number}: a line is "folder pure|shell : folders"')
                continue
            folder, kind, uses = m.group(1), m.group(2), m.group(3).split()
            for used in uses:
                if used not in self.may:
                    say(f'src/LAYERS:{number}: {folder} may use only folders above it, and {used} is not')
            if folder in self.may:
                say(f'src/LAYERS:{number}: {folder} is there twice')
            self.may[folder] = uses
            if kind == 'pure':
                self.pure.add(folder)


def sources(root):
    """Every .c and .h under src: its path below src, and its lines."""
    src = os.path.join(root, 'src')
    for folder, _, names in sorted(os.walk(src)):
        for name in sorted(names):
            if name.endswith(('.c', '.h')):
                path = os.path.join(folder, name)
                with open(path, encoding='utf-8') as f:
                    yield os.path.relpath(path, src), f.read().split('\n')


def check_include(where, folder, kind, name, layers, root, say):
    """One #include. Returns the folder it names, if it is one of ours."""
    if kind == '<':
        if folder in layers.pure and name not in PURE_HEADERS and not where.startswith('src/' + FORCED):
            say(f'{where}: {folder} is pure and may not include <{name}>')
        return None
    if '/' not in name:
        say(f'{where}: write "folder/{name}", so that the folder shows')
        return None
    used = name.split('/')[0]
    if used != folder and used not in layers.may.get(folder, []):
        say(f'{where}: {folder} may not include "{name}"; src/LAYERS does not allow it')
    if not os.path.exists(os.path.join(root, 'src', name)):
        say(f'{where}: there is no src/{name}')
    return used


def check_sources(root, layers, say, warn):
    used, filled = set(), set()
    for path, lines in sources(root):
        folder = path.split('/')[0]
        if folder not in layers.may:
            say(f'src/{path}: every source is in a folder that src/LAYERS names')
            continue
        filled.add(folder)
        for number, line in enumerate(lines, 1):
            m = INCLUDE.match(line)
            if m:
                where = f'src/{path}:{number}'
                used.add((folder, check_include(where, folder, m.group(1), m.group(2), layers, root, say)))
        code = NOT_CODE.sub(lambda m: '\n' * m.group().count('\n'), '\n'.join(lines))
        for number, line in enumerate(code.split('\n'), 1) if folder in layers.pure else ():
            for word in IMPURE.findall(line):
                say(f'src/{path}:{number}: {folder} is pure and may not say {word}')
    for folder, uses in layers.may.items():
        for other in uses:
            if (folder, other) not in used:
                tell = say if folder in filled and other in filled else warn
                tell(f'src/LAYERS: {folder} may use {other} but does not')


def check(root, say, warn):
    layers = Layers(os.path.join(root, 'src', 'LAYERS'), say)
    check_sources(root, layers, say, warn)


MISTAKES = {  # a file, and what must be said of it
    'src/LAYERS': ('low pure :\nmid pure : low high\nhigh shell : low mid\nidle pure : low\n',
                   ['mid may use only folders above it', 'idle may use low but does not']),
    'src/low/a.h': ('#include <stdint.h>\n', []),
    'src/low/b.c': ('#include "mid/c.h"\n', ['low may not include "mid/c.h"']),
    'src/low/d.c': ('#include "low/a.h"\n/* a float\n */\nchar *d = "double"; double e;\n',
                    ['src/low/d.c:4: low is pure and may not say double']),
    'src/mid/c.h': ('#include "low/a.h"\n#  include <stdio.h>\n', ['may not include <stdio.h>']),
    'src/mid/e.c': ('#include "c.h"\n#include "low/gone.h"\n',
                    ['write "folder/c.h"', 'there is no src/low/gone.h']),
    'src/high/f.c': ('#include "low/a.h"\n#include <stdio.h>\n', ['high may use mid but does not']),
    'src/g.c': ('', ['src/g.c: every source is in a folder']),
    'src/idle/h.c': ('', []),
}


def prove():
    """Every mistake above is seen, and nothing else is."""
    with tempfile.TemporaryDirectory() as top:
        root = os.path.realpath(os.path.join(top, 'tree'))
        for name, (text, _) in MISTAKES.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as f:
                f.write(text)
        said = []
        check(root, said.append, said.append)
        wanted = [w for _, wants in MISTAKES.values() for w in wants] + ['mid may use high but does not']
        missed = [w for w in wanted if not any(w in s for s in said)]
        extra = [s for s in said if not any(w in s for w in wanted)]
        return [f'check_layers.py would not see: {m}' for m in missed] + \
               [f'check_layers.py would wrongly say: {e}' for e in extra]


def main():
    problems = prove()
    check(sys.argv[1], problems.append, lambda text: print(f'warning: {text}'))
    for p in problems:
        print(p)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
