// What a worker offers to its connections. One thread.
#pragma once

#include <quire/buffer/page_pool.hpp>
#include <quire/io/proactor.hpp>
#include <quire/parser/limits.hpp>
#include <quire/server/access_log.hpp>
#include <quire/server/change_watch.hpp>
#include <quire/server/date_clock.hpp>
#include <quire/server/digest_maker.hpp>
#include <quire/server/encoded_forms.hpp>
#include <quire/server/file_cache.hpp>
#include <quire/server/freshness.hpp>
#include <quire/server/generated_response.hpp>
#include <quire/server/memory_filler.hpp>
#include <quire/server/settings.hpp>
#include <quire/server/site/content_coding.hpp>
#include <quire/server/site_root.hpp>
#include <quire/server/variant_maker.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::server {

// What all workers of a process have together, beside their loops; nullptr: that is not done.
struct background_threads {
  background_work* encoding = nullptr;
  background_work* hashing = nullptr;
  encoded_forms* forms = nullptr;  // That were encoded. Required by `encoding`.
};

template <io::proactor Proactor>
struct services {
  services(Proactor& p, page_pool& pages, settings const& s, std::size_t workers,
           access_log::channel* log_channel,
           date_clock::time_of_day time_of_day = &date_clock::system_time,
           background_threads const& threads = {})
      : proactor(p),
        pool(pages),
        configuration(s),
        log(log_channel),
        root(p),
        date(time_of_day),
        cache(p, pages, {.bytes_max = static_cast<std::size_t>(s.cache_size / workers)},
              static_cast<std::uint64_t>(date.exact().count())),
        fresh(s.revalidate),
        changes(p, cache, root),
        variants(p, pages, cache, threads.encoding, this, threads.forms, s.compress),
        digests(p, cache, threads.hashing, this) {
    root.template bind<&services::on_root_changed>(this, configuration.root);
    parser_limits.target_length_max = static_cast<std::uint32_t>(s.request_line_max);
    parser_limits.request_line_length_max = static_cast<std::uint32_t>(s.request_line_max);
    parser_limits.field_section_length_max = static_cast<std::uint32_t>(s.field_section_max);
    parser_limits.field_line_length_max = static_cast<std::uint32_t>(s.field_section_max);
    parser_limits.field_count_max = static_cast<std::uint32_t>(s.field_count_max);
    scratch_max = static_cast<std::size_t>(2 * s.field_section_max + s.request_line_max);
  }

  // Of the site that was nothing is known any more.
  void on_root_changed() noexcept {
    cache.clear();
    changes.root_changed();
  }

  // A page of the pool, if need be at the cost of what is cached; nullptr when there is none.
  page* acquire_page() noexcept {
    page* p = pool.acquire();
    while (p == nullptr && cache.shrink()) p = pool.acquire();
    return p;
  }

  Proactor& proactor;
  page_pool& pool;
  settings const& configuration;
  access_log::channel* log;  // nullptr: no access log.
  site_root<Proactor> root;
  date_clock date;
  prepared_pages const status_pages;
  file_cache<Proactor> cache;
  memory_filler<Proactor> filler{proactor, cache};
  freshness<Proactor> fresh;
  change_watch<Proactor> changes;
  variant_maker<Proactor> variants;
  digest_maker<Proactor> digests;
  accepted_codings_memo accepted;
  http::limits parser_limits;
  std::size_t scratch_max;
  // For the boundaries of multipart bodies.
  std::uint64_t boundary_seed = static_cast<std::uint64_t>(date.exact().count());
  std::uint64_t boundaries = 0;
  bool draining = false;
};

}  // namespace quire::server
