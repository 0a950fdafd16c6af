#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hostile.py: the program over bytes that were made to harm it, each within a bound of processor time and of memory.

The files of test/data/hostile are ours, one of each kind; with the material beside a checkout ($ENTENTE_SHARED) come
the hostile XML of other projects and JSONTestSuite. Each goes through `import plates`, and ours through `run` too, as a
file of events. The system stops what takes more processor time than SECONDS, and a plain build also what
asks for more address space than it should; how much memory was in use is asked at the end, and nothing is measured
by the clock on the wall. Prints TAP."""
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT, SHARED = os.environ['ENTENTE_ROOT'], os.environ.get('ENTENTE_SHARED', '')
DOCTYPE = 'the XML declares a DOCTYPE; .* it is refused unread'
GOOD = None # it is read
OURS = {
    'laughs.xml': DOCTYPE, 'quadratic.xml': DOCTYPE, 'external.xml': DOCTYPE, 'dtd.xml': DOCTYPE,
    'parameter.xml': DOCTYPE, 'unknown-entity.xml': 'not well-formed XML .*: line 6, column 21',
    'deep.xml': 'nested deeper than 32', 'attribute.xml': GOOD, 'good.xml': GOOD, 'instruction.xml': GOOD,
    'twice-attribute.xml': 'duplicate attribute', 'utf16.xml': 'UTF-16; send them as UTF-8',
    'encoding.xml': 'unknown encoding', 'nul.xml': 'NUL byte', 'cut.xml': 'not well-formed XML',
    'two.xml': 'junk after document element',
    'twice.json': 'a key comes twice', 'nan.json': 'this is not JSON', 'infinity.json': 'this is not JSON',
    '1e999.json': 'a number is larger than any reading needs',
    'digits.json': 'a number is larger than any reading needs',
    'surrogate.json': 'this is not JSON', 'inverted.json': 'this is not JSON', 'escaped-nul.json': 'escaped NUL',
    'nul.json': 'NUL byte', 'control.json': 'this is not JSON', 'bytes.json': 'not UTF-8',
    'overlong.json': 'not UTF-8',
    'deep.json': 'nested deeper than 32', 'deep-open.json': 'nested deeper than 32',
    'cut.json': 'ends before it is complete',
    'comma.json': 'this is not JSON', 'behind.json': 'something follows the end', 'single.json': 'this is not JSON',
    'hex.json': 'this is not JSON', 'utf16.json': 'UTF-16; send them as UTF-8',
    'long-key.json': 'longer than 256 bytes', 'long-text.json': GOOD, 'bom.json': GOOD,
}
# JSON that is JSON, and that we refuse all the same: a key twice, a NUL.
STRICTER = {'y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json',
            'y_object_escaped_null_in_key.json', 'y_string_null_escape.json'}
READABLE = 'defusedxml/simple.xml', 'defusedxml/simple-ns.xml'


class Test:
    def __init__(self, program, folder):
        self.program, self.folder, self.count, self.failed = program, folder, 0, 0
        with open(program, 'rb') as f:
            self.sanitized = b'__asan_init' in f.read()
        self.seconds = 20 if self.sanitized else 2
        self.mib = 700 if self.sanitized else 64
        with open(os.path.join(ROOT, 'examples', 'karachi', 'karachi.jsonl'), 'rb') as f:
            self.opened = f.readline()

    def ok(self, good, what, remark=''):
        self.count += 1
        self.failed += not good
        print('ok' if good else 'not ok', self.count, '-', re.sub('[#\\\\]', '', what))
        if not good:
            print('\n'.join('# ' + line for line in remark.splitlines()[:5]))

    def limit(self, space):
        resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if not self.sanitized: # a sanitizer reserves terabytes that it never uses
            resource.setrlimit(resource.RLIMIT_AS, (space, space))

    def run(self, arguments, space):
        """Exit status, what came out, and a complaint if it took too much."""
        out, err = (os.path.join(self.folder, name) for name in ('out', 'err'))
        with open(out, 'wb') as o, open(err, 'wb') as e:
            with subprocess.Popen([self.program, *arguments], stdin=subprocess.DEVNULL, stdout=o, stderr=e,
                                  preexec_fn=lambda: self.limit(space)) as child:
                _, code, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(code)
        with open(out, 'rb') as o, open(err, 'rb') as e:
            said, complained = o.read(), e.read().decode('utf-8', 'replace')
        over = '' if usage.ru_maxrss <= self.mib << 10 else f'{usage.ru_maxrss >> 10} MiB in use; '
        return child.returncode, said, complained, over

    def imports(self, what, path, pattern, messages=None):
        """GOOD: it ends with 0 and gives an event. A pattern: it ends with 2, gives none and says why."""
        code, said, err, over = self.run(['import', 'plates', path, '--by', 'cam-1', '--with', 'k = gate'], 512 << 20)
        lines = err.count('\n')
        if pattern is GOOD:
            fine = code == 0 and said.startswith(b'{"kind":') and said.endswith(b'}\n') and lines == 1
        else:
            fine = code == 2 and not said and re.search(pattern, err) and lines == 2
        if messages is not None: # well formed, and no reading: one line a message, and the count
            fine = code == 0 and not said and lines == messages + 1
        self.ok(fine and not over, f'import {what}: {err.splitlines()[0][-100:] if err else ""}',
                f'{over}exit status {code}, {len(said)} bytes out\n{err}')

    def judges(self, what, data):
        """As a line of events: no JSON of others is an event, so it is refused, whole, with its place."""
        path = os.path.join(self.folder, 'events.jsonl')
        with open(path, 'wb') as f:
            f.write(self.opened + data)
        agreement = os.path.join(ROOT, 'examples', 'karachi', 'karachi.accord')
        code, said, err, over = self.run(['run', agreement, path], 8 << 30)
        lines = err.splitlines()
        blank = not data.strip(b' \t\r\n')
        fine = code == 0 and not lines if blank else (
            code == 2 and not said and 1 <= len(lines) <= 21 and
            all(re.match(re.escape(path) + r':\d+:\d+: ', line) or line.startswith('entente: ') for line in lines))
        self.ok(fine and not over, f'run {what}: {lines[0][len(path):][:100] if lines else ""}',
                f'{over}exit status {code}, {len(said)} bytes out\n{err}')


def files(folder):
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            yield os.path.relpath(os.path.join(place, name), folder), os.path.join(place, name)


def ours(test):
    folder = os.path.join(ROOT, 'test', 'data', 'hostile')
    test.ok(sorted(OURS) == sorted(name for name, _ in files(folder)), 'each file of test/data/hostile has its answer')
    for name, path in files(folder):
        test.imports(name, path, OURS.get(name, ''))
        with open(path, 'rb') as f:
            test.judges(name, f.read())


def others(test):
    """What lies beside a checkout; counted as skipped where it does not."""
    for part, what in (('xml-hostile', 'the hostile XML of other projects'), ('json/parsing', 'JSONTestSuite')):
        folder = os.path.join(SHARED, 'data', part)
        if not SHARED or not os.path.isdir(folder):
            test.count += 1
            print(f'ok {test.count} - {what} # SKIP $ENTENTE_SHARED has no data/{part}')
            continue
        for name, path in files(folder):
            if name.endswith('.md'):
                continue
            if part == 'xml-hostile':
                test.imports(name, path, '' if name in READABLE else DOCTYPE, 1 if name in READABLE else None)
                continue
            if name[0] == 'n' or name in STRICTER:
                test.imports(name, path, 'not taken: ')
            elif name[0] == 'y': # of a list, each value is a message
                with open(path, 'rb') as f:
                    value = json.load(f)
                messages = len(value) if isinstance(value, list) else 1
                test.imports(name, path, 'the list of messages is empty', messages or None)


def main():
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, 'bin', 'entente') # where it finds its library, whatever build folder it is from
        os.mkdir(os.path.dirname(place))
        shutil.copy(os.environ['ENTENTE'], place)
        shutil.copytree(os.path.join(ROOT, 'library'), os.path.join(folder, 'share', 'entente', 'library'))
        test = Test(place, folder)
        ours(test)
        others(test)
        print(f'1..{test.count}')
        return 1 if test.failed else 0


if __name__ == '__main__':
    sys.exit(main())
