// Parses one input of the benchmark many times, for a program that counts instructions.
#include "bench/parser/subject.hpp"

#include <cstdlib>
#include <cstring>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: parser_instructions SUBJECT INPUT TIMES\n";
    return 2;
  }
  std::vector<quire::bench::subject> subjects;
  quire::bench::add_quire_subjects(subjects);
  for (auto const& subject : subjects) {
    if (subject.name != argv[1]) continue;
    for (auto const& input : quire::bench::inputs()) {
      if (input.name != argv[2]) continue;
      auto const parse = subject.prepare(input);
      for (int i = std::atoi(argv[3]); i > 0; --i) {
        auto const outcome = parse();
        if (!outcome.good || outcome.used != input.octets.size() ||
            outcome.fields != input.fields) {
          std::cerr << "parser_instructions: the input was not parsed rightly\n";
          return 1;
        }
      }
      return 0;
    }
  }
  std::cerr << "parser_instructions: there is no such subject or input here\n";
  return 3;
}
