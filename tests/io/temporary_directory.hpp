// A directory of the real file system for one test: removed with all that is in it.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

namespace quire::test {

class temporary_directory {
 public:
  temporary_directory() : temporary_directory(std::filesystem::temp_directory_path()) {}
  // Below this directory.
  explicit temporary_directory(std::filesystem::path const& where) {
    std::random_device random;
    // A name that another test has taken already is no new directory.
    do base_ = where / ("quire-" + std::to_string(random()));
    while (!std::filesystem::create_directory(base_));
    // The root lies a level below, so that there is something outside it that a path could reach.
    std::filesystem::create_directory(base_ / "root");
  }
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(base_, ignored);
  }
  temporary_directory(temporary_directory const&) = delete;
  temporary_directory& operator=(temporary_directory const&) = delete;

  std::string root() const { return (base_ / "root").string(); }

  // Names are relative to the root.
  void make_file(std::string_view name, std::string_view content) {
    std::ofstream out(base_ / "root" / name, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!out) throw std::runtime_error("cannot write a file");
  }
  // New content for a file that is there and no longer than that; it is never empty in between.
  void overwrite_file(std::string_view name, std::string_view content) {
    std::fstream out(base_ / "root" / name, std::ios::binary | std::ios::in | std::ios::out);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!out.flush()) throw std::runtime_error("cannot write a file");
  }
  // A new file with this content takes the place of the old one, which is still there for who has
  // it open.
  void replace_file(std::string_view name, std::string_view content) {
    make_file("fresh file", content);
    std::filesystem::rename(base_ / "root" / "fresh file", base_ / "root" / name);
  }
  // Until what changes gets another time than what was changed last: times move by ticks.
  void await_tick() {
    make_file("tick", "");
    auto const before = std::filesystem::last_write_time(base_ / "root" / "tick");
    do make_file("tick", "");
    while (std::filesystem::last_write_time(base_ / "root" / "tick") == before);
  }
  // New content of the same size; then the time of modification is set back to what it was.
  void rewrite_unseen(std::string_view name, std::string_view content) {
    auto const before = std::filesystem::last_write_time(base_ / "root" / name);
    await_tick();
    overwrite_file(name, content);
    std::filesystem::last_write_time(base_ / "root" / name, before);
  }
  // Writes to the file from its beginning, whatever has become of its name.
  std::function<void(std::string_view)> keep_open(std::string_view name) {
    auto const out = std::make_shared<std::fstream>(
        base_ / "root" / name, std::ios::binary | std::ios::in | std::ios::out);
    return [this, out](std::string_view content) {
      await_tick();
      out->write(content.data(), static_cast<std::streamsize>(content.size()));
      if (!out->flush()) throw std::runtime_error("cannot write a file");
    };
  }
  void remove(std::string_view name) { std::filesystem::remove_all(base_ / "root" / name); }
  void make_directory(std::string_view name) {
    std::filesystem::create_directories(base_ / "root" / name);
  }
  void make_link(std::string_view name, std::string_view target) {
    std::filesystem::create_symlink(target, base_ / "root" / name);
  }

 private:
  std::filesystem::path base_;
};

}  // namespace quire::test
