#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_headers.py ROOT COMPILER...: every header under src compiles alone, and included twice.

Without banned.h, so that a header cannot lean on what that includes. A compiler
that is not there is skipped; at least one must be. First it shows that a header
that leans on its includer, and one without a guard, would be seen.
"""
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

FLAGS = ['-std=c17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wpedantic', '-Wundef', '-Werror', '-fsyntax-only']


def headers(src):
    return sorted(os.path.relpath(os.path.join(folder, name), src)
                  for folder, _, names in os.walk(src) for name in names if name.endswith('.h'))


def complaint(compiler, src, header):
    """What the compiler says of the header; None when it says nothing."""
    text = f'#include "{header}"\n#include "{header}"\n'
    run = subprocess.run([compiler, *FLAGS, '-I', src, '-x', 'c', '-'], input=text, text=True,
                         capture_output=True, check=False)
    return None if run.returncode == 0 else f'{compiler}: {header} does not compile alone\n{run.stderr}'


def prove(compiler):
    with tempfile.TemporaryDirectory() as src:
        for name, text in (('leans.h', '#ifndef A\n#define A\nuint32_t leans(void);\n#endif\n'),
                           ('bare.h', 'struct bare { int x; };\n'),
                           ('good.h', '#ifndef G\n#define G\n#include <stdint.h>\nuint32_t g(void);\n#endif\n')):
            with open(os.path.join(src, name), 'w', encoding='utf-8') as f:
                f.write(text)
        refused = [n for n in headers(src) if complaint(compiler, src, n)]
        return [] if refused == ['bare.h', 'leans.h'] else [f'{compiler}: this check refuses {refused} of its own']


def main():
    src = os.path.join(sys.argv[1], 'src')
    by_path = {os.path.realpath(shutil.which(c)): c for c in sys.argv[2:] if shutil.which(c)}
    compilers = list(by_path.values())
    if not compilers:
        print('none of these compilers is here:', *sys.argv[2:])
        return 1
    problems = [p for c in compilers for p in prove(c)]
    pairs = [(c, src, h) for c in compilers for h in headers(src)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems += [p for p in pool.map(lambda pair: complaint(*pair), pairs) if p]
    for p in problems:
        print(p)
    print(f'{len(pairs)} headers looked at by {" and ".join(compilers)}')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
