#define QUIRE_PARSER_IMPLEMENTATION
#include <quire_parser.hpp>
