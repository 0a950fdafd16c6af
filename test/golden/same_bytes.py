#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""same_bytes.py NAME=PROGRAM...: every build says the same of the same events, to the last byte.

Runs each program over each examples/*/*.jsonl: as JSON lines, once more with the checker reading the evidence, and
as the table, whose last lines are the log's root and the state's hash. Each has another time zone, language, folder
and environment, so that nothing of these may show either. Then the same events come through a pipe, in pieces by
seed; and a run until some instant says what the whole says first. Prints TAP, one line an output."""
import glob
import hashlib
import os
import random
import re
import subprocess
import sys
import tempfile
import threading

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))
ZONES = ('UTC', 'Asia/Karachi', 'America/St_Johns', 'Pacific/Chatham', 'Europe/London', 'Asia/Tokyo')


def run(number, program, arguments, folder):
    """Exit status, and what came out."""
    env = dict(os.environ, TZ=ZONES[number % len(ZONES)], LC_ALL='C' if number % 2 else 'C.UTF-8',
               PAD='x' * 997 * number)
    done = subprocess.run([program, 'run', *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          cwd=folder if number % 2 else ROOT, env=env)
    return done.returncode, done.stdout, done.stderr


def run_in_pieces(program, agreement, events, seed):
    """The same from standard input: a byte at a time, half a line, many lines."""
    with open(events, 'rb') as f:
        data = f.read()
    pieces = random.Random(seed)
    with subprocess.Popen([program, 'run', '--json', agreement, '-'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=ROOT) as done:
        def feed():
            at = 0
            while at < len(data):
                at += os.write(done.stdin.fileno(), data[at:at + pieces.choice((1, 2, 7, 100, 4096, 70000))])
            done.stdin.close()
        feeder = threading.Thread(target=feed)
        feeder.start()
        said = done.stdout.read()
        feeder.join()
        return done.wait(), said, done.stderr.read()


def until_differs(program, agreement, events, whole, seed):
    """A run until an instant that the whole names: what it says beyond or short of the whole's beginning, in words."""
    lines = whole.splitlines(keepends=True)
    stamps = sorted({line[7:31].decode() for line in lines})
    until = random.Random(seed).choice(stamps)
    want = b''.join(line for line in lines if line[7:31].decode() <= until)
    code, out, err = run(0, program, ['--json', '--until', until, agreement, events], ROOT)
    return difference((code, want, b''), (code, out, err))


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
            program = programs[count % len(programs)][1]
            agreement = given[0]
            whole = run(0, program, ['--json', agreement, path], ROOT)
            for what, differs in (
                    ('in pieces', lambda s: difference(whole, run_in_pieces(program, agreement, path, s))),
                    ('until an instant', lambda s: until_differs(program, agreement, path, whole[1], s))):
                wrong = [f'seed {seed}: {differs(seed)}' for seed in range(3) if differs(seed)]
                count += 1
                failed += bool(wrong)
                print('not ok' if wrong else 'ok', count, '-', f'{name} {what}, 3 seeds')
                for line in '\n'.join(wrong).splitlines():
                    print('#', line)
    print(f'# {len(programs)} programs: {" ".join(name for name, _ in programs)}')
    print(f'1..{count}')
    return 1 if failed or not count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
