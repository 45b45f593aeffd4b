#include <quire/server/command_line.hpp>
#include <quire/server/encoding/content_encoder.hpp>
#include <quire/server/exit_code.hpp>
#include <quire/server/process.hpp>
#include <quire/server/site/encoding_worth.hpp>
#include <quire/server/version.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <optional>

namespace quire::server {
namespace {

std::string environment_name(std::string_view flag) {
  std::string name = "QUIRE_";
  for (char const c : flag) name += c == '-' ? '_' : static_cast<char>(std::toupper(c));
  return name;
}

std::string description(number_setting const& n) {
  std::string text = fmt::format("{} [{}", n.reason, n.standard);
  if (!n.unit.empty()) text += fmt::format(" {}", n.unit);
  return text + "]";
}

constexpr char const* file_io_description =
    "How files are read, those that are kept in memory as those that are sent from the disk: "
    "buffered, through the system's cache; uncached, from that cache, but what the disk had to "
    "bring leaves it again; direct, past it, so that nothing is in memory twice; auto: buffered, "
    "which takes the least time and the least processor time of the three, from a cold disk as "
    "from memory [auto]";

bool parse_file_io(std::string_view text, io::file_mode& out) {
  using io::file_mode;
  if (text == "auto") {
    out = auto_file_io;
    return true;
  }
  for (file_mode const mode : {file_mode::direct, file_mode::uncached, file_mode::buffered}) {
    if (text != io::name(mode)) continue;
    out = mode;
    return true;
  }
  return false;
}

std::string text_of(coding_set codings) {
  std::string text;
  for (coding_name const& n : encoded_codings) {
    if (!codings.has(n.coding)) continue;
    if (!text.empty()) text += ',';
    text += n.name;
  }
  return text.empty() ? "off" : text;
}

std::string compress_description() {
  return fmt::format(
      "Codings in which the server itself encodes texts of {} bytes to what is kept in memory, "
      "where no "
      "encoded file lies beside them and at least a tenth is saved: once, by one thread of low "
      "priority, while clients get them as they are; kept in the cache. off: none, for who has no "
      "processor time to spare; auto: those that this build can make [auto: {}]",
      encoding_size_min, text_of(encodable_codings()));
}

// What is wrong with the text; empty: nothing.
std::string set_compress(std::string const& text, coding_set& out) {
  if (text == "auto") {
    out = encodable_codings();
    return {};
  }
  auto const codings = parse_coding_set(text);
  if (!codings) {
    return fmt::format(
        "--compress takes auto, off, or some of br, zstd and gzip with commas between them, not "
        "'{}'",
        text);
  }
  if (coding_set const missing = *codings - encodable_codings(); !missing.empty()) {
    return fmt::format("--compress {}: this build cannot make {}; it can make {}", text,
                       text_of(missing), text_of(encodable_codings()));
  }
  out = *codings;
  return {};
}

constexpr char const* revalidate_description =
    "For how many milliseconds a file is taken for unchanged without a look. auto: where the "
    "system tells of changes (Linux, on a local file system) until it tells of one, and for 10,000 "
    "at most, for what is told by nobody; elsewhere each turn of the loop looks. A number, when "
    "looks are dear, as on a network's file system: so old may an answer be there; 0: each turn "
    "looks, everywhere [auto]";

bool parse_number(std::string_view text, std::uint64_t& out) {
  bool const digits =
      !text.empty() && text.size() <= 15 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits) out = std::stoull(std::string(text));
  return digits;
}

// A whole number within the bounds of its setting, said in words of the setting.
std::string check_number(number_setting const& n, std::string const& text) {
  std::uint64_t value = 0;
  if (parse_number(text, value) && value >= n.min && value <= n.max) return {};
  return fmt::format("--{} takes a whole number from {} to {}{}{}, not '{}'", n.name, n.min, n.max,
                     n.unit.empty() ? "" : " ", n.unit, text);
}

void add_serve_options(CLI::App& command, settings& s) {
  command.add_option("DIR", s.root, "The directory to serve [the current one]");
  command
      .add_option_function<std::vector<std::string>>(
          "--listen",
          [&s](std::vector<std::string> const& texts) {
            for (std::string const& text : texts) {
              io::endpoint e;
              if (!io::parse_endpoint(text, e)) {
                throw CLI::ValidationError(fmt::format(
                    "--listen takes ADDRESS:PORT, as 127.0.0.1:8080 or [::1]:8080, not '{}'",
                    text));
              }
              s.listen.push_back(e);
            }
          },
          "Address and port to listen on; may be given several times; port 0: any [127.0.0.1:8080]")
      ->type_name("ADDR:PORT")
      ->envname("QUIRE_LISTEN");
  command.add_option("--io", s.io, "I/O back end: auto, uring, epoll, asio, iocp [auto]")
      ->envname("QUIRE_IO");
  command
      .add_option_function<std::string>(
          "--file-io",
          [&s](std::string const& text) {
            if (!parse_file_io(text, s.file_io)) {
              throw CLI::ValidationError(fmt::format(
                  "--file-io takes auto, direct, uncached or buffered, not '{}'", text));
            }
          },
          file_io_description)
      ->type_name("MODE")
      ->envname("QUIRE_FILE_IO");
  command
      .add_option("--error-log", s.error_log,
                  "Why requests are refused: a file, - for standard error, off [-]")
      ->type_name("PATH")
      ->envname("QUIRE_ERROR_LOG");
  command
      .add_option("--access-log", s.access_log,
                  "Access log: a file, - for standard output, off [-]")
      ->type_name("PATH")
      ->envname("QUIRE_ACCESS_LOG");
  command
      .add_option_function<std::string>(
          "--precompressed",
          [&s](std::string const& text) {
            auto const codings = parse_coding_set(text);
            if (!codings) {
              throw CLI::ValidationError(fmt::format(
                  "--precompressed takes off, or some of br, zstd and gzip with commas between "
                  "them, not '{}'",
                  text));
            }
            s.precompressed = *codings;
          },
          "Codings of which page.html.br, .zst or .gz beside page.html is sent to clients that "
          "accept them; off: such files are files like others [br,zstd,gzip]")
      ->type_name("LIST")
      ->envname("QUIRE_PRECOMPRESSED");
  s.compress = encodable_codings();
  command
      .add_option_function<std::string>(
          "--compress",
          [&s](std::string const& text) {
            if (std::string const wrong = set_compress(text, s.compress); !wrong.empty()) {
              throw CLI::ValidationError(wrong);
            }
          },
          compress_description())
      ->type_name("LIST")
      ->envname("QUIRE_COMPRESS");
  command
      .add_option_function<std::string>(
          "--revalidate",
          [&s](std::string const& text) {
            std::uint64_t ms = 0;
            bool const number = parse_number(text, ms) && ms <= revalidate_max;
            if (!number && text != "auto") {
              throw CLI::ValidationError(fmt::format(
                  "--revalidate takes auto, or a whole number from 0 to {} ms, not '{}'",
                  revalidate_max, text));
            }
            s.revalidate = number ? std::optional(ms) : std::nullopt;
          },
          revalidate_description)
      ->type_name("N")
      ->envname("QUIRE_REVALIDATE");
  for (number_setting const& n : number_settings) {
    s.*n.value = n.standard;
    command
        .add_option_function<std::string>(
            fmt::format("--{}", n.name),
            [&s, &n](std::string const& text) {
              if (std::string const wrong = check_number(n, text); !wrong.empty()) {
                throw CLI::ValidationError(wrong);
              }
              s.*n.value = std::stoull(text);
            },
            description(n))
        ->type_name("N")
        ->envname(environment_name(n.name));
  }
}

// What is not given, and depends on the machine.
void finish_serve_options(CLI::App const& command, settings& s) {
  std::uint64_t const memory = process::memory_of_machine();
  if (command.get_option("--cache-size")->count() == 0) {
    s.cache_size = std::max(s.cache_size, memory / 8);
  }
  if (command.get_option("--memory-max")->count() == 0) {
    s.memory_max = std::max(s.memory_max, memory / 4);
  }
  if (s.listen.empty()) {
    io::endpoint standard;
    if (io::parse_endpoint("127.0.0.1:8080", standard)) s.listen.push_back(standard);
  }
}

void add_parse_options(CLI::App& command, parse_options& o) {
  command.add_option("FILE", o.file, "What to read; - is standard input")->capture_default_str();
  command.add_flag("--response", o.response, "Read responses, not requests");
  command.add_option("--for", o.request_method, "Method of the request that the response answers")
      ->capture_default_str();
  command.add_option("--page-size", o.page_size, "Octets in a page of the buffer")
      ->check(CLI::Range(16, 65536))
      ->capture_default_str();
  command.add_option("--feed", o.feed, "Give the octets this many at a time")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 20));
  command.add_flag("--core", o.core, "Use the contiguous parser instead of the one over pages");
  command.add_flag("--join", o.join, "Join the pieces of content");
  command.add_flag(
      "--host-rules", o.host_rules,
      "Apply the rules for Host too, which a server does: without this only syntax and "
      "framing are judged");
  command.add_flag(
      "--default-limits", o.default_limits,
      "Apply the limits that a parser has by default; without this they are next to none");
  command.add_flag("--allow-bare-lf", o.lenient.bare_lf, "LF alone ends a line");
  command.add_flag("--allow-obs-fold", o.lenient.obs_fold, "Folded field lines in responses");
  command.add_flag("--allow-white-space-before-colon", o.lenient.white_space_before_colon,
                   "White space behind a field name in responses");
  command.add_flag("--allow-repeated-content-length", o.lenient.repeated_content_length,
                   "Content-Length several times with the same value");
  command.add_flag("--allow-content-length-beside-transfer-encoding",
                   o.lenient.content_length_beside_transfer_encoding,
                   "Content-Length beside Transfer-Encoding, which then counts");
  command.add_flag("--allow-obs-text-in-target", o.lenient.obs_text_in_target,
                   "Octets from 0x80 in a request-target");
}

