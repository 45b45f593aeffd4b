// Boost.Beast: its parser of messages, with its container of fields and a body that is thrown away.
#include "bench/parser/subject.hpp"

#include <boost/beast/http.hpp>
#include <iterator>

namespace quire::bench {
namespace {

namespace beast = boost::beast::http;

template <bool IsRequest>
outcome parse(input const& in) {
  outcome out;
  while (out.used < in.octets.size()) {
    beast::parser<IsRequest, beast::buffer_body> p;
    p.eager(true);
    char scratch[4096];
    boost::system::error_code error;
    while (!p.is_done()) {
      p.get().body().data = scratch;
      p.get().body().size = sizeof scratch;
      boost::asio::const_buffer const rest(in.octets.data() + out.used,
                                           in.octets.size() - out.used);
      out.used += p.put(rest, error);
      if (error && error != beast::error::need_buffer) return out;
    }
    out.fields += static_cast<std::size_t>(std::distance(p.get().begin(), p.get().end()));
  }
  out.good = true;
  return out;
}

}  // namespace

void add_beast_subject(std::vector<subject>& subjects) {
  subjects.push_back({"beast", [](input const& in) -> std::function<outcome()> {
                        if (in.octets.starts_with("HTTP/"))
                          return [&in] { return parse<false>(in); };
                        return [&in] { return parse<true>(in); };
                      }});
}

}  // namespace quire::bench
