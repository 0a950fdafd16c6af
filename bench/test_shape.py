#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_shape.py BUILD: tools/bench writes what doc/bench.md promises, over a day too small to say anything.

No figure is judged; that each is there, beside something, and that the ratio is theirs. And it fails when the
programs do not count alike, or one breaks. Prints TAP."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(sys.argv[1])
WANTED = {'name': str, 'value': (int, float), 'unit': str, 'against': str, 'peer': (int, float), 'ratio': (int, float),
          'rounds': int, 'low': (int, float), 'high': (int, float)}
done = failed = 0


def ok(good, what, why=''):
    global done, failed
    done += 1
    failed += not good
    print(f'{"" if good else "not "}ok {done} - {what}', flush=True)
    for line in str(why).splitlines() if not good else []:
        print(f'# {line}')


def bench(folder):
    return subprocess.run([sys.executable, os.path.join(ROOT, 'tools', 'bench'), '--built', '--folder', folder, '--entries', '2000',
                           '--rounds', '2', '--standing', '2000', '--overdue', '200'], capture_output=True, text=True)


def script(path, text):
    with open(path, 'w', encoding='utf-8') as f:
        f.write('#!/bin/sh\n' + text)
    os.chmod(path, 0o755)


with tempfile.TemporaryDirectory() as folder:
    programs = os.path.join(folder, 'bench')
    os.mkdir(programs)
    for name in ('engine_nine', 'ceiling_nine', 'peers'):
        os.symlink(os.path.join(BUILD, 'bench', name), os.path.join(programs, name))
    got = bench(folder)
    ok(got.returncode == 0, 'tools/bench runs', got.stdout + got.stderr)
    figures = []
    try:
        with open(os.path.join(folder, 'bench.json'), encoding='utf-8') as f:
            figures = json.load(f)
    except (OSError, ValueError) as e:
        print(f'# {e}')
    ok(figures and all(set(x) == set(WANTED) and all(isinstance(x[k], t) for k, t in WANTED.items()) for x in figures),
       'each figure has its members', figures)
    ok(all(x['low'] <= x['value'] <= x['high'] and x['rounds'] >= 1 for x in figures), 'the median lies between the rounds', figures)
    ok(all(x['peer'] > 0 and abs(x['ratio'] - x['value'] / x['peer']) <= 0.01 * abs(x['ratio']) for x in figures if x['peer'] > 0.1),
       'the ratio is of the figure and its peer', figures)
    with open(os.path.join(ROOT, 'doc', 'bench.md'), encoding='utf-8') as f:
        promised = set(re.findall(r'^\| `([^`]+)` \|', f.read(), re.M))
    names = [x['name'] for x in figures]
    ok(promised == set(names) and len(names) == len(set(names)), 'the names are those of doc/bench.md',
       f'page: {sorted(promised)}\nrun: {sorted(names)}')

    os.remove(os.path.join(programs, 'engine_nine'))
    script(os.path.join(programs, 'engine_nine'),
           f'[ "$1" = counts ] || exec "{BUILD}/bench/engine_nine" "$@"\n"{BUILD}/bench/engine_nine" "$@" | sed "s/^B2 met /B2 met 1/"\n')
    got = bench(folder)
    ok(got.returncode == 1 and 'do not count alike' in got.stderr, 'it fails when the counts differ', got.stdout + got.stderr)
    script(os.path.join(programs, 'engine_nine'), f'[ "$1" != rates ] || kill -SEGV $$\nexec "{BUILD}/bench/engine_nine" "$@"\n')
    got = bench(folder)
    ok(got.returncode == 2 and 'signal 11' in got.stderr, 'it fails when a program breaks', got.stdout + got.stderr)
print(f'1..{done}')
sys.exit(failed != 0)
