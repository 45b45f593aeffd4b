#include <quire/io/error.hpp>

#include <array>
#include <cstddef>

namespace quire::io {
namespace {

struct text {
  std::string_view name;
  std::string_view message;
};

// In the order of the enumerators.
constexpr std::array<text, 24> texts{{
    {"none", "success"},
    {"canceled", "the operation was cancelled"},
    {"connection_refused", "connection refused"},
    {"connection_reset", "connection reset by the peer"},
    {"broken_pipe", "the peer no longer receives"},
    {"timed_out", "the network timed out"},
    {"unreachable", "the network or the host cannot be reached"},
    {"address_in_use", "the address is in use"},
    {"address_unavailable", "the address does not belong to this machine"},
    {"access_denied", "permission denied"},
    {"not_found", "no such file or directory"},
    {"not_a_directory", "not a directory"},
    {"is_a_directory", "it is a directory"},
    {"not_regular", "not a regular file"},
    {"outside_root", "the path leads out of its directory"},
    {"too_many_links", "too many symbolic links"},
    {"name_too_long", "the name is too long"},
    {"too_many_open_files", "too many open files"},
    {"no_memory", "out of memory"},
    {"no_space", "no space left on the device"},
    {"unsupported", "not supported here"},
    {"invalid_argument", "the operating system refused an argument"},
    {"device_failure", "the device failed"},
    {"truncated", "the file has become shorter"},
}};

constexpr text other{"other", "an error that has no name here"};

static_assert(texts.size() == static_cast<std::size_t>(error::other));

text const& text_of(error e) noexcept {
  auto const i = static_cast<std::size_t>(e);
  return i < texts.size() ? texts[i] : other;
}

}  // namespace

std::string_view message(error e) noexcept {
  return text_of(e).message;
}

std::string_view name(error e) noexcept {
  return text_of(e).name;
}

}  // namespace quire::io
