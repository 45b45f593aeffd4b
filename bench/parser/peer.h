/* A parser in a shared object, to be measured beside the others: --peer NAME=FILE.so.
 *
 * The object exports one function with C linkage. It parses all messages in [data, data + size): requests,
 * or responses if the data starts with "HTTP/". The names and values of the fields must be found, as a
 * program would need them; the content must be found and delimited, trailers too.
 *
 * used:   octets of whole messages, heads and content.
 * fields: field lines in all heads together.
 * Returns 0 when all went well. A parser that cannot read this kind of data returns something else and
 * is left out of the row.
 */
#ifndef QUIRE_BENCH_PARSER_PEER_H
#define QUIRE_BENCH_PARSER_PEER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

int quire_bench_parse(char const* data, size_t size, size_t* used, size_t* fields);

typedef int quire_bench_parse_function(char const* data, size_t size, size_t* used, size_t* fields);

#ifdef __cplusplus
}
#endif

#endif
