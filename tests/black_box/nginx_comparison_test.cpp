// nginx and quire answer the same conditional, range and negotiation requests; each kind of
// difference is listed with the section of RFC 9110 that allows quire's answer, or demands it.
//
// QUIRE_SEED chooses the requests; it is printed. QUIRE_REQUESTS: how many, by default so many that
// each kind happens with any seed.
#include "tests/black_box/client.hpp"
#include "tests/black_box/nginx.hpp"
#include "tests/black_box/seeded_requests.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quire::test {
namespace {

// What an answer says, in words that do not depend on the server: which entity tag, which parts.
using aspects = std::map<std::string, std::string>;

struct difference {
  seeded_request const& request;
  std::string aspect;
  std::string nginx;
  std::string quire;
  std::string status;  // Of quire's answer.

  bool is(std::string_view a, std::string_view n, std::string_view q) const {
    return aspect == a && nginx == n && quire == q;
  }
  bool is_status(std::string_view n, std::string_view q) const { return is("status", n, q); }
  bool has(std::string_view field) const { return request.has(field); }
};

struct kind {
  char const* sentence;
  char const* section;  // Of RFC 9110.
  bool (*explains)(difference const&);
};

// Values of Accept-Encoding that nginx does not weigh: it looks for "gzip" with a quality above 0.
bool is_weighed_otherwise(difference const& d) {
  auto const accepted = d.request.field("Accept-Encoding").value_or("");
  return d.request.target == "/page.html" &&
         (accepted == "*" || accepted == "*;q=0.3" || accepted == "x-gzip" ||
          accepted == "gzip;q=0, *" || accepted == "gzip;q=0.5, identity;q=0.6" ||
          accepted == "gzip;q=0.5, identity" || accepted == "gzip;q=0.001");
}

bool holds(std::optional<std::string_view> const& value, std::string_view part) {
  return value && value->find(part) != std::string_view::npos;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

// "[first-last/length]" and the bytes of each part.
struct part {
  std::uint64_t first;
  std::uint64_t last;
  std::string bytes;
};
std::vector<part> split_parts(std::string const& text) {
  std::vector<part> all;
  for (std::size_t at = 0; at < text.size();) {
    part p{};
    char* end = nullptr;
    p.first = std::strtoull(text.c_str() + at + 1, &end, 10);
    p.last = std::strtoull(end + 1, &end, 10);
    std::size_t const content = text.find(']', at) + 1;
    p.bytes = text.substr(content, p.last - p.first + 1);
    at = content + p.bytes.size();
    all.push_back(std::move(p));
  }
  return all;
}
// Each byte that nginx sends is in a part of quire's, and those are fewer.
bool is_coalesced(difference const& d) {
  if (d.aspect != "parts") return false;
  auto const theirs = split_parts(d.nginx);
  auto const ours = split_parts(d.quire);
  return ours.size() < theirs.size() &&
         std::all_of(theirs.begin(), theirs.end(), [&](part const& t) {
           return std::any_of(ours.begin(), ours.end(), [&](part const& o) {
             return o.first <= t.first && t.last <= o.last &&
                    o.bytes.substr(t.first - o.first, t.bytes.size()) == t.bytes;
           });
         });
}

constexpr kind kinds[] = {
    // What is selected.
    {"where neither a coding that is there nor identity is acceptable the answer is 406",
     "12.5.3, 15.5.7",
     [](difference const& d) {
       return d.aspect == "status" && d.quire == "406" &&
              (holds(d.request.field("Accept-Encoding"), "identity;q=0") ||
               holds(d.request.field("Accept-Encoding"), "*;q=0"));
     }},
    {"an encoded form that is older than the file is none of it, and nothing is negotiated",
     "12.1, 12.5.5",
     [](difference const& d) {
       return d.request.target == "/old.html" &&
              (holds(d.request.field("Accept-Encoding"), "gzip") ||
               holds(d.request.field("Accept-Encoding"), "GZIP") ||
               d.is("Vary", "Accept-Encoding", "none"));
     }},
    {"qualities, * and x-gzip count: another representation is selected", "12.4.2, 12.5.3, 8.4.1.3",
     [](difference const& d) {
       return is_weighed_otherwise(d) &&
              (d.aspect != "status" || is_one_of(d.quire, {"200", "206", "304", "412", "416"}));
     }},
    // Preconditions.
    {"the list \"*, tag\" is none, so If-Match is false", "13.1.1",
     [](difference const& d) {
       return d.aspect == "status" && d.quire == "412" && d.request.field("If-Match") == "*, {tag}";
     }},
    {"the list \"*, tag\" is none, so If-None-Match is true", "13.1.2",
     [](difference const& d) {
       return d.aspect == "status" && d.nginx == "304" &&
              is_one_of(d.quire, {"200", "206", "416"}) &&
              d.request.field("If-None-Match") == "*, {tag}";
     }},
    {"If-Match takes the place of If-Unmodified-Since", "13.1.4, 13.2.2",
     [](difference const& d) {
       return d.aspect == "status" && d.nginx == "412" && d.quire != "412" && d.has("If-Match") &&
              d.has("If-Unmodified-Since");
     }},
    {"an If-Unmodified-Since that is no date is ignored", "13.1.4",
     [](difference const& d) {
       return d.aspect == "status" && d.nginx == "412" && d.quire != "412" && !d.has("If-Match") &&
              d.has("If-Unmodified-Since");
     }},
    {"not modified since a later time is not modified", "13.1.3",
     [](difference const& d) {
       return d.aspect == "status" && d.quire == "304" && d.has("If-Modified-Since") &&
              !d.has("If-None-Match");
     }},
    {"If-None-Match takes the place of If-Modified-Since", "13.1.3, 13.2.2",
     [](difference const& d) {
       return d.aspect == "status" && d.quire == "304" && d.has("If-Modified-Since") &&
              d.has("If-None-Match");
     }},
    // Ranges.
    {"Range means nothing to HEAD", "14.2",
     [](difference const& d) {
       return d.request.method == "HEAD" && d.has("Range") && d.quire == "200" &&
              is_one_of(d.nginx, {"206", "416"});
     }},
    {"encoded forms have ranges, too", "14.2, 14.3",
     [](difference const& d) {
       return d.request.target == "/page.html" && d.has("Accept-Encoding") &&
              (d.is("Accept-Ranges", "none", "bytes") ||
               (d.has("Range") && (d.is_status("200", "206") || d.is_status("200", "416"))));
     }},
    {"of a file without bytes no range can be had", "14.1.2, 15.5.17",
     [](difference const& d) {
       return d.request.target == "/empty.txt" && d.has("Range") && d.is_status("200", "416");
     }},
    {"the last bytes of a file without bytes are all of it", "14.1.2",
     [](difference const& d) {
       return d.request.target == "/empty.txt" && holds(d.request.field("Range"), "bytes=-") &&
              d.is_status("416", "200");
     }},
    {"empty elements of a list are skipped", "5.6.1.2",
     [](difference const& d) {
       auto const range = d.request.field("Range").value_or("");
       return is_one_of(range, {"bytes=0-5,", "bytes=,0-5"}) &&
              (d.is_status("416", "206") || d.is_status("416", "416"));
     }},
    {"a position beyond all bounds is beyond the end", "14.1.2",
     [](difference const& d) {
       return holds(d.request.field("Range"), "99999999999999999999") && d.is_status("416", "206");
     }},
    {"the largest position is beyond the end", "14.1.2",
     [](difference const& d) {
       return holds(d.request.field("Range"), "18446744073709551615") && d.is_status("416", "206");
     }},
    {"a Range that is none is ignored", "14.2",
     [](difference const& d) {
       return d.request.method == "GET" &&
              (d.is_status("416", "200") ||
               (d.is_status("206", "200") && holds(d.request.field("Range"), ",5-2")));
     }},
    {"more than 16 ranges are ignored", "14.2, 17.15",
     [](difference const& d) {
       auto const range = d.request.field("Range").value_or("");
       return std::count(range.begin(), range.end(), ',') >= 16 && d.is_status("206", "200");
     }},
    {"ranges that are more than the file in sum are made one", "14.2, 15.3.7.2",
     [](difference const& d) {
       return holds(d.request.field("Range"), ",") && d.is_status("200", "206");
     }},
    {"ranges that overlap or lie near each other are made one", "15.3.7.2", is_coalesced},
    {"206 says that ranges are accepted, too", "14.3",
     [](difference const& d) {
       return d.is("Accept-Ranges", "none", "bytes") && d.status == "206";
     }},
    // The rest.
    {"pages of errors are each server's own", "15.5",
     [](difference const& d) {
       return d.status[0] == '4' && is_one_of(d.aspect, {"body", "Content-Length"});
     }},
};

std::uint64_t number_from(char const* variable, std::uint64_t otherwise) {
  char const* const text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

// The parts of a multipart body: "first-last/length" and the bytes of each.
std::string parts_of(response const& r, std::string const& boundary) {
  static std::regex const content_range("\r\nContent-Range: bytes ([0-9]+-[0-9]+/[0-9]+)\r\n");
  std::string out;
  std::string const delimiter = "\r\n--" + boundary;
  std::string const body = "\r\n" + r.content;
  std::size_t at = body.find(delimiter);
  EXPECT_LE(at, 2U);
  for (;;) {
    std::size_t const next = body.find(delimiter, at + delimiter.size());
    if (next == std::string::npos) break;
    std::string const part = body.substr(at + delimiter.size(), next - at - delimiter.size());
    std::size_t const end = part.find("\r\n\r\n");
    std::smatch match;
    std::string const head = part.substr(0, end + 2);
    EXPECT_TRUE(std::regex_search(head, match, content_range)) << head;
    out += "[" + match[1].str() + "]" + part.substr(end + 4);
    at = next;
  }
  EXPECT_EQ(body.substr(at), delimiter + "--\r\n");
  return out;
}

aspects aspects_of(response const& r, bool is_head, std::string const& tag,
                   std::string const& gzip_tag) {
  aspects a;
  a["status"] = std::to_string(r.status);
  for (char const* name : {"Content-Range", "Content-Length", "Vary", "Last-Modified",
                           "Content-Encoding", "Accept-Ranges"}) {
    a[name] = r.field(name).value_or("none");
  }
  std::string const etag = r.field("ETag").value_or("none");
  a["ETag"] = etag == tag ? "the file's" : etag == gzip_tag ? "the gzip's" : etag;
  a["body"] = r.content;
  if (r.status != 206 || is_head) return a;
  // One part or many, they are compared as parts.
  static std::regex const multipart("multipart/byteranges; boundary=(.*)");
  std::smatch match;
  std::string const type = r.field("Content-Type").value_or("none");
  std::string const range = r.field("Content-Range").value_or("bytes ");
  bool const several = std::regex_match(type, match, multipart);
  a["parts"] = several ? parts_of(r, match[1]) : "[" + range.substr(6) + "]" + r.content;
  for (char const* name : {"body", "Content-Range", "Content-Length"}) a.erase(name);
  return a;
}

std::string shortened(std::string const& text) {
  return text.size() <= 60 ? text
                           : text.substr(0, 60) + "... (" + std::to_string(text.size()) + ")";
}

// By target: of the file, of its sibling.
using known_tags = std::map<std::string, std::pair<std::string, std::string>>;

class nginx_comparison : public testing::Test {
 protected:
  nginx_comparison() {
    pages_.write("page.html", pattern(1777));
    pages_.write("page.html.gz", pattern(555, 2));
    pages_.write("style.css", pattern(3001, 3));
    pages_.write("empty.txt", "");
    pages_.write("large.bin", pattern(1'200'000, 4));  // quire sends it from the disk.
    pages_.write("old.html", pattern(900, 5));
    pages_.write("old.html.gz", pattern(300, 6));
    for (char const* name : {"page.html", "style.css", "empty.txt", "large.bin", "old.html"}) {
      pages_.set_age(name, age);
    }
    pages_.set_age("page.html.gz", age);
    pages_.set_age("old.html.gz", age + std::chrono::hours(1));
    std::filesystem::create_directory(pages_.beside("nginx"));
    peer_.emplace(pages_.root(), pages_.beside("nginx"));
    // nginx sends what lies there; nothing is encoded while it runs.
    server_.emplace(pages_.root(), std::vector<std::string>{"--compress", "off"});
    std::tm parts{};
    std::string const modified = *fetch(*server_, "/page.html").field("Last-Modified");
    ::strptime(modified.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    modified_ = ::timegm(&parts);
  }

  // The tags by which a server knows the file and its sibling.
  std::pair<std::string, std::string> tags(client& c, std::string const& target) {
    c.send(get(target));
    std::string const tag = c.read().field("ETag").value_or("\"none\"");
    c.send(get(target, "Accept-Encoding: gzip\r\n"));
    std::string const gzip = c.read().field("ETag").value_or("\"none\"");
    return {tag, gzip == tag ? "\"no-gzip\"" : gzip};
  }

  // Asks both. What differs.
  std::vector<difference> ask_both(seeded_request const& r) {
    bool const is_head = r.method == "HEAD";
    auto const ask = [&](std::optional<client>& open, address const& where, known_tags& known) {
      if (!open) open.emplace(where);
      client& c = *open;
      if (!known.contains(r.target)) known[r.target] = tags(c, r.target);
      auto const& [tag, gzip] = known[r.target];
      c.send(r.text(tag, gzip));
      response const answer = c.read(is_head);
      // nginx closes behind a 412 without a word.
      if (!answer.keeps_connection() || answer.status == 412) open.reset();
      EXPECT_TRUE(answer.complete);
      EXPECT_LT(answer.status, 500);
      return aspects_of(answer, is_head, tag, gzip);
    };
    aspects const n = ask(to_peer_, peer_->where(), peer_tags_);
    aspects const q = ask(to_server_, server_->where(), server_tags_);
    std::vector<difference> all;
    std::string const status = q.at("status");
    if (n.at("status") != status) return {{r, "status", n.at("status"), status, status}};
    for (auto const& [name, value] : n) {
      auto const other = q.find(name);
      std::string const theirs = other == q.end() ? "absent" : other->second;
      if (theirs != value) all.push_back({r, name, value, theirs, status});
    }
    return all;
  }

  static constexpr std::chrono::hours age{5};
  site pages_;
  std::optional<nginx> peer_;
  std::optional<server> server_;
  std::int64_t modified_ = 0;
  std::optional<client> to_peer_;
  std::optional<client> to_server_;
  known_tags peer_tags_, server_tags_;
};

TEST_F(nginx_comparison, every_kind_of_difference_is_listed) {
  std::uint64_t const seed = number_from("QUIRE_SEED", 20261124);
  std::uint64_t const requests = number_from("QUIRE_REQUESTS", 4000);
  std::cout << "QUIRE_SEED=" << seed << "\n";
  request_generator generator(seed,
                              {{"/page.html", 1777, 8},
                               {"/style.css", 3001, 5},
                               {"/empty.txt", 0, 2},
                               {"/large.bin", 1'200'000, 1},
                               {"/old.html", 900, 1},
                               {"/absent.html", 100, 1}},
                              modified_);
  std::map<char const*, std::size_t> seen;
  for (std::uint64_t i = 0; i != requests; ++i) {
    seeded_request const r = generator.next();
    SCOPED_TRACE(r.text("{tag}", "{gzip}"));
    for (difference const& d : ask_both(r)) {
      auto const* const found = std::find_if(std::begin(kinds), std::end(kinds),
                                             [&](kind const& k) { return k.explains(d); });
      if (found != std::end(kinds)) {
        ++seen[found->sentence];
        continue;
      }
      ADD_FAILURE() << "request " << i << ": " << d.aspect << ": nginx " << shortened(d.nginx)
                    << ", quire " << shortened(d.quire) << " (" << d.status << ")";
    }
  }
  for (kind const& k : kinds) {
    EXPECT_TRUE(seen.contains(k.sentence)) << "does not happen: " << k.sentence;
    std::cout << "  " << seen[k.sentence] << " times (" << k.section << ") " << k.sentence << "\n";
  }
}

}  // namespace
}  // namespace quire::test
