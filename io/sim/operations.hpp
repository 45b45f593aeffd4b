// Streams, files and their operations in a simulated world.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/io/contract.hpp>
#include <quire/io/file_mode.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/sim/file_tree.hpp>
#include <quire/io/sim/network.hpp>

#include <cassert>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace quire::io::sim {

// An operation that the world may delay.
class delayed_operation : public operation {
 protected:
  friend class proactor;
  timer delay_;
  proactor* loop_ = nullptr;
  bool canceling_ = false;  // cancel() lost the race so far.
};

class accept_operation;
class receive_operation;
class send_operation;

class stream {
 public:
  stream() = default;
  stream(stream const&) = delete;
  stream& operator=(stream const&) = delete;
  ~stream() { assert(!is_open()); }

  bool is_open() const noexcept { return socket_ != nullptr; }

 private:
  friend class proactor;
  std::unique_ptr<socket> socket_;
  receive_operation* receiving_ = nullptr;
  send_operation* sending_ = nullptr;
};

class listener {
 public:
  listener() = default;
  listener(listener const&) = delete;
  listener& operator=(listener const&) = delete;
  ~listener() { assert(!is_open()); }

  bool is_open() const noexcept { return open_; }

 private:
  friend class proactor;
  endpoint local_;
  bool open_ = false;
  bool reuse_port_ = false;
  operation_list waiting_;                        // accept_operation.
  std::vector<std::unique_ptr<socket>> backlog_;  // In the order of arrival.
};

class accept_operation : public operation {
 public:
  endpoint peer() const noexcept { return peer_; }
  ~accept_operation() { assert(socket_ == nullptr); }

 private:
  friend class proactor;
  listener* listener_ = nullptr;
  std::unique_ptr<socket> socket_;
  endpoint peer_;
};

class connect_operation : public delayed_operation {
 public:
  connect_operation() { delay_.bind<&connect_operation::due>(this); }

 private:
  friend class proactor;
  void due() noexcept;
  stream* stream_ = nullptr;
  endpoint where_;
};

class receive_operation : public delayed_operation {
 public:
  receive_operation() { delay_.bind<&receive_operation::due>(this); }
  void policy(receive_policy p) noexcept { policy_ = p; }

 private:
  friend class proactor;
  void due() noexcept;
  stream* stream_ = nullptr;
  buffer* buffer_ = nullptr;
  receive_policy policy_ = receive_policy::on_demand;
};

class send_operation : public delayed_operation {
 public:
  send_operation() { delay_.bind<&send_operation::due>(this); }

 private:
  friend class proactor;
  void due() noexcept;
  stream* stream_ = nullptr;
  std::span<const_span const> spans_;
  const_span part_{nullptr, 0};  // Of a memory file, behind them.
};

class directory {
 public:
  bool is_open() const noexcept { return node_ != nullptr; }
  bool same_as(directory const& other) const noexcept { return node_ == other.node_; }

 private:
  friend class proactor;
  std::shared_ptr<node> node_;
};

class file {
 public:
  file() = default;
  file(file const&) = delete;
  file& operator=(file const&) = delete;
  ~file() { assert(!is_open()); }

  bool is_open() const noexcept { return node_ != nullptr; }
  file_mode mode() const noexcept { return mode_; }
  std::size_t alignment() const noexcept { return mode_ == file_mode::direct ? alignment_ : 1; }

 private:
  friend class proactor;
  std::shared_ptr<node> node_;
  std::size_t alignment_ = 1;
  file_mode mode_ = file_mode::buffered;
};

// Its bytes are a copy, into which make_resident() brings what the file has come to be. The file
// may shrink at any time without an end of the program.
class mapping {
 public:
  mapping() = default;
  mapping(mapping const&) = delete;
  mapping& operator=(mapping const&) = delete;
  ~mapping() { assert(!is_open()); }

  bool is_open() const noexcept { return node_ != nullptr; }
  const_span bytes() const noexcept { return {bytes_.data(), bytes_.size()}; }

 private:
  friend class proactor;
  std::shared_ptr<node> node_;
  std::string bytes_;
};

class memory_file {
 public:
  memory_file() = default;
  memory_file(memory_file const&) = delete;
  memory_file& operator=(memory_file const&) = delete;
  ~memory_file() { assert(!is_open()); }

  bool is_open() const noexcept { return !bytes_.empty(); }
  std::uint64_t size() const noexcept { return size_; }
  mutable_span space() noexcept { return {bytes_.data(), bytes_.size()}; }
  const_span bytes() const noexcept { return {bytes_.data(), size_}; }

 private:
  friend class proactor;
  std::string bytes_;
  std::size_t size_ = 0;
  bool sealed_ = false;
};

class directory_operation : public delayed_operation {
 public:
  directory_operation() { delay_.bind<&directory_operation::due>(this); }

 private:
  friend class proactor;
  void due() noexcept;
  directory* directory_ = nullptr;
  std::string_view path_;
};

class open_operation : public delayed_operation {
 public:
  open_operation() { delay_.bind<&open_operation::due>(this); }
  ~open_operation() { assert(node_ == nullptr); }
  file_status const& status() const noexcept { return status_; }
  bool has_one_path() const noexcept { return one_path_; }

 private:
  friend class proactor;
  void due() noexcept;
  node* directory_ = nullptr;
  node* awaited_ = nullptr;  // Of await_writers(): what is written.
  std::string_view path_;
  file_mode mode_ = file_mode::buffered;
  std::shared_ptr<node> node_;
  file_status status_;
  bool one_path_ = false;
};

class read_operation : public delayed_operation {
 public:
  read_operation() { delay_.bind<&read_operation::due>(this); }

 private:
  friend class proactor;
  void due() noexcept;
  file* file_ = nullptr;
  std::uint64_t offset_ = 0;
  std::span<mutable_span const> spans_;
};

class fill_operation : public delayed_operation {
 public:
  fill_operation() { delay_.bind<&fill_operation::due>(this); }

 private:
  friend class proactor;
  void due() noexcept;
  memory_file* memory_ = nullptr;
  file* file_ = nullptr;  // nullptr: it is to be sealed.
  std::size_t offset_ = 0;
  std::size_t length_ = 0;
};

class watch_operation : public delayed_operation {
 public:
  watch_operation() { delay_.bind<&watch_operation::due>(this); }
  int number() const noexcept { return number_; }

 private:
  friend class proactor;
  void due() noexcept;
  node* directory_ = nullptr;
  std::string_view path_;
  int number_ = -1;
};

class resident_operation : public delayed_operation {
 public:
  resident_operation() { delay_.bind<&resident_operation::due>(this); }

 private:
  friend class proactor;
  void due() noexcept;
  mapping* mapping_ = nullptr;
  std::size_t offset_ = 0;
  std::size_t length_ = 0;
};

}  // namespace quire::io::sim