void add_doctor_options(CLI::App& command, doctor_options& o) {
  command.add_option("DIR", o.root, "The directory that would be served [the current one]");
  command.add_flag("--json", o.json, "One JSON object, for programs");
}

int print_help(CLI::App const& app, std::string const& topic) {
  for (CLI::App const* command : app.get_subcommands({})) {
    if (command->get_name() != topic) continue;
    fmt::print("{}", command->help("quire"));
    return exit_success;
  }
  return usage_error(fmt::format("there is no command '{}'; see quire help", topic));
}

}  // namespace

int usage_error(std::string_view sentence) {
  fmt::print(stderr, "quire: {}\n", sentence);
  return exit_usage;
}

std::optional<int> read_command_line(int argc, char** argv, command_line& out) {
  CLI::App app("quire: a fast and careful HTTP server for static websites", "quire");
  app.set_version_flag("--version", fmt::format("quire {}", version), "Print the version");
  app.require_subcommand(0, 1);
  app.allow_windows_style_options(false);  // A path may begin with a slash there as well.

  CLI::App& serve_command = *app.add_subcommand("serve", "Serve a directory over HTTP");
  add_serve_options(serve_command, out.serve);
  CLI::App& parse_command =
      *app.add_subcommand("parse", "Show what the parser makes of HTTP/1.1 messages");
  add_parse_options(parse_command, out.parse);
  CLI::App& doctor_command = *app.add_subcommand(
      "doctor", "Say what this machine allows, and what is missing for serving well");
  add_doctor_options(doctor_command, out.doctor);
  std::string topic;
  CLI::App& help_command = *app.add_subcommand("help", "Print help, for all or for one command");
  help_command.add_option("COMMAND", topic, "The command");

  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& e) {
    if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(e);
    return usage_error(fmt::format("{}; see quire help", e.what()));
  }
  if (serve_command.parsed()) {
    finish_serve_options(serve_command, out.serve);
    out.connections_max_given = serve_command.get_option("--connections-max")->count() != 0;
    out.given = command::serve;
    return std::nullopt;
  }
  if (parse_command.parsed() || doctor_command.parsed()) {
    out.given = parse_command.parsed() ? command::parse : command::doctor;
    return std::nullopt;
  }
  if (!topic.empty()) return print_help(app, topic);
  // Without the command that was given, `help`, which would be explained instead.
  app.clear();
  fmt::print("{}", app.help());
  return exit_success;
}

}  // namespace quire::server
