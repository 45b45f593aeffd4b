// The simulated disk.
#include <quire/io/sim/proactor.hpp>

#include <algorithm>
#include <cstring>

namespace quire::io::sim {

void open_operation::due() noexcept {
  loop_->carry_out(*this);
}
void read_operation::due() noexcept {
  loop_->carry_out(*this);
}

void proactor::open(directory& d, std::string_view path, error& e) noexcept {
  assert(!d.is_open());
  while (path.starts_with('/')) path.remove_prefix(1);
  std::shared_ptr<node> found;
  e = strikes(0)     ? error::access_denied
      : path.empty() ? error::none
                     : files_.find(files_.top(), path, found);
  if (found == nullptr) found = files_.top().shared_from_this();
  if (e == error::none && found->type != node_type::directory) e = error::not_a_directory;
  if (e == error::none) d.node_ = std::move(found);
}

void proactor::open(directory& d, open_operation& op, std::string_view path) noexcept {
  assert(op.node_ == nullptr);
  begin(op);
  op.directory_ = d.node_.get();
  op.path_ = path;
  if (strikes(settings_.faults.open_fails) || open_count_ >= settings_.descriptors_max) {
    return finish(op, "open", 0, error::too_many_open_files);
  }
  if (!delay(op, settings_.faults.late_disk)) carry_out(op);
}

void proactor::carry_out(open_operation& op) noexcept {
  std::shared_ptr<node> found;
  error e = files_.find(*op.directory_, op.path_, found);
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
  if (strikes(settings_.faults.read_fails)) {
    return finish(op, "read", f.node_->inode, error::device_failure);
  }
  if (!delay(op, settings_.faults.late_disk)) carry_out(op);
}

void proactor::carry_out(read_operation& op) noexcept {
  node& from = *op.file_->node_;
  if (from.type == node_type::directory) {
    return finish(op, "read", from.inode, error::is_a_directory);
  }
  if (!from.content.empty() && chance(settings_.faults.file_shrinks)) {
    from.content.resize(random_.below(from.content.size()));
    ++from.modified_ns;
  }
  std::size_t at =
      static_cast<std::size_t>(std::min<std::uint64_t>(op.offset_, from.content.size()));
  std::size_t done = 0;
  for (mutable_span const& span : op.spans_) {
    std::size_t const here = std::min(span.size, from.content.size() - at);
    if (here != 0) std::memcpy(span.data, from.content.data() + at, here);
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

void proactor::close(file& f) noexcept {
  assert(f.is_open());
  f.node_ = nullptr;
  --open_count_;
}

}  // namespace quire::io::sim
