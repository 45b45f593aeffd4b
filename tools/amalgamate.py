#!/usr/bin/env python3
"""Joins the parser of quire into one header, quire_parser.hpp.

Declarations and templates come first, in the order of their inclusion, each file once. What is
compiled once in a program (the scan kernels, the field values, the buffer) stands behind
QUIRE_PARSER_IMPLEMENTATION. The kernels' instruction sets, which the build gives to the compiler as
flags for single files, become pragmas. The same input gives the same output, octet by octet.
"""

import argparse
import re
from pathlib import Path

INCLUDE = re.compile(r'\s*#\s*include\s*<([^>]+)>')
CONDITION = re.compile(r'\s*#\s*(if|ifdef|ifndef|endif)\b')

HEAD = """\
// quire_parser.hpp: the HTTP/1.1 parser of quire {version} in one header.
//
// Include it anywhere. In exactly one source file of the program write before it
//
//   #define QUIRE_PARSER_IMPLEMENTATION
//
// It holds what <quire/parser/parser.hpp>, <quire/parser/buffer_parser.hpp> and the headers of
// <quire/parser/fields/> hold, and the buffer without its page pool, which needs an operating system.
// Made by tools/amalgamate.py from quire's source; change that, not this.
//
"""


def comment(text):
    return ''.join(f'// {line}'.rstrip() + '\n' for line in text.splitlines())


class Amalgamation:
    def __init__(self, source):
        self.source = source
        self.seen = set()  # Headers of quire that were written.
        self.lines = []

    def text_of(self, name):
        return (self.source / name).read_text(encoding='utf-8').splitlines()

    def banner(self, name):
        self.lines += ['', f'// ===== {name} ' + '=' * max(0, 86 - len(name)), '']

    def header(self, name):
        """A header of quire, after those that it includes, unless it was written before."""
        if name not in self.seen:
            self.seen.add(name)
            text = self.text_of(name)
            for line in text:
                match = INCLUDE.match(line)
                if match and match[1].startswith('quire/'):
                    self.header(match[1].removeprefix('quire/'))
            self.banner(name)
            self.lines += self.body(text)

    def body(self, text):
        """The lines of a file without #pragma once and without the headers of quire."""
        kept = []
        for line in text:
            match = INCLUDE.match(line)
            if match and match[1].startswith('quire/'):
                name = match[1].removeprefix('quire/')
                if name.endswith('.inc'):
                    kept += self.body(self.text_of(name))
                elif name not in self.seen:
                    raise SystemExit(f'amalgamate: {name} is included where it is too late for it')
            elif line.strip() != '#pragma once':
                kept.append(line)
        return without_double_blanks(kept)

    def implementation(self, name, targets):
        """A source file; `targets` are the instructions that it may use, as the compiler names them."""
        text = self.text_of(name)
        for line in text:
            match = INCLUDE.match(line)
            if match and match[1].startswith('quire/') and not match[1].endswith('.inc'):
                self.header(match[1].removeprefix('quire/'))
        self.banner(name)
        body = self.body(text)
        if not targets:
            self.lines += body
            return
        # A header of the compiler or the library must not be read with other targets.
        self.lines += [line for line in body if INCLUDE.match(line)]
        self.lines += ['#if defined(__clang__)',
                       f'#pragma clang attribute push(__attribute__((target("{targets}"))), '
                       'apply_to = function)',
                       '#else', '#pragma GCC push_options', f'#pragma GCC target("{targets}")',
                       '#endif']
        self.lines += without_double_blanks([line for line in body if not INCLUDE.match(line)])
        self.lines += ['#if defined(__clang__)', '#pragma clang attribute pop', '#else',
                       '#pragma GCC pop_options', '#endif']


def without_double_blanks(lines):
    kept = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def without_repeated_includes(lines):
    """Drops an #include that an earlier one, under no condition, has made superfluous."""
    kept, seen, depth = [], set(), 0
    for line in lines:
        condition = CONDITION.match(line)
        if condition:
            depth += -1 if condition[1] == 'endif' else 1
        include = INCLUDE.match(line)
        if include:
            if include[1] in seen:
                continue
            if depth == 1:  # Inside of the include guard alone.
                seen.add(include[1])
        kept.append(line)
    return without_double_blanks(kept)


def amalgamate(arguments):
    out = Amalgamation(arguments.source)
    out.lines += ['#ifndef QUIRE_PARSER_HPP', '#define QUIRE_PARSER_HPP']
    for name in arguments.header:
        out.header(name)
    out.lines += ['', '#endif  // QUIRE_PARSER_HPP', '',
                  '#if defined(QUIRE_PARSER_IMPLEMENTATION) && !defined(QUIRE_PARSER_IMPLEMENTED)',
                  '#define QUIRE_PARSER_IMPLEMENTED']
    for name in arguments.implementation:
        out.implementation(name, None)
    for condition, kernels in (('defined(__x86_64__) || defined(_M_X64)', arguments.x86_64),
                               ('defined(__aarch64__)', arguments.aarch64)):
        out.lines += ['', f'#if {condition}']
        for kernel in kernels:
            name, _, targets = kernel.partition('=')
            out.implementation(name, targets)
        out.lines += ['', f'#endif  // {condition}']
    out.lines += ['', '#endif  // QUIRE_PARSER_IMPLEMENTATION']

    head = HEAD.format(version=arguments.version)
    head += comment((arguments.source / 'LICENSE').read_text(encoding='utf-8'))
    return head + '\n' + '\n'.join(without_repeated_includes(out.lines)) + '\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--source', type=Path, required=True, help='the top of the source tree')
    parser.add_argument('--version', required=True)
    parser.add_argument('--header', nargs='+', required=True)
    parser.add_argument('--implementation', nargs='+', required=True)
    parser.add_argument('--x86-64', nargs='*', default=[], metavar='FILE=TARGETS')
    parser.add_argument('--aarch64', nargs='*', default=[], metavar='FILE')
    parser.add_argument('output', type=Path)
    arguments = parser.parse_args()
    arguments.output.write_text(amalgamate(arguments), encoding='utf-8', newline='\n')


if __name__ == '__main__':
    main()
