#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_counts.py ENGINE CEILING: the engine, the hand-written program and the definition count alike.

Over gen.py's day (20,000 entries, several seeds; the first is also nine.counts), over small days made of
ties, repeats and entries exactly at a limit (nine_oracle.py), and over the day judged with 64 clauses
loaded, of which nine have anything to say. Prints TAP."""
import os
import subprocess
import sys
import tempfile

import nine_oracle

HERE = os.path.dirname(os.path.abspath(__file__))
ENTRIES, SEEDS, TIES = 20_000, range(7, 10), 60
engine, ceiling = sys.argv[1:3]
done = failed = 0


def ok(good, what, why=''):
    global done, failed
    done += 1
    failed += not good
    print(f'{"" if good else "not "}ok {done} - {what}', flush=True)
    for line in why.splitlines() if not good else []:
        print(f'# {line}')


def said(*command):
    got = subprocess.run(command, capture_output=True, text=True)
    return got.stdout if got.returncode == 0 else f'status {got.returncode}: {got.stderr}'


def alike(path, what, *also):
    """Compared with the definition; `also` are more counts of the same day."""
    want = nine_oracle.show(nine_oracle.judge(nine_oracle.read(path)))
    got = {'engine': said(engine, 'counts', os.path.join(HERE, 'nine.accord'), path),
           'ceiling': said(ceiling, '--counts', '--repeat', '2', path), **dict(also)}
    wrong = {who: text for who, text in got.items() if text != want}
    ok(not wrong, f'{what}: {", ".join(got)} as defined',
       f'defined:\n{want}' + ''.join(f'{who}:\n{text}' for who, text in wrong.items()))
    return want


def of_64(text):
    """The counts of the first nine clauses; what follows has had nothing to judge."""
    lines = text.splitlines(True)
    silent = all(line.endswith(' met 0 breached 0 pending 0\n') for line in lines[10:])
    return ''.join(lines[:10]) if silent and len(lines) > 10 else text


with tempfile.TemporaryDirectory() as folder:
    day, many = os.path.join(folder, 'day.jsonl'), os.path.join(folder, '64.accord')
    with open(many, 'w', encoding='utf-8') as f:
        subprocess.run([sys.executable, os.path.join(HERE, 'gen_clauses.py'), '64'], stdout=f, check=True)
    for seed in SEEDS:
        with open(day, 'w', encoding='utf-8') as f:
            subprocess.run([sys.executable, os.path.join(HERE, 'gen.py'), str(ENTRIES), str(seed)], stdout=f, check=True)
        also = [('64 clauses', of_64(said(engine, 'counts', many, day)))]
        if seed == SEEDS[0]:
            with open(os.path.join(HERE, 'nine.counts'), encoding='utf-8') as f:
                also.append(('nine.counts', ''.join(line for line in f if not line.startswith('#'))))
        alike(day, f'{ENTRIES} entries, seed {seed}', *also)
    for seed in range(TIES):
        with open(day, 'w', encoding='utf-8') as f:
            f.write(nine_oracle.ties(seed))
        alike(day, f'ties, seed {seed}')
print(f'1..{done}')
sys.exit(failed != 0)
