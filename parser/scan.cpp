#include <quire/parser/scan.hpp>

namespace quire::http::scan {
namespace {

// Stands in until the choice is made: each function chooses, then passes the call on. Two threads
// may both choose; they choose the same.
kernel const& choose() noexcept {
  kernel const* best = nullptr;
  for (kernel const* const* k = available_kernels(); *k != nullptr; ++k) best = *k;
  use_kernel(*best);
  return *best;
}

found choose_find_lines(http::detail::look_ahead_memory& memory, char const* first,
                        char const* last) noexcept {
  return choose().find_lines(memory, first, last);
}
found choose_find_request(http::detail::look_ahead_memory& memory, char const* first,
                          char const* last) noexcept {
  return choose().find_request(memory, first, last);
}
char const* choose_find_token_end(char const* first, char const* last) noexcept {
  return choose().find_token_end(first, last);
}
char const* choose_find_value_end(char const* first, char const* last) noexcept {
  return choose().find_value_end(first, last);
}
char const* choose_find_target_end(char const* first, char const* last) noexcept {
  return choose().find_target_end(first, last);
}

constexpr kernel choosing_kernel = {"none yet",
                                    choose_find_lines,
                                    choose_find_request,
                                    choose_find_token_end,
                                    choose_find_value_end,
                                    choose_find_target_end};

}  // namespace

namespace detail {
constinit std::atomic<kernel const*> active{&choosing_kernel};
}  // namespace detail

kernel const* const* available_kernels() noexcept {
#if defined(__x86_64__) || defined(_M_X64)
  static kernel const* const all[] = {&scalar_kernel, &sse42_kernel, &avx2_kernel, &avx512_kernel,
                                      nullptr};
  static kernel const* const up_to_avx2[] = {&scalar_kernel, &sse42_kernel, &avx2_kernel, nullptr};
  static kernel const* const up_to_sse42[] = {&scalar_kernel, &sse42_kernel, nullptr};
  static kernel const* const only_scalar[] = {&scalar_kernel, nullptr};
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2") == 0) return only_scalar;
  bool const avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                    __builtin_cpu_supports("bmi2") != 0;
  if (!avx2) return up_to_sse42;
  bool const avx512 =
      __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
  return avx512 ? all : up_to_avx2;
#elif defined(__aarch64__)
  static kernel const* const all[] = {&scalar_kernel, &neon_kernel, nullptr};
  return all;
#else
  static kernel const* const all[] = {&scalar_kernel, nullptr};
  return all;
#endif
}

}  // namespace quire::http::scan
