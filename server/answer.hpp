// From a request to its response in the output: which file, which status, which part.
//
// The decisions are pure functions of server/site/; here they are put in order and joined with the
// operations on files.
#pragma once

#include <quire/server/exchange.hpp>
#include <quire/server/generated_response.hpp>
#include <quire/server/site/byte_range_request.hpp>
#include <quire/server/site/conditional.hpp>
#include <quire/server/site/directory_redirect.hpp>
#include <quire/server/site/expectation.hpp>
#include <quire/server/site/media_type.hpp>
#include <quire/server/site/multipart.hpp>
#include <quire/server/site/request_path.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::server {

enum class answer_step : std::uint8_t {
  complete,      // The response is in the output.
  more,          // Its beginning is; the rest follows when that was sent.
  awaits_file,   // A file is being opened, read or hashed; then finish() or digested() is due.
  awaits_chunk,  // The head is in the output, the first chunk of a large file is being read.
};

// The methods that are answered for every path.
inline constexpr std::string_view allowed_methods = "GET, HEAD, OPTIONS";

template <io::proactor Proactor>
class answerer {
 public:
  answerer(exchange<Proactor>& ex, services<Proactor>& s, io::endpoint const& peer) noexcept
      : ex_(ex), services_(s), peer_(peer), request_(ex.collector.get()) {
    services_.date.update(services_.proactor.now());
  }

  // The head of a request is complete. Calls has members of the owner: `loaded`, after which
  // finish() is due, `digested`, after which digested() is, and `chunk`.
  template <class Calls, class Owner>
  answer_step start(Owner* owner) noexcept {
    if (std::optional<status_page> const refusal = refuse()) return page(*refusal);
    if (request_.method == http::method::options) return options();
    if (ex_.loader.find(request_.target, request_.accept_encoding)) return finish<Calls>(owner);
    char* const memory = ex_.loader.path_memory();
    if (memory == nullptr) return page({.code = status::service_unavailable, .retry = true});
    request_path const path =
        resolve_request_path(request_.target, {memory, file_loader<Proactor>::path_max});
    if (path.verdict != path_verdict::ok) return page(path_page(path.verdict));
    if (!ex_.loader.template start<Calls::loaded>(owner, path.path.size(), request_.target,
                                                  request_.accept_encoding))
      return answer_step::awaits_file;
    return finish<Calls>(owner);
  }

  // The loader has an outcome.
  template <class Calls, class Owner>
  [[gnu::always_inline]] answer_step finish(Owner* owner) noexcept {
    answer_step const step = loaded<Calls>(owner);
    ex_.loader.give_back();
    return step;
  }

  // The digest that was waited for is there, or cannot be.
  template <class Calls, class Owner>
  answer_step digested(Owner* owner) noexcept {
    return represent_held<Calls>(*ex_.digest.take(), owner);
  }

  // An error page for a request that may be incomplete; it ends the connection.
  void error(status code, std::string_view detail) noexcept {
    ex_.close_after = true;
    page({.code = code, .detail = detail, .retry = code == status::service_unavailable});
  }
  // The same for a request that the parser refused.
  void refused(http::error const& why) noexcept {
    refusal_ = why;
    error(static_cast<status>(why.status()), why.message());
  }

  // Of the response that is streamed: what the log will say, of which no byte of content has been
  // counted but those of the parts before. The texts are those of the request.
  access_record streamed_record() const noexcept {
    return record(ex_.stream_status, ex_.parts_of != nullptr ? ex_.parts.bytes() : 0);
  }
  // The response that is streamed has been sent, or is cut off, after so many bytes of content.
  void streamed(std::uint64_t bytes) noexcept {
    log(ex_.stream_status, ex_.parts_of != nullptr ? ex_.parts.bytes() + bytes : bytes);
    ex_.parts_of = nullptr;
  }

