// What can be set: each number with its default, its bounds and its reason, in one table.
//
// A number N is set by the flag --N and the environment variable QUIRE_N (upper case, hyphens as
// underscores). `quire help serve` prints the table, so it is never out of date.
#pragma once

#include <quire/io/endpoint.hpp>
#include <quire/io/file_mode.hpp>
#include <quire/server/site/content_coding.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {

// What --file-io auto means.
inline constexpr io::file_mode auto_file_io = io::file_mode::buffered;

struct settings {
  std::string root = ".";
  std::vector<io::endpoint> listen;
  std::string io = "auto";
  // How files are read: those that are kept in memory as those that are sent from the disk.
  io::file_mode file_io = auto_file_io;
  std::string access_log = "-";
  std::string error_log = "-";
  // Codings in which files may lie beside themselves.
  coding_set precompressed = coding_set::all();
  // Codings in which the server encodes files that nobody has encoded.
  coding_set compress;
  std::uint64_t workers = 0;

  // Seconds.
  std::uint64_t idle_timeout = 0;
  std::uint64_t header_timeout = 0;
  std::uint64_t body_timeout = 0;
  std::uint64_t send_timeout = 0;
  std::uint64_t drain_timeout = 0;
  // Octets.
  std::uint64_t request_line_max = 0;
  std::uint64_t field_section_max = 0;
  std::uint64_t body_max = 0;
  std::uint64_t cache_size = 0;
  std::uint64_t memory_max = 0;
  // Counts.
  std::uint64_t field_count_max = 0;
  std::uint64_t connections_max = 0;
  // Milliseconds for which a file is taken for unchanged without a look; nothing: freshness.hpp
  // decides.
  std::optional<std::uint64_t> revalidate;
};

struct number_setting {
  std::string_view name;
  std::uint64_t settings::*value;
  std::uint64_t standard;  // 0 with workers: as many as there are cores.
  std::uint64_t min;
  std::uint64_t max;
  std::string_view unit;
  std::string_view reason;
};

inline constexpr std::uint64_t kibibyte = 1024;
inline constexpr std::uint64_t mebibyte = 1024 * kibibyte;

inline constexpr std::array number_settings = {
    number_setting{"workers", &settings::workers, 0, 0, 1024, "threads",
                   "Threads that serve; 0: one for each core."},
    number_setting{"idle-timeout", &settings::idle_timeout, 60, 1, 86400, "s",
                   "How long a connection may wait for its next request."},
    number_setting{"header-timeout", &settings::header_timeout, 10, 1, 3600, "s",
                   "How long a request line with its fields may take; answered by 408."},
    number_setting{"body-timeout", &settings::body_timeout, 30, 1, 3600, "s",
                   "How long the content of a request, which is thrown away, may take."},
    number_setting{"send-timeout", &settings::send_timeout, 30, 1, 3600, "s",
                   "How long a client may take nothing of a response."},
    number_setting{"drain-timeout", &settings::drain_timeout, 10, 0, 3600, "s",
                   "How long running responses may finish after SIGTERM or SIGINT."},
    number_setting{"request-line-max", &settings::request_line_max, 8 * kibibyte, 128, mebibyte,
                   "bytes",
                   "The longest request line; beyond it 414. RFC 9112 asks for 8000 at least."},
    number_setting{"field-section-max", &settings::field_section_max, 32 * kibibyte, 256, mebibyte,
                   "bytes", "All field lines of a request together; beyond it 431."},
    number_setting{"field-count-max", &settings::field_count_max, 100, 1, 10000, "lines",
                   "Field lines of a request; beyond it 431."},
    number_setting{"body-max", &settings::body_max, mebibyte, 0, std::uint64_t{1} << 40, "bytes",
                   "Content of a request that is read and thrown away; beyond it 413."},
    number_setting{"connections-max", &settings::connections_max, 10000, 1, 1 << 24, "",
                   "Connections at the same time, all workers together; beyond it 503."},
    number_setting{"cache-size", &settings::cache_size, 128 * mebibyte, 0, std::uint64_t{1} << 40,
                   "bytes",
                   "Memory for what is kept of files, all workers together: enough for most sites "
                   "as a whole; 0, or less than a file takes: it is read for each request. If it is not "
                   "given: an eighth of the machine's memory, if that is more."},
    number_setting{"memory-max", &settings::memory_max, 512 * mebibyte, 4 * mebibyte,
                   std::uint64_t{1} << 40, "bytes",
                   "Memory for the cache and for what is on its way, all workers together. If it is not "
                   "given: a quarter of the machine's memory, if that is more."},
};

inline constexpr std::uint64_t revalidate_max = 86'400'000;

}  // namespace quire::server
