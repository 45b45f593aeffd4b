// What a worker offers to its connections. One thread.
#pragma once

#include <quire/buffer/page_pool.hpp>
#include <quire/io/proactor.hpp>
#include <quire/parser/limits.hpp>
#include <quire/server/access_log.hpp>
#include <quire/server/date_clock.hpp>
#include <quire/server/file_cache.hpp>
#include <quire/server/settings.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::server {

template <io::proactor Proactor>
struct services {
  services(Proactor& p, page_pool& pages, settings const& s, std::size_t workers,
           access_log::channel* log_channel,
           date_clock::time_of_day time_of_day = &date_clock::system_time)
      : proactor(p),
        pool(pages),
        configuration(s),
        log(log_channel),
        cache(p, pages, s.cache_size / workers, open_files_max),
        date(time_of_day) {
    parser_limits.target_length_max = static_cast<std::uint32_t>(s.request_line_max);
    parser_limits.request_line_length_max = static_cast<std::uint32_t>(s.request_line_max);
    parser_limits.field_section_length_max = static_cast<std::uint32_t>(s.field_section_max);
    parser_limits.field_line_length_max = static_cast<std::uint32_t>(s.field_section_max);
    parser_limits.field_count_max = static_cast<std::uint32_t>(s.field_count_max);
    scratch_max = static_cast<std::size_t>(2 * s.field_section_max + s.request_line_max);
  }

  // Large files that a worker keeps open for their next request.
  static constexpr std::size_t open_files_max = 256;

  Proactor& proactor;
  page_pool& pool;
  settings const& configuration;
  access_log::channel* log;  // nullptr: no access log.
  typename Proactor::directory root;
  file_cache<Proactor> cache;
  date_clock date;
  http::limits parser_limits;
  std::size_t scratch_max;
  // For the boundaries of multipart bodies.
  std::uint64_t boundary_seed = static_cast<std::uint64_t>(date.exact().count());
  std::uint64_t boundaries = 0;
  bool draining = false;
};

}  // namespace quire::server