  // The parts of a multipart body that come next, as far as they fit. Requires: ex.parts.active();
  // nothing of the part before is left.
  template <class Calls, class Owner>
  answer_step next_part(Owner* owner) noexcept {
    entry& e = *ex_.parts_of;
    while (ex_.parts.active()) {
      if (ex_.out.room() < 2) return answer_step::more;
      auto const step = ex_.parts.add_next(ex_.out);
      if (!step.done) {
        ex_.parts.stop();
        return broken();
      }
      if (!step.extent) break;
      if (!e.in_memory) {
        return from_file<Calls>(e, step.extent->first, step.extent->size(), owner);
      }
      ex_.rest = memory_body(e.content, step.extent->first, step.extent->size());
      ex_.rest.add_to(ex_.out);
      if (!ex_.rest.empty()) return answer_step::more;
    }
    if (!e.in_memory) streamed(0);
    ex_.parts_of = nullptr;
    return answer_step::complete;
  }

 private:
  using entry = representation<Proactor>;

  bool is_head() const noexcept { return request_.method == http::method::head; }
  bool has_content() const noexcept {
    return ex_.parser.message().framing() == http::framing::chunked ||
           ex_.parser.message().content_length() != 0;
  }

  response_context context() noexcept {
    bool const keep = !ex_.close_after && !services_.draining && ex_.in_message &&
                      ex_.parser.message().keep_alive();
    if (!keep) ex_.close_after = true;
    persistence const p = !keep                                       ? persistence::close
                          : ex_.parser.message().minor_version() == 0 ? persistence::keep_and_say
                                                                      : persistence::keep;
    return {ex_.out, services_.date, services_.status_pages, p, is_head()};
  }

  // Why the request is not answered by a file, from its head alone.
  std::optional<status_page> refuse() noexcept {
    using http::method;
    bool const reads = request_.method == method::get || request_.method == method::head ||
                       request_.method == method::options;
    bool const is_1_0 = ex_.parser.message().minor_version() == 0;
    if (ex_.parser.message().framing() == http::framing::length &&
        ex_.parser.message().content_length() > services_.configuration.body_max) {
      ex_.close_after = true;
      return status_page{.code = status::content_too_large};
    }
    expectation const expected = is_1_0 ? expectation::none : expectation_of(request_.expect);
    if (expected == expectation::unknown) {
      ex_.close_after = ex_.close_after || has_content();
      return status_page{.code = status::expectation_failed};
    }
    if (reads && expected == expectation::continue_ && has_content() && !add_continue(ex_.out)) {
      return status_page{.code = status::service_unavailable, .retry = true};
    }
    // Who waits for leave to send the content is told by the answer not to.
    if (!reads && expected == expectation::continue_ && has_content()) ex_.close_after = true;
    if (reads) return std::nullopt;
    if (request_.method == method::other) return status_page{.code = status::not_implemented};
    if (request_.method == method::connect) ex_.close_after = true;
    bool const brings_content = request_.method == method::post || request_.method == method::put;
    if (is_1_0 && brings_content && !ex_.parser.message().has_content_length()) {
      ex_.close_after = true;
      return status_page{.code = status::length_required};
    }
    return status_page{.code = status::method_not_allowed, .allow = allowed_methods};
  }

  static status_page path_page(path_verdict verdict) noexcept {
    switch (verdict) {
      case path_verdict::too_long:
        return {.code = status::uri_too_long};
      case path_verdict::malformed:
        return {.code = status::bad_request, .detail = "The path is not one that a page can have."};
      case path_verdict::above_the_root:
        return {.code = status::bad_request, .detail = "The path leads out of the site."};
      case path_verdict::ok:
      case path_verdict::no_such_name:
      case path_verdict::hidden:
        break;
    }
    return {.code = status::not_found};
  }

  static status_page file_page(io::error e) noexcept {
    using io::error;
    switch (e) {
      case error::not_found:
      case error::not_a_directory:
      case error::name_too_long:
      case error::too_many_links:
        return {.code = status::not_found};
      case error::access_denied:
      case error::not_regular:
        return {.code = status::forbidden};
      case error::outside_root:
        return {.code = status::forbidden,
                .detail = "A link on the way to it leads out of the site."};
      case error::no_memory:
      case error::too_many_open_files:
        return {.code = status::service_unavailable, .retry = true};
      default:
        return {.code = status::internal_server_error};
    }
  }

