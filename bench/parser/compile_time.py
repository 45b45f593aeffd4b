#!/usr/bin/env python3
"""How long a compiler takes for a file that includes a parser, and for one that uses it too.

    bench/parser/compile_time.py [--runs N] [--compiler CXX] [--flags FLAGS]

Compiles two small files for each parser, in turns, so that the load of the machine falls on all of
them alike, and prints the medians of the processor's time, and their ratios to quire. One file only
includes the parser. The other reads a request with it and returns the number of its fields.
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
  while (p.parse(first, last, n, e) == result::ok) count += n.type == node_type::field;
  return count;
}
"""

BEAST = """
namespace http = boost::beast::http;
int fields(char const* first, char const* last) {
  http::request_parser<http::string_body> p;
  boost::beast::error_code e;
  p.put(boost::asio::buffer(first, static_cast<std::size_t>(last - first)), e);
  int count = 0;
  for (auto const& f : p.get()) count += !f.name_string().empty();
  return count;
}
"""

HTTP_PARSER = """
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

# Name: the headers, and what uses them.
PROGRAMS = {
    'quire, `<quire/parser/parser.hpp>`': (['quire/parser/parser.hpp'], QUIRE),
    'quire, `<quire_parser.hpp>`': (['quire_parser.hpp'], QUIRE),
    'Boost.Beast, `<boost/beast/http/parser.hpp>`':
        (['boost/beast/http/parser.hpp', 'boost/beast/http/string_body.hpp'], BEAST),
    'http_parser, in C': (['http_parser.h'], HTTP_PARSER),
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
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        sources = {}
        for number, (name, (headers, use)) in enumerate(PROGRAMS.items()):
            includes = ''.join(f'#include <{header}>\n' for header in headers)
            for kind, text in (('includes', includes), ('uses', includes + use)):
                source = Path(folder) / f'{number}_{kind}.cpp'
                source.write_text(text, encoding='utf-8')
                sources[name, kind] = source
        for key, source in sources.items():  # Once for the disk, and to see what is there.
            try:
                compile_seconds(command, source)
            except subprocess.CalledProcessError:
                sys.exit(f'compile_time: {key[0]} does not compile; '
                         'apt-get install libboost1.81-dev libhttp-parser-dev')
        for _ in range(arguments.runs):
            for key, source in sources.items():
                seconds.setdefault(key, []).append(compile_seconds(command, source))
    return {key: statistics.median(all_runs) for key, all_runs in seconds.items()}


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
    first = next(iter(PROGRAMS))
    print(f'{processor()}; {first_line(arguments.compiler, "--version")} {arguments.flags}; '
          f'Boost {boost_version(arguments.compiler)}; median of {arguments.runs} runs\n')
    print('| a file that includes | s | ratio | and uses it, s | ratio |\n|---|---:|---:|---:|---:|')
    for name in PROGRAMS:
        columns = []
        for kind in ('includes', 'uses'):
            ratio = medians[name, kind] / medians[first, kind]
            columns.append(f'{medians[name, kind]:.2f} | {ratio:.2f}')
        print(f'| {name} | {" | ".join(columns)} |')


if __name__ == '__main__':
    main()
