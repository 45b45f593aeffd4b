// The parser against the reference parser, whole, in pieces, and over pages: one verdict, one list
// of elements. The first octets of the input say what is read and where it is cut.
#include "tests/parser/every_way.hpp"
#include "tests/parser/reference_parser.hpp"

#include <quire/parser/scan.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

using namespace quire::http;
using namespace quire::http::test;

constexpr std::size_t head_size = 4;

reading reading_of(unsigned kind, unsigned leniency) {
  reading how;
  if ((kind & 1) != 0) how.response = response_to{static_cast<method>(kind / 2 % 10)};
  how.lenient.bare_lf = (leniency & 1) != 0;
  how.lenient.obs_fold = (leniency & 2) != 0;
  how.lenient.white_space_before_colon = (leniency & 4) != 0;
  how.lenient.repeated_content_length = (leniency & 8) != 0;
  how.lenient.content_length_beside_transfer_encoding = (leniency & 16) != 0;
  how.lenient.any_host = (leniency & 32) != 0;
  how.lenient.obs_text_in_target = (leniency & 64) != 0;
  if ((leniency & 128) != 0) {
    how.limit.field_line_length_max = 24;
    how.limit.field_section_length_max = 64;
    how.limit.field_count_max = 4;
    how.limit.target_length_max = 12;
  }
  return how;
}

void expect_same(transcript const& wanted, transcript const& got, char const* way) {
  if (got == wanted) return;
  std::fprintf(stderr, "%s says:\n%sinstead of:\n%s", way, to_string(got).c_str(),
               to_string(wanted).c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < head_size || size > 4096) return 0;
  reading const how = reading_of(data[0], data[1]);
  std::string_view const text(reinterpret_cast<char const*>(data) + head_size, size - head_size);
  transcript const whole = run_core(text, how, {});
  std::string const difference = reference_difference(text, how, whole);
  if (!difference.empty()) {
    std::fprintf(stderr, "%s", difference.c_str());
    std::abort();
  }
  std::size_t const cut = text.size() * data[2] / 256;
  for (auto const* k = scan::available_kernels(); *k != nullptr; ++k) {
    scan::use_kernel(**k);
    expect_same(whole, run_core(text, how, {}), (*k)->name);
    expect_same(whole, run_core(text, how, {cut}), (*k)->name);
  }
  expect_same(whole, run_core_in_place(text, how, data[3] % 64u + 1), "in place, in pieces");
  expect_same(whole, run_deque(text, how, data[3] % 16u + 1), "deque, in pieces");
  expect_same(whole, run_buffer(text, how, data[2] % 64u + 1, 0), "over pages");
  expect_same(whole, run_buffer(text, how, data[2] % 64u + 1, data[3] % 32u + 1),
              "over pages, in pieces");
  return 0;
}
