// The error of a message as an exception, for programs that use the throwing overload of parse().
#pragma once

#include <quire/parser/error.hpp>

#if defined(__cpp_exceptions)
#include <exception>

namespace quire::http {

class parse_error : public std::exception {
 public:
  explicit parse_error(http::error const& e) noexcept : error_(e) {}

  http::error const& error() const noexcept { return error_; }
  char const* what() const noexcept override { return error_.message().data(); }

 private:
  http::error error_;
};

}  // namespace quire::http
#endif
