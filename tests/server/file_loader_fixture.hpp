// One who loads files of a simulated world, with a cache.
#pragma once

#include <quire/io/sim/proactor.hpp>
#include <quire/server/file_loader.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {

class file_loader_fixture : public testing::Test {
 protected:
  using proactor = io::sim::proactor;

  static constexpr std::chrono::seconds epoch{1'795'000'000};
  // The time of day is that of the loop, so that waiting makes it later.
  static constexpr io::instant beginning{};
  static inline io::instant const* clock_now = &beginning;
  static std::chrono::nanoseconds time_of_day() noexcept { return epoch + *clock_now; }

  explicit file_loader_fixture(io::sim::faults faults = {}, std::string const& root = ".")
      : loop_({.pool = &pool_}, io::sim::settings{.seed = 1, .faults = faults}, error_),
        settings_(standard(root)),
        services_(loop_, pool_, settings_, 1, nullptr, &time_of_day) {
    clock_now = &now_;
    error_ = services_.root.open();
    scatter_pages();
  }
  ~file_loader_fixture() override {
    clock_now = &beginning;
    services_.root.stop();
    while (!services_.root.idle()) loop_.run_once(io::wait::yes);
    while (page* const p = held_.pop()) pool_.release(p);
  }

  // No two pages that are free lie side by side: so a file takes several reads.
  void scatter_pages() {
    std::vector<page*> others;
    for (int i = 0; i != 2000; ++i) {
      page* const p = pool_.acquire();
      if (i % 2 == 0) {
        held_.push(p);
      } else {
        others.push_back(p);
      }
    }
    for (page* const p : others) pool_.release(p);
  }

  static settings standard(std::string const& root) {
    settings s;
    s.root = root;
    for (number_setting const& n : number_settings) s.*n.value = n.standard;
    return s;
  }

  // Changes of the world are so long after the beginning of time.
  std::int64_t stamp(std::chrono::nanoseconds after) const {
    return std::chrono::nanoseconds(epoch + now_ + after).count();
  }
  void make(std::string_view name, std::string_view content, std::chrono::nanoseconds age) {
    now_ = loop_.now();
    loop_.files().set_clock(stamp(-age));
    loop_.files().make_file(name, content);
  }

  struct loaded {
    load_outcome outcome = load_outcome::failed;
    io::error error = io::error::none;
    std::string content;
    std::string tag;
    std::int64_t modified_ns = 0;
    std::chrono::nanoseconds took{};
  };
  // `each_turn` is called before each turn of the loop.
  loaded load(
      std::string_view path, std::function<void()> each_turn = [] {},
      std::optional<std::string_view> accept_encoding = {}) {
    file_loader<proactor> loader(services_);
    std::memcpy(loader.path_memory(), path.data(), path.size());
    io::instant const begin = loop_.now();
    done_ = loader.start<&file_loader_fixture::on_loaded>(this, path.size(), {}, accept_encoding);
    while (!done_) {
      each_turn();
      loop_.run_once(io::wait::yes);
      now_ = loop_.now();
    }
    loaded result;
    result.outcome = loader.outcome();
    result.error = loader.error();
    result.took = loop_.now() - begin;
    if (auto* const found = loader.take()) {
      EXPECT_TRUE(found->in_memory);
      result.content.assign(found->content.begin(), found->content.end());
      result.tag = found->entity_tag;
      EXPECT_EQ(result.tag, content_entity_tag(found->content, found->coding));
      EXPECT_EQ(found->status.size, result.content.size());
      result.modified_ns = found->status.modified_ns;
      services_.cache.release(*found);
    }
    loader.give_back();
    return result;
  }
  void on_loaded() noexcept { done_ = true; }
  void sleep(std::chrono::nanoseconds time) {
    io::timer pause;
    pause.bind<&file_loader_fixture::on_awake>(this);
    loop_.schedule(pause, loop_.now() + time);
    while (!pause.idle()) loop_.run_once(io::wait::yes);
    now_ = loop_.now();
  }
  void on_awake() noexcept {}

  page_pool pool_{64u << 20};
  buffer held_;
  io::error error_ = io::error::none;
  io::instant now_{std::chrono::seconds(1)};
  proactor loop_;
  settings settings_;
  services<proactor> services_;
  bool done_ = false;
};

}  // namespace quire::server
