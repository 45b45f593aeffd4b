"""Compiles every cpp block of a document, each in a namespace of its own, and runs the first one.

    documented.py DOCUMENT FOLDER COMPILER...
"""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent / 'documented'


def program(document):
    text = Path(document).read_text(encoding='utf-8')
    out = ['#define QUIRE_PARSER_IMPLEMENTATION', f'#include "{HERE}/prelude.hpp"']
    blocks = list(re.finditer(r'^```cpp\n(.*?)^```$', text, re.MULTILINE | re.DOTALL))
    for number, block in enumerate(blocks):
        line = text.count('\n', 0, block.start(1)) + 1
        out += [f'namespace block_{number} {{', f'#line {line} "{document}"', block[1], '}']
    out += ['int main() {', '  connection c;', '  block_0::read_messages(c);', '}']
    return '\n'.join(out) + '\n'


def main():
    document, folder, *compiler = sys.argv[1:]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / 'documented.cpp'
    source.write_text(program(document), encoding='utf-8')
    subprocess.run([*compiler, '-std=c++20', '-Wall', '-Wextra', '-Wpedantic', '-Werror', source,
                    '-o', folder / 'documented'], check=True)
    written = subprocess.run([folder / 'documented'], capture_output=True, check=True).stdout.decode()
    expected = (HERE / 'expected.txt').read_text(encoding='utf-8')
    assert written == expected, f'expected:\n{expected}\nbut it wrote:\n{written}'


main()
