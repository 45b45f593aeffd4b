#include <quire/parser/buffer_parser.hpp>

namespace quire::http {

result buffer_parser::parse_across(iterator& first, iterator const& last, node_type& out,
                                   error& err) noexcept {
  across_.set_state(inside_.state());
  result const r = across_.parse(first, last, out, err);
  inside_.set_state(across_.state());
  return r;
}

result buffer_parser::parse_pages(iterator& first, iterator last, node_type& out,
                                  error& err) noexcept {
  while (first != last) {
    first = first.at_byte();
    bool const is_last_run = first.current_page() == last.current_page();
    char const* const run_last =
        is_last_run ? last.position() : first.current_page()->write_position();
    char const* p = first.position();
    // Nothing of this run is new: the element straddles pages.
    std::uint32_t const scanned = inside_.state().scanned + detail::begun_length(inside_.state());
    if (scanned != 0 && scanned >= static_cast<std::size_t>(run_last - p)) break;
    node<char const*> n;
    result const r = inside_.parse(p, run_last, n, err);
    out = in_page(first, n);
    first = first.in_page_at(p);
    if (r != result::need_more || is_last_run) return r;
    // Some of an element ends the page: it goes on in the next one. Nothing is left: so do we.
    if (p != run_last) break;
  }
  return parse_across(first, last, out, err);
}

result buffer_parser::finish(iterator const& first, iterator const& last, node_type& out,
                             error& err) noexcept {
  across_.set_state(inside_.state());
  result const r = across_.finish(first, last, out, err);
  inside_.set_state(across_.state());
  return r;
}

}  // namespace quire::http
