#include <quire/server/message_digest.hpp>

#include <openssl/evp.h>

#include <memory>

namespace quire::server {

message_digest digest_of(buffer const& content, digest_algorithm algorithm) noexcept {
  message_digest out;
  std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> const context(::EVP_MD_CTX_new(),
                                                                          &::EVP_MD_CTX_free);
  EVP_MD const* const kind =
      algorithm == digest_algorithm::sha_256 ? ::EVP_sha256() : ::EVP_sha512();
  if (context == nullptr || ::EVP_DigestInit_ex(context.get(), kind, nullptr) != 1) return out;
  for (auto run = content.pages_begin(); run != content.pages_end(); ++run) {
    if (::EVP_DigestUpdate(context.get(), (*run).data, (*run).size) != 1) return out;
  }
  unsigned size = 0;
  if (::EVP_DigestFinal_ex(context.get(), out.bytes.data(), &size) == 1) out.size = size;
  return out;
}

}  // namespace quire::server
