#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""same_bytes.py NAME=PROGRAM...: every build says the same of the same events, to the last byte.

Runs each program over each examples/*/*.jsonl: as JSON lines, once more with the checker reading the
evidence, and as the table, whose last lines are the log's root and the state's hash. Each has another time zone, language, folder and environment, so that
nothing of these may show either. Prints TAP, one line an output."""
import glob
import hashlib
import os
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))
ZONES = ('UTC', 'Asia/Karachi', 'America/St_Johns', 'Pacific/Chatham', 'Europe/London', 'Asia/Tokyo')


def run(number, program, arguments, folder):
    """Exit status, and what came out."""
    env = dict(os.environ, TZ=ZONES[number % len(ZONES)], LC_ALL='C' if number % 2 else 'C.UTF-8', PAD='x' * 997 * number)
    done = subprocess.run([program, 'run', *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          cwd=folder if number % 2 else ROOT, env=env)
    return done.returncode, done.stdout, done.stderr


def difference(want, got):
    """In words; empty when there is none."""
    if got == want:
        return ''
    if got[0] != want[0]:
        return f'exit status {got[0]}, not {want[0]}: {got[2][-400:].decode(errors="replace")}'
    if got[2] != want[2]:
        return f'it complains otherwise: {got[2][-400:].decode(errors="replace")}'
    old, new = want[1].split(b'\n'), got[1].split(b'\n')
    at = next((i for i, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    lines = [(side[at] if at < len(side) else b'nothing')[:300].decode(errors='replace') for side in (old, new)]
    return f'line {at + 1} is\n{lines[1]}\nand was\n{lines[0]}'


def main(arguments):
    programs = [(name, os.path.realpath(path)) for name, path in (a.split('=', 1) for a in arguments)]
    events = sorted(glob.glob(os.path.join(ROOT, 'examples', '*', '*.jsonl')))
    count = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in events:
            place, name = os.path.split(path)
            for form in (['--json'], ['--json', '--prove'], []):
                given = [*form, os.path.join(place, os.path.basename(place) + '.accord'), path]
                said = [run(i, program, given, folder) for i, (_, program) in enumerate(programs)]
                wrong = [(programs[i][0], difference(said[0], s)) for i, s in enumerate(said)]
                wrong = [(who, what) for who, what in wrong if what]
                if said[0][0] not in (0, 1, 2) or not said[0][1]: # 2: the checker does not follow; that is another test
                    wrong.append((programs[0][0], f'exit status {said[0][0]}: {said[0][2].decode(errors="replace")}'))
                count += 1
                failed += bool(wrong)
                digest = hashlib.sha256(said[0][1]).hexdigest()[:16]
                print('not ok' if wrong else 'ok', count, '-', f'{" ".join([name, *form])}:',
                      f'{len(said[0][1])} bytes, {digest}')
                for who, what in wrong:
                    for line in f'{who}: {what}'.split('\n'):
                        print('#', line)
    print(f'# {len(programs)} programs: {" ".join(name for name, _ in programs)}')
    print(f'1..{count}')
    return 1 if failed or not count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
