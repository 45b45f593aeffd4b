// What a connection needs only while a request is under way: the parser, the request, the responses
// that wait to be sent, and the operations on files. Taken from a pool when the first byte of a
// request comes, given back when the connection is idle again.
#pragma once

#include <quire/io/proactor.hpp>
#include <quire/parser/buffer_parser.hpp>
#include <quire/server/access_log.hpp>
#include <quire/server/digest_maker.hpp>
#include <quire/server/file_loader.hpp>
#include <quire/server/file_stream.hpp>
#include <quire/server/memory_body.hpp>
#include <quire/server/memory_file_body.hpp>
#include <quire/server/output.hpp>
#include <quire/server/pending_parts.hpp>
#include <quire/server/request.hpp>
#include <quire/server/services.hpp>

#include <array>
#include <cassert>
#include <cstdint>

namespace quire::server {

template <io::proactor Proactor>
struct exchange {
  explicit exchange(services<Proactor>& s) noexcept
      : parser(s.parser_limits), collector(s.scratch_max), out(s.pool), loader(s), stream(s) {}

  http::buffer_parser parser;
  buffer::iterator position;  // The next byte to parse.
  request_collector collector;
  output out;
  file_loader<Proactor> loader;
  file_stream<Proactor> stream;
  digest_wait<Proactor> digest;
  typename Proactor::send_operation send;

  memory_body rest;                      // Of the last response in `out`: what did not fit.
  memory_file_body<Proactor> file_body;  // The same: what lies in a memory file.
  unsigned stream_status = 0;            // Of the response that is streamed.
  // Of the last response, if it is a multipart body; and what they are parts of.
  pending_parts parts;
  representation<Proactor>* parts_of = nullptr;

  // Keeps a representation until the output that refers to it was sent.
  void hold(representation<Proactor>& entry) noexcept {
    assert(can_hold());
    held_[held_count_++] = &entry;
  }
  // Short answers share a span of the output, so there may be more of them than it has spans.
  bool can_hold() const noexcept { return held_count_ != held_.size(); }
  // That of the last response is kept by the caller from now on.
  representation<Proactor>& take_last_held() noexcept { return *held_[--held_count_]; }
  void release_held(services<Proactor>& s) noexcept {
    while (held_count_ != 0) s.cache.release(*held_[--held_count_]);
  }

  // Makes it as new, for another connection. Requires: all requests were answered, all answers sent.
  void renew() noexcept {
    assert(!in_message && !head_complete && !close_after && held_count_ == 0);
    assert(out.empty() && rest.empty() && !file_body.active() && !parts.active());
    assert(send.idle());
    parser.reset();
    collector.give_back();
    loader.give_back();
  }

  std::uint64_t content_left = 0;  // Of the request: how much more is read and thrown away.
  bool in_message = false;         // An element of a request was read, but not its end.
  bool head_complete = false;      // The field section has ended; what follows is content.
  bool close_after = false;        // The last response in `out` ends the connection.
  exchange* next_spare = nullptr;  // In the worker's list.

 private:
  std::size_t held_count_ = 0;
  std::array<representation<Proactor>*, output::spans_max> held_;
};

}  // namespace quire::server
