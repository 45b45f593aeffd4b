// What a back end offers: the concept `proactor`. The server and other programs are templates over
// it, so nothing virtual lies in the hot path; the choice at run time is one switch.
//
// contract.hpp has the rules; here are the names. For a back end P:
//
//   P p(options, e)                   e: error of construction; p is unusable unless error::none
//   p.listen(listener, endpoint, lo)  binds and listens; the error at once
//   p.local_endpoint(listener)        where it listens: the port that port 0 became
//   p.close(listener)
//   p.accept(listener, accept_op)     completes when a connection has come
//   p.adopt(stream, accept_op)        makes the accepted connection a stream, at once
//   p.discard(accept_op)              closes the accepted connection instead
//   accept_op.peer()                  the endpoint of the peer
//   p.connect(stream, endpoint, connect_op)
//   p.receive(stream, receive_op, b)  appends what has arrived to the buffer, into its free space
//                                     or into pages of the pool
//   p.send(stream, send_op, spans)    the spans and their bytes stay until completion
//   p.shutdown(stream)                no more is sent; the peer sees the end of the stream
//   p.close(stream), p.abort(stream)  abort: the peer sees a reset, nothing lingers
//   p.open(directory, path, e)        a directory by its path, at once: for a program's start
//   p.open(directory, directory_op, path)
//                                     the same, without waiting: it is open when that has completed
//                                     with success; the path's bytes stay until then
//   directory.same_as(other)          whether both are the same directory
//   p.open(directory, open_op, path)  a file or directory below it; the path's bytes stay until
//                                     completion; '/' separates, relative, UTF-8
//   p.open(directory, open_op, path, file_mode)
//                                     the same; the file is to be read in this mode (clause 19)
//   p.adopt(file, open_op), p.discard(open_op), open_op.status()
//   file.mode(), file.alignment()     the mode in force; what reads must be multiples of
//   p.read(file, read_op, offset, spans)
//   p.status(file, file_status&)      what the open file is now: no wait for a disk
//   p.await_writers(file, open_op)    completes when a write() that is in progress has ended; the
//                                     operation owns nothing then
//   p.watch(directory, watch_op, path)
//                                     tells of changes in the directory at this path below it
//                                     (empty: of itself), to which no link leads; the path's bytes
//                                     stay until completion. watch_op.number(), the same for the
//                                     same directory, until p.unwatch(number)
//   p.next_notice(change_notice&)     takes the next one, without waiting; false: there is none
//   open_op.has_one_path()            also of what was not found (clause 27)
//   p.map(mapping, file)              the whole file as memory, to be read; the error at once
//   mapping.bytes()                   that memory
//   p.make_resident(mapping, resident_op, offset, length)
//   p.make(memory_file, size)         a file in memory, to be filled; the error at once
//   p.fill(memory_file, fill_op, file, offset, length)
//   p.seal(memory_file, fill_op)      from its completion on it is immutable and can be sent
//   memory_file.space(), .bytes()     where it can be written, before; what it holds, then
//   p.send(stream, send_op, spans, memory_file, offset, length)
//                                     the spans, then this part of the memory file
//   p.close(file), p.close(directory), p.close(mapping), p.close(memory_file)
//   p.schedule(timer, instant)        fires once; scheduling again moves the deadline
//   p.cancel(op)                      for accept, connect, receive, send, directory, open, read,
//                                     resident, fill, watch, timer
//   p.post(posted_op)                 from any thread
//   p.now()                           the clock at the start of this turn
//   p.run_once(wait)                  waits for work if told to, delivers completions; returns
//                                     how many
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/page_pool.hpp>
#include <quire/io/change_notice.hpp>
#include <quire/io/contract.hpp>
#include <quire/io/endpoint.hpp>
#include <quire/io/error.hpp>
#include <quire/io/event_loop.hpp>
#include <quire/io/file_mode.hpp>
#include <quire/io/file_status.hpp>
#include <quire/io/operation.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

