#include "tests/simulation/question.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace quire::simulation {
namespace {

using what = question::what;

// What a client says of codings, and what that allows.
struct acceptance {
  std::string_view value;  // Empty: no field.
  bool gzip = false;
  bool identity = true;
};
constexpr std::array<acceptance, 8> acceptances = {{{"", false, true},
                                                    {"gzip", true, true},
                                                    {"br, gzip;q=0.8", true, true},
                                                    {"identity, gzip;q=0.5", true, true},
                                                    {"gzip, identity;q=0", true, false},
                                                    {"*", true, true},
                                                    {"gzip;q=0", false, true},
                                                    {"br, *;q=0", false, false}}};

// What a client says of digests, and the algorithm that it is to get.
struct wish {
  std::string_view value;  // Empty: no field.
  std::string_view algorithm;
};
constexpr std::array<wish, 6> wishes = {{{"", ""},
                                         {"", ""},
                                         {"sha-256=10", "sha-256"},
                                         {"sha-256=3, sha-512=5", "sha-512"},
                                         {"sha-256=0, md5=10", ""},
                                         {"sha-256=eleven", ""}}};

bool is_encoded(answer const& a) {
  return field(a.head, "Content-Encoding") == "gzip";
}
// The size of the representation, as far as the answer tells.
std::uint64_t total(answer const& a) {
  if (a.status != 206) return a.length;
  std::string_view const extent = field(a.head, "Content-Range");
  return number(extent.substr(extent.find('/') + 1));
}

// RFC 9110, sections 8.4, 8.8.3, 12.4 and 12.5.
bool is_negotiated_right(answer const& a, question const& q, site_model const& site) {
  acceptance const& accepted = acceptances[q.accepts];
  std::string_view const coding = field(a.head, "Content-Encoding");
  std::string_view const tag = field(a.head, "ETag");
  bool const encoded = tag.ends_with("-gzip\"");
  bool const varies = field(a.head, "Vary") == "Accept-Encoding";
  if (tag.size() < 3 || !tag.starts_with('"')) return false;
  if (a.status != 304 && coding != (encoded ? "gzip" : "")) return false;
  if (encoded)
    return accepted.gzip && varies && (site.rules().compresses || site.rules().precompressed);
  if (!accepted.identity && site.rules().precompressed) return false;
  return !varies || a.status == 304 || site.may_vary(q.path, total(a));
}

// RFC 9530: of everything that is kept in memory, for everybody who asks.
bool is_digest_right(answer const& a, question const& q, site_model const& site,
                     tag_ledger& ledger) {
  std::string_view const digest = field(a.head, "Repr-Digest");
  std::string_view const algorithm = wishes[q.wants].algorithm;
  bool const wanted = site.rules().hashes && !algorithm.empty();
  if (digest.empty()) return !wanted || a.status == 304 || total(a) > in_memory_max;
  return wanted && digest.substr(0, digest.find('=')) == algorithm &&
         ledger.agrees_on_digest(site.name(q.path), field(a.head, "ETag"), digest);
}

bool is_content_right(answer const& a, question const& q, site_model const& site,
                      tag_ledger& ledger) {
  std::uint64_t const offset = a.status == 206 ? q.first : 0;
  if (!site.is_part(q.path, is_encoded(a), a.content, offset, total(a))) return false;
  return !a.whole ||
         ledger.agrees(site.name(q.path), field(a.head, "ETag"), a.content, offset, total(a));
}

bool is_selected_right(answer const& a, question const& q, site_model const& site,
                       tag_ledger& ledger) {
  std::string_view const tag = field(a.head, "ETag");
  if (!is_negotiated_right(a, q, site) || !is_digest_right(a, q, site, ledger)) return false;
  switch (a.status) {
    case 206:
      return q.is == what::range && (q.tag.empty() || q.tag == tag) &&
             a.length == std::min(q.last, total(a) - 1) - q.first + 1 &&
             is_content_right(a, q, site, ledger);
    case 304:
      return q.is == what::conditional && (q.tag.empty() || q.tag == tag);
    default:
      if (q.is == what::head) return a.content.empty();
      if (q.is == what::get) return is_content_right(a, q, site, ledger);
      // The whole only because it is no longer what the condition is about.
      return (q.is == what::range || q.is == what::conditional) && !q.tag.empty() && q.tag != tag &&
             is_content_right(a, q, site, ledger);
  }
}

}  // namespace

std::string_view field(std::string_view head, std::string_view name) {
  std::string const start = "\r\n" + std::string(name) + ": ";
  std::size_t const at = head.find(start);
  if (at == std::string_view::npos) return {};
  std::string_view const rest = head.substr(at + start.size());
  return rest.substr(0, rest.find("\r\n"));
}

std::uint64_t number(std::string_view text) {
  return std::strtoull(std::string(text).c_str(), nullptr, 10);
}

question question::at_random(io::sim::random_source& random, site_model const& site,
                             tag_ledger const& ledger) {
  question q;
  q.path = site.path(random);
  q.is = static_cast<what>(random.below(6));
  if (q.is == what::bad && random.below(3) != 0) q.is = what::get;
  q.accepts = random.below(acceptances.size());
  q.wants = random.below(wishes.size());
  if (q.is == what::range) {
    q.first = random.below(random.below(2) == 0 ? 40 : 600);
    q.last = q.first + random.below(200'000);
  }
  if (q.is == what::range || q.is == what::conditional) {
    if (random.below(2) == 0) q.tag = ledger.last_tag(site.name(q.path));
  }
  if (q.is == what::post) q.text_size = random.below(9000);
  return q;
}

std::string question::text() const {
  std::string out = is == what::head ? "HEAD " : is == what::post ? "POST " : "GET ";
  out += path + " HTTP/1.1\r\nHost: sim\r\n";
  auto const add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out.append(name).append(": ").append(value).append("\r\n");
  };
  add("Accept-Encoding", acceptances[accepts].value);
  add("Want-Repr-Digest", wishes[wants].value);
  if (is == what::range) {
    add("Range", "bytes=" + std::to_string(first) + "-" + std::to_string(last));
    add("If-Range", tag);
  }
  if (is == what::conditional) add("If-None-Match", tag.empty() ? "*" : tag);
  if (is == what::post) add("Content-Length", std::to_string(text_size));
  if (is == what::bad) out += "Bad Field: x\r\n";
  return out + "\r\n" + std::string(text_size, 'p');
}

std::string_view question::name() const {
  constexpr std::array<std::string_view, 6> names = {"get",         "head", "range",
                                                     "conditional", "post", "bad"};
  return names[static_cast<std::size_t>(is)];
}

bool is_right(answer const& a, question const& q, site_model const& site, tag_ledger& ledger) {
  if (!a.head.starts_with("HTTP/1.1 ") || field(a.head, "Date").size() != 29) return false;
  switch (a.status) {
    case 200:
    case 206:
    case 304:
      return is_selected_right(a, q, site, ledger);
    case 405:
      return q.is == what::post && field(a.head, "Allow") == "GET, HEAD, OPTIONS";
    case 406:
      return q.is != what::bad && q.is != what::post && !acceptances[q.accepts].identity &&
             field(a.head, "Vary") == "Accept-Encoding";
    case 400:
      return q.is == what::bad;
    case 416:
      return q.is == what::range;
    // A file can be gone for a while, devices fail, memory and descriptors run out, files change
    // all the time, visitors are slow.
    case 404:
    case 408:
    case 500:
    case 503:
      return true;
    default:
      return false;
  }
}

}  // namespace quire::simulation
