#!/usr/bin/env python3
"""How long a compiler takes for a file that includes a parser and uses it.

    bench/parser/compile_time.py [--runs N] [--compiler CXX] [--flags FLAGS]

Compiles one small program for each parser, in turns, so that the load of the machine falls on all of
them alike, and prints the median of the processor's time, and the ratio to quire. The programs do the
same: they read a request, element by element or whole, and return its number of fields.
"""

import argparse
import os
import platform
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]

QUIRE = """
using namespace quire::http;
int fields(char const* first, char const* last) {
  parser<char const*> p;
  node<char const*> n;
  error e;
  int count = 0;
  while (p.parse(first, last, n, e) == result::ok) count += n.type == node_type::field_name;
  return count;
}
"""

BEAST = """
#include <boost/beast/http/%s.hpp>
#include <boost/beast/http/parser.hpp>
namespace http = boost::beast::http;
int fields(char const* first, char const* last) {
  http::request_parser<http::%s> p;
  boost::beast::error_code e;
  p.put(boost::asio::buffer(first, static_cast<std::size_t>(last - first)), e);
  int count = 0;
  for (auto const& f : p.get()) count += !f.name_string().empty();
  return count;
}
"""

HTTP_PARSER = """
#include <http_parser.h>
int fields(char const* first, char const* last) {
  int count = 0;
  http_parser p;
  http_parser_init(&p, HTTP_REQUEST);
  p.data = &count;
  http_parser_settings s;
  http_parser_settings_init(&s);
  s.on_header_field = [](http_parser* at, char const*, unsigned long) {
    ++*static_cast<int*>(at->data);
    return 0;
  };
  http_parser_execute(&p, &s, first, static_cast<unsigned long>(last - first));
  return count;
}
"""

PROGRAMS = {
    'quire: parser/parser.hpp': '#include <quire/parser/parser.hpp>\n' + QUIRE,
    'quire: quire_parser.hpp': '#include <quire_parser.hpp>\n' + QUIRE,
    'Beast: request_parser<string_body>': BEAST % ('string_body', 'string_body'),
    'Beast: request_parser<empty_body>': BEAST % ('empty_body', 'empty_body'),
    'http_parser (C)': HTTP_PARSER,
    'nothing but <string_view>': '#include <string_view>\nint fields;\n',
}


def compile_seconds(command, source):
    """Seconds of the processor, which do not depend on what else it does, as those of the clock do."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, str(source)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def processor():
    for line in Path('/proc/cpuinfo').read_text(encoding='utf-8').splitlines():
        if line.startswith('model name'):
            return f'{line.split(":")[1].strip()}, {os.cpu_count()} processors'
    return platform.machine()


def boost_version(compiler):
    macros = subprocess.run([compiler, '-x', 'c++', '-dM', '-E', '-include', 'boost/version.hpp',
                             '/dev/null'], capture_output=True, text=True, check=True).stdout
    for line in macros.splitlines():
        if line.startswith('#define BOOST_LIB_VERSION'):
            return line.split('"')[1].replace('_', '.')
    return 'unknown'


def measure(arguments):
    command = [arguments.compiler, '-std=c++20', *shlex.split(arguments.flags),
               '-I', str(arguments.include), '-o', '/dev/null', '-c']
    seconds = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        sources = {}
        for number, (name, text) in enumerate(PROGRAMS.items()):
            sources[name] = Path(folder) / f'{number}.cpp'
            sources[name].write_text(text, encoding='utf-8')
        for source in sources.values():
            compile_seconds(command, source)  # Once for the disk.
        for _ in range(arguments.runs):
            for name, source in sources.items():
                seconds[name].append(compile_seconds(command, source))
    return {name: statistics.median(all_runs) for name, all_runs in seconds.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=7)
    parser.add_argument('--compiler', default='g++')
    parser.add_argument('--flags', default='-O2')
    parser.add_argument('--include', type=Path, default=TOP / 'build/release/include',
                        help='where <quire/…> and <quire_parser.hpp> lie')
    arguments = parser.parse_args()
    if not (arguments.include / 'quire_parser.hpp').exists():
        sys.exit('compile_time: build the preset release first, or say --include DIR')
    medians = measure(arguments)
    base = medians['quire: parser/parser.hpp']
    print(f'{processor()}; {first_line(arguments.compiler, "--version")} {arguments.flags}; '
          f'Boost {boost_version(arguments.compiler)}; median of {arguments.runs} runs\n')
    print('| a file that includes and uses | s of processor | ratio |\n|---|---:|---:|')
    for name, median in medians.items():
        print(f'| {name} | {median:.2f} | {median / base:.2f} |')


if __name__ == '__main__':
    main()
