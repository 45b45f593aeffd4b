// http_parser, the parser of Node.js before llhttp.
#include "bench/parser/subject.hpp"

#include <http_parser.h>
#include <array>
#include <memory>

namespace quire::bench {
namespace {

struct piece {
  char const* data;
  std::size_t size;
};

struct job {
  http_parser parser;
  std::array<piece, 64> names;
  std::array<piece, 64> values;
  std::size_t fields;
};

int on_name(http_parser* p, char const* at, std::size_t size) {
  job& j = *static_cast<job*>(p->data);
  j.names[j.fields % 64] = {at, size};
  return 0;
}

int on_value(http_parser* p, char const* at, std::size_t size) {
  job& j = *static_cast<job*>(p->data);
  j.values[j.fields++ % 64] = {at, size};
  return 0;
}

}  // namespace

void add_http_parser_subject(std::vector<subject>& subjects) {
  subjects.push_back({"http_parser", [](input const& in) -> std::function<outcome()> {
                        auto const j = std::make_shared<job>();
                        bool const response = in.octets.starts_with("HTTP/");
                        return [&in, j, response] {
                          static http_parser_settings const settings = [] {
                            http_parser_settings s;
                            http_parser_settings_init(&s);
                            s.on_header_field = on_name;
                            s.on_header_value = on_value;
                            return s;
                          }();
                          http_parser_init(&j->parser, response ? HTTP_RESPONSE : HTTP_REQUEST);
                          j->parser.data = j.get();
                          j->fields = 0;
                          outcome out;
                          out.used = http_parser_execute(&j->parser, &settings, in.octets.data(),
                                                         in.octets.size());
                          asm volatile("" : : "r"(j.get()) : "memory");
                          out.fields = j->fields;
                          out.good = j->parser.http_errno == HPE_OK;
                          return out;
                        };
                      }});
}

}  // namespace quire::bench
