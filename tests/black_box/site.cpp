#include "tests/black_box/site.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace quire::test {
namespace {

namespace fs = std::filesystem;

void write_file(fs::path const& path, std::string_view content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

site::site(fs::path const& where) {
  std::string name = (where / "quire-site-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  base_ = name;
  fs::create_directory(root());
  write_file(base_ / "secret.txt", secret);
}

site::~site() {
  std::error_code ignored;
  fs::remove_all(base_, ignored);
}

fs::path site::place(std::string_view name) const {
  fs::path path = root() / name;
  fs::create_directories(path.parent_path());
  return path;
}

void site::write(std::string_view name, std::string_view content) const {
  write_file(place(name), content);
}

void site::replace(std::string_view name, std::string_view content) const {
  fs::path const path = place(name);
  fs::path const fresh = base_ / "fresh";
  write_file(fresh, content);
  fs::rename(fresh, path);
}

void site::overwrite(std::string_view name, std::uint64_t offset, std::string_view content) const {
  int const file = ::open(place(name).c_str(), O_WRONLY | O_CLOEXEC);
  ssize_t const n = ::pwrite(file, content.data(), content.size(), static_cast<off_t>(offset));
  ::close(file);
  if (n != static_cast<ssize_t>(content.size())) {
    throw std::runtime_error("cannot overwrite a file");
  }
}

void site::resize(std::string_view name, std::uint64_t size) const {
  fs::resize_file(place(name), size);
}

void site::remove(std::string_view name) const {
  fs::remove_all(root() / name);
}

void site::make_directory(std::string_view name) const {
  fs::create_directories(root() / name);
}

void site::link(std::string_view name, fs::path const& target) const {
  fs::create_symlink(target, place(name));
}

void site::make_fifo(std::string_view name) const {
  if (::mkfifo(place(name).c_str(), 0666) != 0) throw std::runtime_error("cannot make a FIFO");
}

void site::set_age(std::string_view name, std::chrono::seconds age) const {
  fs::last_write_time(place(name), fs::file_time_type::clock::now() - age);
}

std::time_t site::modified(std::string_view name) const {
  auto const time = fs::file_time_type::clock::to_sys(fs::last_write_time(place(name)));
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

void site::drop_from_cache(std::string_view name) const {
  int const file = ::open(place(name).c_str(), O_RDONLY | O_CLOEXEC);
  ::fsync(file);
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  ::close(file);
}

std::size_t site::cached(std::string_view name) const {
  auto const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  auto const size = static_cast<std::size_t>(fs::file_size(place(name)));
  int const file = ::open(place(name).c_str(), O_RDONLY | O_CLOEXEC);
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  std::vector<unsigned char> states((size + page - 1) / page);
  bool const known = memory != MAP_FAILED && ::mincore(memory, size, states.data()) == 0;
  if (memory != MAP_FAILED) ::munmap(memory, size);
  if (!known) throw std::runtime_error("cannot see what is cached of a file");
  return page * static_cast<std::size_t>(std::count_if(
                    states.begin(), states.end(), [](unsigned char s) { return (s & 1) != 0; }));
}

std::vector<std::string> places_for_sites() {
  std::vector<std::string> found = {std::filesystem::temp_directory_path().string()};
  if (std::filesystem::is_directory("/dev/shm")) found.emplace_back("/dev/shm");
  return found;
}

std::string pattern(std::size_t size, unsigned seed) {
  std::string content(size, '\0');
  std::uint32_t state = seed * 2654435761U + 1;
  for (char& c : content) {
    state = state * 1664525U + 1013904223U;
    c = static_cast<char>('!' + (state >> 24) % 90);
  }
  return content;
}

}  // namespace quire::test
