// What a parser tolerates beyond the rules. Everything is off; each switch opens an attack.
//
// The rules are those that two recipients on one path could otherwise read in two ways: then an
// attacker hides a request from one of them (request smuggling) or splits a response.
#pragma once

namespace quire::http {

struct policy {
  // LF alone ends a start line or a field line (RFC 9112, 2.2: a recipient MAY).
  // Opens: smuggling past a peer that takes the LF as part of the value. Never applies to the lines
  // of chunked content, where no recipient may.
  bool bare_lf = false;

  // A field value of a response goes on in a line that starts with white space (RFC 9112, 5.2). The
  // value is delivered as it lies, with the line ends inside; a user agent replaces them by spaces.
  // Opens: response splitting through a cache that reads the second line as a field of its own.
  bool obs_fold = false;

  // White space between name and colon in a response (RFC 9112, 5.1: a proxy removes it). Requests
  // are refused in any case.
  // Opens: a field that one recipient knows and another does not.
  bool white_space_before_colon = false;

  // Content-Length more than once, or as a list, if all values are equal (RFC 9110, 8.6).
  // Opens: smuggling past a peer that reads only the first, or joins the lines.
  bool repeated_content_length = false;

  // Content-Length beside Transfer-Encoding: the latter counts and the connection closes after the
  // message (RFC 9112, 6.3).
  // Opens: the classic smuggling attack, through a peer that goes by Content-Length.
  bool content_length_beside_transfer_encoding = false;

  // A request without Host, with several or with one that is no host and port (RFC 9112, 3.2).
  // Opens: poisoned caches and routing to another site than the one that was checked.
  bool any_host = false;

  // Octets from 0x80 in a request-target, which no URI may hold but careless clients send.
  // Opens: paths that two programs normalise in two ways.
  bool obs_text_in_target = false;
};

}  // namespace quire::http
