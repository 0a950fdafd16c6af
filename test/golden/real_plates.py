#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""real_plates.py: messages of four makers as they publish them, through `import plates`.

What must come of each is written by hand from the message, and once more worked out of it here with a JSON and an XML
reader that are not ours: how many readings there are, the plate, the instant in UTC, and on which side of the floor
the confidence lies, on one scale for all makers. The messages lie beside a checkout; where they do not, they are
counted as skipped. test/data/plates has such messages of our own making, for everybody. Prints TAP."""
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

ROOT, SHARED = os.environ['ENTENTE_ROOT'], os.environ.get('ENTENTE_SHARED', '')
# File: readings, and of those that become an event the plate and the instant.
WANT = {
    'axis/event.json': (1, [('RLE11684', '2021-06-11T10:05:38.252Z')]),
    'frigate/01_frigate_events.json': (1, []),                         # a person
    'frigate/02_generative_ai_description_update.json': (1, []),
    'frigate/03_face_recognition_update.json': (1, []),
    'frigate/04_license_plate_recognition_update.json': (1, [('123ABC', '2020-12-04T23:19:18.748Z')]),
    'frigate/05_object_classification_update.json': (1, []),
    'frigate/06_object_classification_update.json': (1, []),
    'frigate/07_frigate_reviews.json': (1, []),
    'frigate/08_frigate_triggers.json': (1, []),
    'frigate/events_api_mock.json': (3, []),                           # two persons, a car without a plate
    'frigate/reviews_api_mock.json': (4, []),
    'hikvision/anpr.xml': (1, [('PECT600', '2024-01-19T03:17:19.000Z')]), # 11:17:19+08:00
    'platerecognizer/01_README.json': (1, []),                         # no time
    'platerecognizer/webhook_sample_default_values.json': (1, [('PL8REC', '2024-01-01T00:00:00.000Z')]),
}


FLOOR = 0.7 # in all feeds of library/
# Where a maker says how sure it is, and how it writes just the floor and just less.
CONFIDENCE = {
    'axis/event.json': (r'("plateConfidence": *")[^"]*|("plateConfidence": *)[0-9.]+', '0.70', '0.6999999'),
    'frigate/04_license_plate_recognition_update.json': (r'("score": *)[0-9.]+', '0.7', '0.69'),
    'hikvision/anpr.xml': ('(<confidenceLevel>)[^<]*', '70', '69'),
    'platerecognizer/webhook_sample_default_values.json': (r'("score": *)[0-9.]+', '0.700', '0.6999'),
}


def utc(when):
    """An instant as the log writes it, cut off behind the millisecond."""
    when = when.astimezone(datetime.timezone.utc)
    return when.strftime('%Y-%m-%dT%H:%M:%S.') + f'{when.microsecond // 1000:03}Z'


def since_epoch(value, unit):
    ms = int(value) * 1000 // unit if isinstance(value, (int, str)) else int(f'{value:.6f}'.replace('.', '')) // 1000
    return utc(datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=ms))


def plain(plate):
    return re.sub('[^0-9A-Z]', '', plate.upper())


def worked_out(maker, path):
    """Plate, instant and confidence (of 1) of the vehicles in a message, by a reader that is not ours."""
    if maker == 'hikvision':
        with open(path, encoding='utf-8') as f:
            root = xml.etree.ElementTree.fromstring(f.read().encode())
        find = {e.tag.split('}')[1]: (e.text or '').strip() for e in root.iter()}
        return [(plain(find['licensePlate']), utc(datetime.datetime.fromisoformat(find['dateTime'])),
                 float(find['confidenceLevel']) / 100)]
    with open(path, encoding='utf-8') as f:
        message = json.load(f)
    if maker == 'axis':
        at = since_epoch(message['capture_ts'], 10**9)
        return [(plain(message['plateUTF8']), at, float(message['plateConfidence']))]
    if maker == 'frigate' and 'plate' in message:
        return [(plain(message['plate']), since_epoch(message['timestamp'], 1), message['score'])]
    if maker == 'platerecognizer' and 'data' in message:
        at = datetime.datetime.fromisoformat(message['data']['timestamp'].replace('Z', '+00:00'))
        return [(plain(r['plate']), utc(at), r['score']) for r in message['data']['results']]
    return []


def main():
    count = failed = 0

    def ok(good, what, remark=''):
        nonlocal count, failed
        count += 1
        failed += not good
        print('ok' if good else 'not ok', count, '-', what)
        if not good:
            print('\n'.join('# ' + line for line in str(remark).splitlines()))

    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, 'bin', 'entente')
        os.mkdir(os.path.dirname(place))
        shutil.copy(os.environ['ENTENTE'], place)
        shutil.copytree(os.path.join(ROOT, 'library'), os.path.join(folder, 'share', 'entente', 'library'))

        karachi = os.path.join(ROOT, 'examples', 'karachi', 'karachi.accord')

        def imported(path, *more):
            given = ['import', 'plates', path, '--by', 'cam-3', '--with', 'k = exit-signal', *more]
            done = subprocess.run([place, *given], stdin=subprocess.DEVNULL, capture_output=True, check=False)
            return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()

        for name, (readings, want) in WANT.items():
            path = os.path.join(SHARED, 'data', 'anpr', name)
            if not SHARED or not os.path.isfile(path):
                count += 1
                print(f'ok {count} - {name} # SKIP $ENTENTE_SHARED has no data/anpr')
                continue
            code, events, err = imported(path, '--agreement', karachi)
            got = [(e['v'], e['at']) for e in events]
            ok(code == 0 and got == want, f'{name}: {want}', f'exit status {code}: {got}\n{err}')
            ok(f' {readings} readings: {len(want)} events, {readings - len(want)} not taken' in err,
               f'{name}: {readings} readings, {len(want)} events', err)
            ok(all(e['kind'] == 'sighting.pass' and e['by'] == 'cam-3' and e['k'] == 'exit-signal'
                   and set(e) <= {'kind', 'at', 'by', 'id', 'v', 'k'} for e in events),
               f'{name}: nothing else is said of them', events)
            known = worked_out(name.split('/', maxsplit=1)[0], path)
            sure = [(plate, at) for plate, at, confidence in known if confidence >= FLOOR]
            ok(sure == want, f'{name}: as a reader that is not ours has it: {known}', f'{sure} and not {want}')
        for name, (pattern, floor, less) in CONFIDENCE.items():
            path = os.path.join(SHARED, 'data', 'anpr', name)
            if not SHARED or not os.path.isfile(path):
                continue
            with open(path, encoding='utf-8') as f:
                text = f.read()
            for value, events_wanted in ((floor, 1), (less, 0)):
                changed = os.path.join(folder, 'changed')
                with open(changed, 'w', encoding='utf-8') as f:
                    f.write(re.sub(pattern, lambda m, v=value: (m.group(1) or m.group(m.lastindex)) + v, text))
                code, events, err = imported(changed)
                ok(code == 0 and len(events) == events_wanted and (events or 'below the floor of ' in err),
                   f'{name}: sure by {value}: {events_wanted} events', f'exit status {code}: {events}\n{err}')
        # One that names no time takes the caller's.
        path = os.path.join(SHARED, 'data', 'anpr', 'platerecognizer', '01_README.json')
        if SHARED and os.path.isfile(path):
            code, events, err = imported(path, '--at', '2024-10-06T17:20:00.000Z')
            with open(path, encoding='utf-8') as f:
                plates = [plain(r['plate']) for message in json.load(f) for r in message['results']]
            ok([(e['v'], e['at']) for e in events] == [(p, '2024-10-06T17:20:00.000Z') for p in plates],
               f'a message without a time, with --at: {plates}', f'{events}\n{err}')
    print(f'1..{count}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
