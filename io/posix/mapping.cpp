#include <quire/io/posix/error.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/mapping.hpp>
#include <quire/io/posix/system_page.hpp>

#include <sys/mman.h>

#include <cerrno>
#include <utility>

namespace quire::io::posix {
namespace {

// A larger range goes to a thread unseen: looking at its pages would hold up the loop.
constexpr std::size_t looked_at_max = std::size_t{8} << 20;

// Of the address space: one page more than the file has, see map().
std::size_t reserved(std::size_t size) noexcept {
  return in_system_pages(size) + system_page_size();
}

error outcome(int number) noexcept {
  return number == EFAULT ? error::truncated : translate(number);
}

}  // namespace

error mappings::map(mapping& m, file const& f) noexcept {
  assert(!m.is_open());
  file_status status;
  if (error const e = files::status(f, status); e != error::none) return e;
  if (status.type != file_type::regular) return error::is_a_directory;
  if (status.size > PTRDIFF_MAX - 2 * system_page_size()) return error::no_memory;
  auto const size = static_cast<std::size_t>(status.size);
  void* const memory = ::mmap(nullptr, reserved(size), PROT_READ, MAP_SHARED, f.descriptor(), 0);
  if (memory == MAP_FAILED) return translate(errno);
  m.data_ = static_cast<char*>(memory);
  m.size_ = size;
  // Of files that this process could not write, Linux says that every page is resident, so that
  // nobody spies on others. It says so even of a page behind the end of the file.
  m.tells_residency_ = !is_resident(m.data_ + in_system_pages(size), system_page_size());
  return error::none;
}

void mappings::make_resident(mapping const& m, resident_operation& op, std::uint64_t offset,
                             std::uint64_t length) noexcept {
  assert(m.is_open());
  operation_access::submit(op);
  if (offset > m.size_ || length > m.size_ - offset) {
    return ready_.finish(op, error::invalid_argument);
  }
  if (length == 0) return ready_.finish(op, error::none);
  std::size_t const begin = static_cast<std::size_t>(offset) / system_page_size() * system_page_size();
  op.first_ = m.data_ + begin;
  op.size_ = in_system_pages(static_cast<std::size_t>(offset + length)) - begin;
  if (m.tells_residency_ && op.size_ <= looked_at_max && is_resident(op.first_, op.size_)) {
    return ready_.finish(op, error::none);
  }
  pool_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<resident_operation&>(call);
    operation_access::finish(self, outcome(posix::make_resident(self.first_, self.size_)), 0);
  });
}

void mappings::close(mapping& m) noexcept {
  assert(m.is_open());
  ::munmap(std::exchange(m.data_, nullptr), reserved(m.size_));
}

}  // namespace quire::io::posix
