// What is told of changes of the simulated disk.
#include <quire/io/sim/proactor.hpp>

#include <algorithm>
#include <utility>

namespace quire::io::sim {
namespace {

constexpr std::size_t notices_max = 16384;

}  // namespace

void watch_operation::due() noexcept {
  loop_->carry_out(*this);
}

void proactor::watch(directory& d, watch_operation& op, std::string_view path) noexcept {
  begin(op);
  op.directory_ = d.node_.get();
  op.path_ = path;
  if (strikes(settings_.faults.open_fails)) {
    return finish(op, "watch", 0, error::too_many_open_files);
  }
  if (!delay(op, settings_.faults.late_disk)) carry_out(op);
}

void proactor::carry_out(watch_operation& op) noexcept {
  std::shared_ptr<node> found = op.directory_->shared_from_this();
  bool one_path = true;
  error e = op.path_.empty() ? error::none : files_.find(*op.directory_, op.path_, found, one_path);
  if (e == error::none && found->type != node_type::directory) e = error::not_a_directory;
  if (e == error::none && !one_path) e = error::unsupported;
  if (e != error::none) return finish(op, "watch", 0, e);
  auto const it = std::find_if(watches_.begin(), watches_.end(),
                               [&](watched const& w) { return w.directory == found; });
  op.number_ = it != watches_.end() ? it->number : ++watches_made_;
  if (it == watches_.end()) watches_.push_back({op.number_, std::move(found)});
  finish(op, "watch", static_cast<std::uint64_t>(op.number_), error::none);
}

void proactor::unwatch(int number) noexcept {
  std::erase_if(watches_, [&](watched const& w) { return w.number == number; });
}

void proactor::tell(node& at, std::string_view changed, change what) {
  auto const it = std::find_if(watches_.begin(), watches_.end(),
                               [&](watched const& w) { return w.directory.get() == &at; });
  if (it == watches_.end()) return;
  bool const is_lost = told_.size() >= notices_max || chance(settings_.faults.notices_lost);
  if (!is_lost) {
    told_.push_back({it->number, what, std::string(changed)});
  } else if (told_.empty() || told_.back().what != change::lost) {
    told_.push_back({-1, change::lost, {}});
  }
}

bool proactor::next_notice(change_notice& out) noexcept {
  if (told_.empty()) return false;
  taken_ = std::move(told_.front());
  told_.pop_front();
  out = {taken_.watch, taken_.what, taken_.name};
  return true;
}

}  // namespace quire::io::sim
