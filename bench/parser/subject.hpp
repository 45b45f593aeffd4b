// A parser that is measured, and what it is measured on.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::bench {

struct input {
  std::string name;
  std::string_view octets;
  std::size_t fields;  // Field lines in all heads together.
};

std::vector<input> const& inputs();

// Parses all messages of an input, with the names and values of fields delivered to a table, as a
// program would. A subject makes what it can reuse once, before the clock runs.
struct outcome {
  std::size_t used = 0;
  std::size_t fields = 0;
  bool good = false;
};

struct subject {
  std::string name;
  // Gives the function that the clock runs on this input.
  std::function<std::function<outcome()>(input const&)> prepare;
};

void add_quire_subjects(std::vector<subject>& subjects);
void add_http_parser_subject(std::vector<subject>& subjects) __attribute__((weak));
void add_beast_subject(std::vector<subject>& subjects) __attribute__((weak));
// From "NAME=FILE.so". Throws std::runtime_error.
void add_shared_object_subject(std::vector<subject>& subjects, std::string const& argument);

}  // namespace quire::bench
