// The simulated disk.
#include <quire/io/sim/proactor.hpp>

#include <algorithm>
#include <cstring>

namespace quire::io::sim {

void open_operation::due() noexcept {
  if (awaited_ != nullptr) return loop_->look_for_writers(*this);
  loop_->carry_out(*this);
}
void read_operation::due() noexcept {
  loop_->carry_out(*this);
}
void resident_operation::due() noexcept {
  loop_->carry_out(*this);
}

void fill_operation::due() noexcept {
  loop_->carry_out(*this);
}
void directory_operation::due() noexcept {
  loop_->carry_out(*this);
}

void proactor::open(directory& d, std::string_view path, error& e) noexcept {
  e = strikes(0) ? error::access_denied : open_now(d, path);
}

error proactor::open_now(directory& d, std::string_view path) noexcept {
  assert(!d.is_open());
  while (path.starts_with('/')) path.remove_prefix(1);
  std::shared_ptr<node> found = files_.top().shared_from_this();
  bool one_path = true;
  error const e = path.empty() ? error::none : files_.find(files_.top(), path, found, one_path);
  if (e != error::none) return e;
  if (found->type != node_type::directory) return error::not_a_directory;
  d.node_ = std::move(found);
  return error::none;
}

void proactor::open(directory& d, directory_operation& op, std::string_view path) noexcept {
  begin(op);
  op.directory_ = &d;
  op.path_ = path;
  if (strikes(settings_.faults.open_fails)) {
    return finish(op, "root", 0, error::too_many_open_files);
  }
  if (!delay(op, settings_.faults.late_disk)) carry_out(op);
}

void proactor::carry_out(directory_operation& op) noexcept {
  error const e = open_now(*op.directory_, op.path_);
  finish(op, "root", e == error::none ? op.directory_->node_->inode : 0, e);
}

void proactor::open(directory& d, open_operation& op, std::string_view path,
                    file_mode mode) noexcept {
  assert(op.node_ == nullptr);
  begin(op);
  op.directory_ = d.node_.get();
  op.awaited_ = nullptr;
  op.path_ = path;
  op.mode_ = mode;
  if (strikes(settings_.faults.open_fails) || open_count_ >= settings_.descriptors_max) {
    return finish(op, "open", 0, error::too_many_open_files);
  }
  if (!delay(op, settings_.faults.late_disk)) carry_out(op);
}

void proactor::carry_out(open_operation& op) noexcept {
  std::shared_ptr<node> found;
  error e = files_.find(*op.directory_, op.path_, found, op.one_path_);
  if (e == error::none && found->type == node_type::pipe) e = error::not_regular;
  if (e == error::none) {
    op.status_ = found->status();
    op.node_ = std::move(found);
    ++open_count_;
  }
  finish(op, "open", e == error::none ? op.status_.inode : 0, e);
}

void proactor::adopt(file& f, open_operation& op) noexcept {
  assert(op.idle() && op.node_ != nullptr && !f.is_open());
  f.node_ = std::move(op.node_);
  f.alignment_ = settings_.direct_alignment;
  bool const offered =
      op.mode_ == file_mode::direct ? f.alignment_ != 0 : settings_.has_uncached_reads;
  f.mode_ = offered && f.node_->type == node_type::regular ? op.mode_ : file_mode::buffered;
}

void proactor::discard(open_operation& op) noexcept {
  assert(op.idle() && op.node_ != nullptr);
  op.node_ = nullptr;
  --open_count_;
}

void proactor::read(file& f, read_operation& op, std::uint64_t offset,
                    std::span<mutable_span const> spans) noexcept {
  begin(op);
  op.file_ = &f;
  op.offset_ = offset;
  op.spans_ = spans;
  if (!is_aligned(offset, spans, f.alignment())) {
    return finish(op, "read", f.node_->inode, error::invalid_argument);
  }
  if (strikes(settings_.faults.read_fails)) {
    return finish(op, "read", f.node_->inode, error::device_failure);
  }
  if (!delay(op, settings_.faults.late_disk)) carry_out(op);
}

void proactor::may_shrink(node& n) noexcept {
  if (n.content.empty() || !chance(settings_.faults.file_shrinks)) return;
  n.content.resize(random_.below(n.content.size()));
  ++n.modified_ns;
  files_.changed(n);
}

void proactor::carry_out(read_operation& op) noexcept {
  node& from = *op.file_->node_;
  if (from.type == node_type::directory) {
    return finish(op, "read", from.inode, error::is_a_directory);
  }
  if (op.file_->mode_ != file_mode::buffered && chance(settings_.faults.mode_refused)) {
    op.file_->mode_ = file_mode::buffered;
  }
  may_shrink(from);
  std::size_t at =
      static_cast<std::size_t>(std::min<std::uint64_t>(op.offset_, from.content.size()));
  std::size_t done = 0;
  for (mutable_span const& span : op.spans_) {
    std::size_t const here = std::min(span.size, from.content.size() - at);
    if (here != 0) std::memcpy(span.data, from.content.data() + at, here);
    // The rest of the last block comes along, whatever it holds (clause 20).
    std::size_t const block = op.file_->alignment();
    std::size_t const rest = here % block == 0 ? 0 : block - here % block;
    std::memset(span.data + here, '~', rest);
    at += here;
    done += here;
  }
  finish(op, "read", from.inode, error::none, done);
}

error proactor::status(file& f, file_status& out) noexcept {
  if (strikes(0)) return error::device_failure;
  out = f.node_->status();
  return error::none;
}

error proactor::map(mapping& m, file& f) noexcept {
  assert(!m.is_open());
  if (strikes(0)) return error::no_memory;
  if (f.node_->type != node_type::regular) return error::is_a_directory;
  m.node_ = f.node_;
  m.bytes_ = f.node_->content;
  ++open_count_;
  return error::none;
}

void proactor::make_resident(mapping& m, resident_operation& op, std::uint64_t offset,
                             std::uint64_t length) noexcept {
  assert(m.is_open());
  begin(op);
  std::size_t const size = m.bytes_.size();
  if (offset > size || length > size - offset) {
    return finish(op, "fault", m.node_->inode, error::invalid_argument);
  }
  op.mapping_ = &m;
  op.offset_ = static_cast<std::size_t>(offset);
  op.length_ = static_cast<std::size_t>(length);
  if (strikes(settings_.faults.read_fails)) {
    return finish(op, "fault", m.node_->inode, error::device_failure);
  }
  if (length == 0 || !delay(op, settings_.faults.late_disk)) carry_out(op);
}

// In whole pages, as systems do it: of the last page, what lies behind the end of the file is zero.
void proactor::carry_out(resident_operation& op) noexcept {
  mapping& m = *op.mapping_;
  if (op.length_ == 0) return finish(op, "fault", m.node_->inode, error::none);
  may_shrink(*m.node_);
  std::string const& content = m.node_->content;
  std::size_t const begin = op.offset_ / page_pool::page_size * page_pool::page_size;
  std::size_t const end = op.offset_ + op.length_;
  if ((end - 1) / page_pool::page_size * page_pool::page_size >= content.size()) {
    return finish(op, "fault", m.node_->inode, error::truncated);
  }
  for (std::size_t i = begin; i != end; ++i) m.bytes_[i] = i < content.size() ? content[i] : '\0';
  finish(op, "fault", m.node_->inode, error::none);
}

void proactor::close(mapping& m) noexcept {
  assert(m.is_open());
  m.node_ = nullptr;
  m.bytes_.clear();
  --open_count_;
}

error proactor::make(memory_file& m, std::uint64_t size) noexcept {
  assert(!m.is_open() && size != 0);
  if (strikes(settings_.faults.open_fails) || open_count_ >= settings_.descriptors_max) {
    return error::too_many_open_files;
  }
  if (strikes(settings_.faults.memory_short)) return error::no_memory;
  m.size_ = static_cast<std::size_t>(size);
  m.bytes_.assign(
      (m.size_ + page_pool::page_size - 1) / page_pool::page_size * page_pool::page_size, '\0');
  m.sealed_ = false;
  ++open_count_;
  return error::none;
}

void proactor::fill(memory_file& m, fill_operation& op, file& from, std::uint64_t offset,
                    std::uint64_t length) noexcept {
  assert(m.is_open() && !m.sealed_);
  begin(op);
  if (offset > m.size() || length > m.size() - offset || offset % from.alignment() != 0) {
    return finish(op, "fill", from.node_->inode, error::invalid_argument);
  }
  op.memory_ = &m;
  op.file_ = &from;
  op.offset_ = static_cast<std::size_t>(offset);
  op.length_ = static_cast<std::size_t>(length);
  if (strikes(settings_.faults.read_fails)) {
    return finish(op, "fill", from.node_->inode, error::device_failure);
  }
  if (length == 0 || !delay(op, settings_.faults.late_disk)) carry_out(op);
}

void proactor::seal(memory_file& m, fill_operation& op) noexcept {
  assert(m.is_open() && !m.sealed_);
  begin(op);
  op.memory_ = &m;
  op.file_ = nullptr;
  if (strikes(settings_.faults.memory_short)) {
    return finish(op, "seal", m.size(), error::no_memory);
  }
  if (!delay(op, settings_.faults.late_disk)) carry_out(op);
}

void proactor::carry_out(fill_operation& op) noexcept {
  memory_file& m = *op.memory_;
  if (op.file_ == nullptr) {
    m.sealed_ = true;
    return finish(op, "seal", m.size(), error::none);
  }
  node& from = *op.file_->node_;
  if (from.type == node_type::directory) {
    return finish(op, "fill", from.inode, error::is_a_directory);
  }
  may_shrink(from);
  std::size_t const begin = std::min(op.offset_, from.content.size());
  std::size_t const n = std::min(op.length_, from.content.size() - begin);
  from.content.copy(m.bytes_.data() + op.offset_, n, begin);
  finish(op, "fill", from.inode, error::none, n);
}

void proactor::close(memory_file& m) noexcept {
  assert(m.is_open());
  std::string().swap(m.bytes_);
  --open_count_;
}

void proactor::await_writers(file& f, open_operation& op) noexcept {
  assert(op.node_ == nullptr);
  begin(op);
  op.awaited_ = f.node_.get();
  if (!delay(op, settings_.faults.late_disk)) look_for_writers(op);
}

void proactor::look_for_writers(open_operation& op) noexcept {
  if (!op.awaited_->being_written) return finish(op, "await", op.awaited_->inode, error::none);
  kernel_.schedule(op.delay_, now_ + some_delay());
}

void proactor::close(file& f) noexcept {
  assert(f.is_open());
  f.node_ = nullptr;
  --open_count_;
}

}  // namespace quire::io::sim