  template <class Calls, class Owner>
  [[gnu::always_inline]] answer_step loaded(Owner* owner) noexcept {
    switch (ex_.loader.outcome()) {
      case load_outcome::directory:
        return redirect();
      case load_outcome::failed:
        return page(file_page(ex_.loader.error()));
      case load_outcome::unstable:
        return page({.code = status::service_unavailable,
                     .detail = "The file is being changed all the time.",
                     .retry = true});
      case load_outcome::no_site:
        return page({.code = status::service_unavailable,
                     .detail = "The site is not there at the moment.",
                     .retry = true});
      case load_outcome::not_acceptable:
        return page({.code = status::not_acceptable, .varies = true});
      case load_outcome::found:
        break;
    }
    entry& e = *ex_.loader.take();
    auto const digest = wanted();
    if (digest && services_.digests.template want<Calls::digested>(owner, e, *digest, ex_.digest)) {
      return answer_step::awaits_file;
    }
    return represent_held<Calls>(e, owner);
  }

  // Takes over the caller's reference.
  template <class Calls, class Owner>
  [[gnu::always_inline]] answer_step represent_held(entry& e, Owner* owner) noexcept {
    answer_step const step = represent<Calls>(e, owner);
    // A stream holds its own; what it streams parts of is needed again.
    bool const is_streamed = step == answer_step::awaits_chunk && !ex_.parts.active();
    if (ex_.out.empty() || is_streamed)
      services_.cache.release(e);
    else
      ex_.hold(e);
    return step;
  }

  template <class Calls, class Owner>
  [[gnu::always_inline]] answer_step represent(entry& e, Owner* owner) noexcept {
    precondition_verdict const verdict = verdict_on(e);
    if (verdict == precondition_verdict::not_modified) {
      return added(add_not_modified(context(), e.head.validators(), digest_of(e)), 304, 0);
    }
    if (verdict == precondition_verdict::precondition_failed) {
      return page({.code = status::precondition_failed, .varies = e.varies()});
    }
    // Range is defined for GET alone.
    auto const range = is_head() ? std::nullopt : request_.range;
    if (range) return ranges<Calls>(e, *range, verdict, owner);
    return whole<Calls>(e, owner);
  }

  precondition_verdict verdict_on(entry const& e) const noexcept {
    if (!request_.conditions) return precondition_verdict::proceed;
    return evaluate_preconditions(*request_.conditions, {entity_tag_of(e), e.last_modified},
                                  services_.date.seconds());
  }

  template <class Calls, class Owner>
  answer_step ranges(entry& e, std::string_view range, precondition_verdict verdict,
                     Owner* owner) noexcept {
    http::byte_extent room[ranges_max];
    selected_ranges const parts = select_ranges(range, verdict, e.size(), room);
    switch (parts.selection) {
      case range_selection::unsatisfiable:
        return page({.code = status::range_not_satisfiable,
                     .unsatisfied_length = e.size(),
                     .varies = e.varies()});
      case range_selection::one_part:
        if (!add_partial_head(context(), fields_of(e), parts.extents[0])) return broken();
        return body<Calls>(e, 206, parts.extents[0].first, parts.extents[0].size(), owner);
      case range_selection::several_parts:
        return multipart_body<Calls>(e, parts.extents, owner);
      case range_selection::whole:
        break;
    }
    return whole<Calls>(e, owner);
  }

  template <class Calls, class Owner>
  answer_step multipart_body(entry& e, std::span<http::byte_extent const> extents,
                             Owner* owner) noexcept {
    representation_fields const fields = fields_of(e);
    multipart const form{make_boundary(services_.boundary_seed, ++services_.boundaries),
                         fields.media_type, fields.length, fields.content_coding};
    std::uint64_t const length = multipart_length(form, extents);
    if (!add_multipart_head(context(), fields, form, length)) return broken();
    ex_.parts.start(form, extents);
    ex_.parts_of = &e;
    ex_.stream_status = 206;
    if (e.in_memory) log(206, length);
    return next_part<Calls>(owner);
  }

  template <class Calls, class Owner>
  answer_step whole(entry& e, Owner* owner) noexcept {
    std::string_view const content = is_head() ? std::string_view{} : short_content(e);
    if (!add_prepared(context(), e.head, digest_of(e), content)) return broken();
    if (is_head() || !content.empty()) return added(true, 200, content.size());
    return body<Calls>(e, 200, 0, e.size(), owner);
  }

