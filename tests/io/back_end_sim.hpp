// The simulator, for the suite of the contract.
#pragma once

#include <quire/io/sim/proactor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quire::test {

// A world in which everything works at once. What its faults do is in sim_test.cpp.
struct sim_back_end {
  using proactor = io::sim::proactor;

  // While it lives this happens always.
  template <std::uint16_t io::sim::faults::*Fault>
  class faulty {
   public:
    explicit faulty(proactor& p) noexcept : p_(p) {
      io::sim::faults always;
      always.*Fault = 1024;
      p_.faults(always);
    }
    ~faulty() { p_.faults({}); }
    faulty(faulty const&) = delete;
    faulty& operator=(faulty const&) = delete;

   private:
    proactor& p_;
  };
  using lost_connections = faulty<&io::sim::faults::accept_loses>;
  using no_descriptors = faulty<&io::sim::faults::accept_fails>;

  struct world {
    std::string root() const { return ""; }
    void make_file(std::string_view name, std::string_view content) {
      tree->make_file(name, content);
    }
    void make_cold_file(std::string_view name, std::string_view content) {
      make_file(name, content);
    }
    void overwrite_file(std::string_view name, std::string_view content) {
      make_file(name, content);
    }
    void replace_file(std::string_view name, std::string_view content) {
      tree->replace_file(name, content);
    }
    void rewrite_unseen(std::string_view name, std::string_view content) {
      tree->rewrite_unseen(name, content);
    }
    std::function<void(std::string_view)> keep_open(std::string_view name) {
      std::shared_ptr<io::sim::node> found;
      bool one_path = true;
      if (tree->find(tree->top(), name, found, one_path) != io::error::none) return {};
      return [found](std::string_view content) {
        found->content = content;
        found->changed_ns = found->status().changed_ns + 1;
      };
    }
    void remove(std::string_view name) { tree->remove(name); }
    static constexpr bool mapped_files_shrink = true;
    static constexpr bool open_files_lose_names = true;
    void make_directory(std::string_view name) { tree->make_directory(name); }
    void make_link(std::string_view name, std::string_view target) {
      tree->make_link(name, target);
    }
    std::vector<std::string> make_irregular() {
      tree->make_pipe("pipe");
      tree->make_link("link", "pipe");
      return {"pipe", "link"};
    }
    static constexpr io::error irregular = io::error::not_regular;
    void begin_slow_write(std::string_view name, std::string content) {
      tree->begin_write(name);
      written = name;
      to_write = std::move(content);
    }
    void let_slow_write_end() { tree->end_write(written, to_write); }
    std::string written;
    std::string to_write;
    io::sim::file_tree* tree = nullptr;
  };

  sim_back_end(world& w, io::options const& o, io::error& e) : sim_back_end(w, o, {}, e) {}
  sim_back_end(world& w, io::options const& o, io::sim::settings const& s, io::error& e)
      : p(o, s, e) {
    w.tree = &p.files();
  }
  proactor p;
};

// One whose file system can do neither direct nor uncached reads.
struct sim_in_memory_back_end : sim_back_end {
  static constexpr std::string_view suffix = "_in_memory";

  sim_in_memory_back_end(world& w, io::options const& o, io::error& e)
      : sim_back_end(w, o, without_modes(), e) {}

  static io::sim::settings without_modes() {
    io::sim::settings s;
    s.direct_alignment = 0;
    s.has_uncached_reads = false;
    return s;
  }
};

}  // namespace quire::test
