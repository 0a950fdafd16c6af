#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An agreement of N clauses: gen_clauses.py [N] > many.accord  (64 unless told)

The nine of nine.accord, and then the same nine again and again over events and states of their own (the
second nine speak of sighting2.stop and waiting2), the last time only as many as are missing. A day made by
gen.py has none of those events, so it is judged by nine clauses while N are loaded."""
import os, re, sys

WORDS = r'\b(sighting|movement|route|incident|notice|post)\.|\b(waiting|moving)\('


def again(text, k):
    return re.sub(WORDS, lambda m: f'{m[1]}{k}.' if m[1] else f'{m[2]}{k}(', text)


def main(n):
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, 'nine.accord'), encoding='utf-8') as f:
        text = f.read()
    events = ''.join(line for line in text.splitlines(True)
                     if line.startswith('event ') and not line.startswith('event appointment'))
    states = ''.join(line for line in text.splitlines(True) if line.startswith('state '))
    clauses = re.findall(r'^clause B\d.*?(?=^clause |\Z)', text, re.M | re.S)
    head, tail = text.split('\nauthority\n')
    left, more_head, more_tail, k = n - len(clauses), '', '', 2
    while left > 0:
        more_head += '\n' + again(events, k) + again(states, k)
        for clause in clauses[:left]:
            more_tail += '\n' + again(re.sub(r'^clause B', f'clause B{k}', clause), k).rstrip() + '\n'
        left, k = left - len(clauses), k + 1
    sys.stdout.write(head.replace('-- The nine clauses of the benchmark', f'-- {n} clauses: the nine of the benchmark', 1)
                     + more_head + '\nauthority\n' + tail.rstrip() + '\n' + more_tail)


if __name__ == '__main__':
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)