  // What leaves in one copy with its head, if it lies in one piece.
  static std::string_view short_content(entry const& e) noexcept {
    if (!e.in_memory || e.piece.size > output::copied_max) return {};
    return {e.piece.data, e.piece.size};
  }

  template <class Calls, class Owner>
  answer_step body(entry& e, unsigned code, std::uint64_t offset, std::uint64_t length,
                   Owner* owner) noexcept {
    if (length == 0) return added(true, code, 0);
    if (!e.in_memory || e.leaves_memory_file(length)) {
      ex_.stream_status = code;
      return from_file<Calls>(e, offset, length, owner);
    }
    if (e.wants_memory_file(length)) services_.filler.used(e);
    if (e.piece.size != 0) {
      ex_.out.add({e.piece.data + offset, static_cast<std::size_t>(length)});
      return added(true, code, length);
    }
    ex_.rest = memory_body(e.content, offset, length);
    ex_.rest.add_to(ex_.out);
    added(true, code, length);
    return ex_.rest.empty() ? answer_step::complete : answer_step::more;
  }

  template <class Calls, class Owner>
  answer_step from_file(entry& e, std::uint64_t offset, std::uint64_t length,
                        Owner* owner) noexcept {
    if (e.leaves_memory_file(length)) {
      ex_.file_body.start(e, offset, length);
      return answer_step::more;
    }
    services_.filler.used(e);
    ex_.stream.template start<Calls::chunk>(owner, e, offset, length);
    return answer_step::awaits_chunk;
  }

  answer_step redirect() noexcept {
    std::array<char, output::text_max / 2> memory;
    request_path const path{.verdict = path_verdict::ok,
                            .has_query = request_.target.find('?') != std::string_view::npos,
                            .path = ex_.loader.path(),
                            .query = query_of(request_.target)};
    auto const size = write_directory_location(path, memory);
    if (!size) return page({.code = status::uri_too_long});
    return page({.code = status::moved_permanently, .location = {memory.data(), *size}});
  }

  static std::string_view query_of(std::string_view target) noexcept {
    std::size_t const mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  }

  answer_step options() noexcept {
    return added(add_no_content(context(), allowed_methods), 204, 0);
  }

  answer_step page(status_page const& p) noexcept {
    std::optional<std::uint64_t> const content = add_status_page(context(), p);
    return added(content.has_value(), static_cast<unsigned>(code(p.code)), content.value_or(0));
  }

  answer_step added(bool ok, unsigned code, std::uint64_t content) noexcept {
    if (!ok) return broken();
    log(code, content);
    return answer_step::complete;
  }

  // There is no memory even for a head: nothing can be said any more.
  answer_step broken() noexcept {
    ex_.close_after = true;
    return answer_step::complete;
  }

  std::optional<digest_algorithm> wanted() const noexcept {
    if (!request_.want_repr_digest) return std::nullopt;
    return wanted_digest(*request_.want_repr_digest);
  }
  std::string_view digest_of(entry const& e) const noexcept {
    auto const algorithm = wanted();
    return algorithm ? e.digest(*algorithm) : std::string_view{};
  }
  representation_fields fields_of(entry const& e) const noexcept {
    representation_fields fields = e.fields();
    fields.digest = digest_of(e);
    return fields;
  }

  http::entity_tag entity_tag_of(entry const& e) const noexcept {
    return {std::string_view(e.entity_tag).substr(1, e.entity_tag.size() - 2), false};
  }

  void log(unsigned code, std::uint64_t content) noexcept {
    bool const refused = refusal_.code != http::error_code::none;
    if (services_.log == nullptr || !(refused || services_.log->wants_all())) return;
    services_.log->write(record(code, content));
  }
  access_record record(unsigned code, std::uint64_t content) const noexcept {
    return {peer_,
            services_.date.seconds(),
            content,
            code,
            ex_.parser.message().minor_version(),
            request_.method_text,
            request_.target,
            request_.referer,
            request_.user_agent,
            refusal_};
  }

  exchange<Proactor>& ex_;
  services<Proactor>& services_;
  io::endpoint const& peer_;
  request const& request_;
  http::error refusal_;
};

}  // namespace quire::server
