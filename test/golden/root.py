#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""root.py: the log that the program makes of a file, made once more from the pages alone.

Out of entry(5) and RFC 6962, and out of nothing of the program's code: the canonical line, tokens and commitments
under the keys of a drill, entry 0 as `run` fills it in, the leaves and the root over them. The root that
`entente run` prints must be the same. The events are at the limits: lines of just 65536 bytes, sealed texts of 4096,
areas of 256 places, 24 private names in a line, an entry 0 with as much in it as fits; and one byte beyond each is
refused by name. Prints TAP."""
import hashlib
import hmac
import json
import os
import re
import subprocess
import tempfile

ROOT = os.environ['ENTENTE_ROOT']
TOKEN_KEY = hashlib.sha256(b'entente drill token key 1').digest()
SEAL_KEY = hashlib.sha256(b'entente drill seal key 1').digest()
LINE_MAX = 65536
T = '2024-10-06T17:20:00.000Z'
CAPACITY = {'cells': 1 << 20, 'duties': 1 << 18, 'edges': 1 << 21, 'proofs': 1 << 20, 'rows': 1 << 20,
            'stamps': 1 << 20, 'symbol-bytes': 1 << 25, 'symbols': 1 << 20}
NAMES = [f'n{i}' for i in range(24)]
TEXTS = [f't{i}' for i in range(20)]

AGREEMENT = '''agreement "Limits" version 1
between   host "Ministry" and guest "Embassy"
time zone "Asia/Karachi"

thing  person private
thing  zone
role   host.commander from appointment.made(who, role) until appointment.ended(who, role)

event appointment.made(who: source, role: role)  "Given a role" coordination
event appointment.ended(who: source, role: role) "Gives it up" coordination
event zone.drawn(z: zone, a: area, b: area optional, c: area optional sealed,
                 spot: point optional sealed) "A zone" command
event words.said(%s) "Words" command
event words.hidden(x: text sealed, n: count optional sealed) "Words" command
event names.given(%s) "Names" command

authority
    host.commander may command zone, words, names
    host.commander may coordinate appointment

clause D1 "Zones"
    duty host, owed to guest, severity amber, case zone(z)
    each time zone.drawn(z) by q: may only if host.commander(q)
''' % (', '.join(f'{t}: text optional' for t in TEXTS), ', '.join(f'{n}: person optional' for n in NAMES))
SEALED = {'zone.drawn': ('c', 'spot'), 'words.hidden': ('x', 'n')}
PRIVATE = {'names.given': NAMES}
FIELDS = {'appointment.made': ['who', 'role'], 'zone.drawn': ['z', 'a', 'b', 'c', 'spot'], 'words.said': TEXTS,
          'words.hidden': ['x', 'n'], 'names.given': NAMES}


def crockford(data):
    """16 characters of 5 bits each from the front."""
    bits = int.from_bytes(data[:10], 'big')
    return ''.join('0123456789abcdefghjkmnpqrstvwxyz'[bits >> 75 - 5 * i & 31] for i in range(16))


def token(name):
    if re.fullmatch('~[0-9abcdefghjkmnpqrstvwxyz]{16}', name):
        return name
    return '~' + crockford(hmac.new(TOKEN_KEY, name.encode(), 'sha256').digest())


def commitment(place, field, value):
    value = value.encode()
    salt = hmac.new(SEAL_KEY, b'%d.%s.%s' % (place, field.encode(), value), 'sha256').digest()[:16]
    return 'seal:' + hmac.new(salt, value, 'sha256').hexdigest()


def degrees(value):
    sign, value = ('-', -value) if value < 0 else ('', value)
    text = f'{value:.7f}'
    return text if float(text) == 0 else sign + text


def spell(value):
    """A value as the canonical line has it, with quotes where it is a text."""
    if isinstance(value, list):
        if isinstance(value[0], list):
            return '[' + ','.join(spell(v) for v in value) + ']'
        return '[' + ','.join(degrees(v) for v in value) + ']'
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def canonical(event, place):
    """The closed line; entry 0 stays out of this."""
    kind = event['kind']
    line = f'{{"kind":"{kind}","at":"{event["at"]}","known":"{event.get("known", event["at"])}"'
    line += f',"by":{spell(event["by"])}'
    line += f',"id":{spell(event["id"])}' if 'id' in event else ''
    for field in FIELDS[kind]:
        if field not in event:
            continue
        value = event[field]
        if field in SEALED.get(kind, ()):
            given = isinstance(value, str) and re.fullmatch('seal:[0-9a-f]{1,64}', value)
            value = value if given else commitment(place, field, value if isinstance(value, str) else spell(value))
        elif field in PRIVATE.get(kind, ()):
            value = token(value)
        line += f',"{field}":{spell(value)}'
    return line + '}'


def sort(value):
    if isinstance(value, dict):
        return {k: sort(value[k]) for k in sorted(value, key=str.encode)}
    return [sort(v) for v in value] if isinstance(value, list) else value


def opening(event, agreement):
    """Entry 0: what the file gives, and what `run` knows; then sorted behind the five keys that come first."""
    first = ['agreement', 'version', 'clock', 'begins', 'appointments']
    header = {'kind': event['kind'], 'at': event['at'], 'known': event['at'], 'by': event['by']}
    texts = {'Limits': hashlib.sha256(agreement).hexdigest()}
    known = {'capacity': CAPACITY, 'offset': 18000000, 'semantics': 1, 'texts': texts}
    rest = {**known, **{k: v for k, v in event.items() if k not in header and k not in first}}
    whole = {**header, **{k: sort(event[k]) for k in first}, **sort(rest)}
    return json.dumps(whole, ensure_ascii=False, separators=(',', ':'))


def short(e):
    """As a file has it; no number of ours is written with an exponent."""
    return json.dumps(e, ensure_ascii=False, separators=(',', ':')).replace('1e-07', '0.0000001')


def tree(leaves):
    if not leaves:
        return hashlib.sha256(b'').digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b'\1' + tree(leaves[:k]) + tree(leaves[k:])).digest()


def root_of(lines):
    return tree([hashlib.sha256(b'\0' + line.encode()).digest() for line in lines]).hex()


def opened(**more):
    return {'kind': 'theatre.opened', 'at': T, 'by': 'host and guest', 'agreement': 'Limits', 'version': 1,
            'clock': 'drill', 'begins': 'complete', 'appointments': {'host.commander': 'Shah'}, **more}


def event(kind, **fields):
    return {'kind': kind, 'at': T, 'by': 'Shah', **fields}


def filled(size):
    """words.said whose canonical line has just so many bytes."""
    e = event('words.said')
    for t in TEXTS:
        left = size - len(canonical(e, 1).encode()) - len(f',"{t}":""')
        if left <= 0:
            break
        e[t] = 'x' * min(left, 4096)
    assert len(canonical(e, 1).encode()) == size
    return e


def corners(n, lon=1, lat=2):
    """Short to write: [1,2] is five bytes, and 21 in the canonical line."""
    return [[lon, lat + i % 2] for i in range(n)]


class Test:
    def __init__(self, folder):
        self.folder, self.count, self.failed = folder, 0, 0
        self.agreement = os.path.join(folder, 'limits.accord')
        with open(self.agreement, 'w', encoding='utf-8') as f:
            f.write(AGREEMENT)

    def ok(self, good, what, remark=''):
        self.count += 1
        self.failed += not good
        print('ok' if good else 'not ok', self.count, '-', what)
        if not good and remark:
            print('#', remark[:600])

    def run(self, events):
        path = os.path.join(self.folder, 'events.jsonl')
        with open(path, 'w', encoding='utf-8') as f:
            for e in events:
                f.write((e if isinstance(e, str) else short(e)) + '\n')
        done = subprocess.run([os.environ['ENTENTE'], 'run', self.agreement, path], capture_output=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=100)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def same(self, what, first, *events):
        lines = [opening(first, AGREEMENT.encode())] + [canonical(e, i) for i, e in enumerate(events, 1)]
        code, out, err = self.run([first, *events])
        want = f'log: {len(lines)} entries, root {root_of(lines)}'
        self.ok(code in (0, 1) and want in out and not err, f'{what}: {want}',
                f'exit status {code}: {err} {out[-300:]}')

    def refused(self, what, pattern, *events):
        code, out, err = self.run([opened(), *events])
        good = code == 2 and not out and err.count('\n') == 1 and re.search(pattern, err)
        self.ok(good, f'{what}: {err.strip()[-150:]}', f'exit status {code}: {err} {out[-300:]}')


def main():
    with tempfile.TemporaryDirectory() as folder:
        t = Test(folder)
        t.same('entry 0 alone', opened())
        t.same('entry 0 with persons', opened(appointments={'host.commander': ['Shah', 'Ĉu "Beg"']}))
        t.same('entry 0 with keys of its own', opened(zz={'b': [1, 'x', None, True], 'a': {'d': 1, 'c': '"'}}, aa='ü'))
        t.same('entry 0 with capacities of its own', opened(capacity={'rows': 1000, 'cells': 1000}))
        for wrong in ({'rows': 0}, {'rows': -1}, {'rows': 1.5}, {'rows': 1 << 29}, {'rows': '9'}, {'rowz': 9}, [], 9,
                      None):
            code, out, err = t.run([opened(capacity=wrong)])
            t.ok(code == 2 and not out and re.search("r\\.jsonl:1:|s\\.jsonl:1:", err) and err.count('\n') == 1,
                 f'capacities that are none, {wrong}: {err.strip()[-100:]}', err)
        code, out, err = t.run([opened(capacity={'rows': 1 << 28, 'cells': 1 << 28})])
        t.ok(code == 2 and not out and 'ask for more than the 2 GiB' in err, f'more than there is: {err.strip()[-90:]}',
             err)
        many = [event('appointment.made', who=f'p{i}', role='host.commander') for i in range(60)]
        code, out, err = t.run([opened(capacity={'symbols': 20}), *many])
        t.ok(code == 2 and err.count('\n') == 1 and
             re.search(r":\d+:1: the theatre's capacity of symbols is reached: open it anew with a larger one in the "
                       "field 'capacity'", err), f'one that is reached: {err.strip()[-150:]}', err)
        t.same('one of each', opened(), event('appointment.made', who='Rana', role='host.commander'),
               event('zone.drawn', z='north', a=corners(3), c=corners(4), spot=[-67.15, 0]),
               event('zone.drawn', z='ost', a=[[-180, -90], [180, 90], [0.0000001, -0.0000001]], spot='seal:0123abcd'),
               event('words.said', t0='"\\/ üñ 漢字', t3='x', id='w-1'),
               event('words.hidden', x='secret "words"', n=7),
               event('names.given', n0='Rana', n1='Rana', n2='~79pxpzf10grdqkvr', n3='~no token'))
        for n in (2, 3, 4, 7, 8, 9, 33):
            t.same(f'a log of {n} entries', opened(), *(event('words.said', t0=str(i)) for i in range(n - 1)))

        t.same('a line of just 65536 bytes', opened(), filled(LINE_MAX))
        t.refused('and one more', r':2:1: a line has at most 65536 bytes', filled(LINE_MAX + 1))
        t.same('between lines that are short', opened(), event('words.said', t0='a'), filled(LINE_MAX), filled(8192),
               filled(8193), event('words.said', t0='b'))
        full = event('words.said', **{f't{i}': '"' * 4096 for i in range(7)})
        t.same('texts of nothing but quotes', opened(), full)
        t.refused('a line that fits and does not when it is spelled out', r':2:1: a line has at most 65536 bytes',
                  json.dumps(filled(LINE_MAX - 36)).replace('"kind"', ' ' * 60 + '"kind"'))
        t.same('an area of 256 places', opened(), event('zone.drawn', z='z', a=corners(256)))
        three = event('zone.drawn', z='z', a=corners(256), b=corners(256, 3), c=corners(256, 5))
        t.same('three of them', opened(), three)
        t.refused('of 257', r"the field 'a' of zone.drawn .* this is one more",
                  event('zone.drawn', z='z', a=corners(257)))
        t.same('a sealed area of 256 places', opened(), event('zone.drawn', z='z', a=corners(3), c=corners(256, 7)))
        t.same('a sealed text of 4096 bytes', opened(), event('words.hidden', x='y' * 4096, n=1))
        t.same('and of 4096 bytes of quotes', opened(), event('words.hidden', x='"' * 4096))
        t.refused('of 4097', r"the field 'x' of words.hidden .* it has 4097", event('words.hidden', x='y' * 4097))
        t.same('an id of 128 bytes', opened(), event('words.said', t0='x', id='i' * 128))
        t.refused('of 129', r"the field 'id' .* it has 129", event('words.said', t0='x', id='i' * 129))
        names = [event('names.given', **{n: f'{n} of {i}' for n in NAMES}) for i in range(40)]
        t.same('24 private names a line, 40 lines', opened(), *names)
        t.same('24 private names of 256 bytes', opened(),
               event('names.given', **{n: n + 'v' * (256 - len(n)) for n in NAMES}))
        t.same('an entry 0 of many persons with long names',
               opened(appointments={'host.commander': [f'{i:03}' + '"' * 253 for i in range(32)]}))
        room = LINE_MAX - len(opening(opened(), AGREEMENT.encode()).encode()) + len('"Shah"') - 19
        keys = {}
        while room > 300:
            keys[f'k{len(keys):03}'] = 'x' * min(4096, room - 9 - 2)
            room -= len(f',"k000":""') + len(keys[f'k{len(keys) - 1:03}'])
        t.same('an entry 0 of nearly 65536 bytes', opened(**keys))
        code, out, err = t.run([opened(**keys, more='x' * 1000)])
        t.ok(code == 2 and not out and err.count('\n') == 1 and 'a line has at most 65536 bytes' in err,
             f'and of more: {err.strip()[-120:]}', err)
        print(f'1..{t.count}')
        return 1 if t.failed else 0


if __name__ == '__main__':
    raise SystemExit(main())