namespace quire::io {

struct options {
  page_pool* pool = nullptr;         // Required; outlives the proactor; of the same thread.
  unsigned blocking_threads = 4;     // Threads for calls that could wait for a disk.
  unsigned blocking_calls_max = 64;  // Clause 18.
};

struct listen_options {
  int backlog = 4096;
  bool reuse_port = false;  // Several listeners, one a thread, share the port (SO_REUSEPORT).
  bool sole = false;        // With reuse_port: but with no listener that is there already.
  bool no_delay = true;     // TCP_NODELAY on accepted connections.
};

// clang-format off
template <class P>
concept proactor =
    std::derived_from<typename P::accept_operation, operation> &&
    std::derived_from<typename P::connect_operation, operation> &&
    std::derived_from<typename P::receive_operation, operation> &&
    std::derived_from<typename P::send_operation, operation> &&
    std::derived_from<typename P::directory_operation, operation> &&
    std::derived_from<typename P::open_operation, operation> &&
    std::derived_from<typename P::read_operation, operation> &&
    std::derived_from<typename P::resident_operation, operation> &&
    std::derived_from<typename P::fill_operation, operation> &&
    std::derived_from<typename P::watch_operation, operation> &&
    std::derived_from<typename P::timer, operation> &&
    std::derived_from<typename P::posted_operation, operation> &&
    std::constructible_from<P, options const&, error&> &&
    requires(P p, typename P::listener listener, typename P::stream stream, typename P::file file,
             typename P::directory directory, typename P::accept_operation accept,
             typename P::connect_operation connect, typename P::receive_operation receive,
             typename P::send_operation send, typename P::directory_operation top,
             typename P::open_operation open,
             typename P::read_operation read, typename P::mapping mapping,
             typename P::resident_operation resident, typename P::memory_file memory,
             typename P::fill_operation fill, typename P::watch_operation watch,
             change_notice notice, typename P::timer timer, typename P::posted_operation posted,
             endpoint e, error err, buffer b,
             std::span<const_span const> gather, std::span<mutable_span const> scatter,
             std::string_view path, file_status status, std::uint64_t offset, instant deadline,
             listen_options lo, file_mode mode) {
      { P::name } -> std::convertible_to<std::string_view>;
      { p.listen(listener, e, lo) } noexcept -> std::same_as<error>;
      { p.local_endpoint(listener) } noexcept -> std::same_as<endpoint>;
      { p.close(listener) } noexcept;
      { p.accept(listener, accept) } noexcept;
      { p.adopt(stream, accept) } noexcept -> std::same_as<error>;
      { p.discard(accept) } noexcept;
      { accept.peer() } noexcept -> std::same_as<endpoint>;
      { p.connect(stream, e, connect) } noexcept;
      { p.receive(stream, receive, b) } noexcept;
      { receive.policy(receive_policy::pinned) } noexcept;
      { p.send(stream, send, gather) } noexcept;
      { p.shutdown(stream) } noexcept;
      { p.close(stream) } noexcept;
      { p.abort(stream) } noexcept;
      { p.open(directory, path, err) } noexcept;
      { p.open(directory, top, path) } noexcept;
      { directory.same_as(directory) } noexcept -> std::same_as<bool>;
      { p.open(directory, open, path) } noexcept;
      { p.open(directory, open, path, mode) } noexcept;
      { open.status() } noexcept -> std::same_as<file_status const&>;
      { p.adopt(file, open) } noexcept;
      { p.discard(open) } noexcept;
      { p.read(file, read, offset, scatter) } noexcept;
      { file.mode() } noexcept -> std::same_as<file_mode>;
      { file.alignment() } noexcept -> std::same_as<std::size_t>;
      { p.status(file, status) } noexcept -> std::same_as<error>;
      { p.map(mapping, file) } noexcept -> std::same_as<error>;
      { mapping.bytes() } noexcept -> std::same_as<const_span>;
      { p.make_resident(mapping, resident, offset, offset) } noexcept;
      { p.await_writers(file, open) } noexcept;
      { p.make(memory, offset) } noexcept -> std::same_as<error>;
      { memory.size() } noexcept -> std::same_as<std::uint64_t>;
      { memory.space() } noexcept -> std::same_as<mutable_span>;
      { memory.bytes() } noexcept -> std::same_as<const_span>;
      { p.fill(memory, fill, file, offset, offset) } noexcept;
      { p.seal(memory, fill) } noexcept;
      { p.send(stream, send, gather, memory, offset, offset) } noexcept;
      { open.has_one_path() } noexcept -> std::same_as<bool>;
      { p.watch(directory, watch, path) } noexcept;
      { watch.number() } noexcept -> std::same_as<int>;
      { p.unwatch(watch.number()) } noexcept;
      { p.next_notice(notice) } noexcept -> std::same_as<bool>;
      { p.cancel(watch) } noexcept;
      { p.close(file) } noexcept;
      { p.close(directory) } noexcept;
      { p.close(mapping) } noexcept;
      { p.close(memory) } noexcept;
      { p.schedule(timer, deadline) } noexcept;
      { p.cancel(accept) } noexcept;
      { p.cancel(connect) } noexcept;
      { p.cancel(receive) } noexcept;
      { p.cancel(send) } noexcept;
      { p.cancel(top) } noexcept;
      { p.cancel(open) } noexcept;
      { p.cancel(read) } noexcept;
      { p.cancel(resident) } noexcept;
      { p.cancel(fill) } noexcept;
      { p.cancel(timer) } noexcept;
      { p.post(posted) } noexcept;
      { p.now() } noexcept -> std::same_as<instant>;
      { p.run_once(wait::yes) } noexcept -> std::same_as<std::size_t>;
    };
// clang-format on

}  // namespace quire::io
