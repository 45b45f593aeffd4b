#include <quire/server/message_digest.hpp>

#include <windows.h>

#include <bcrypt.h>

namespace quire::server {
namespace {

// An algorithm that is opened once and stays: opening one costs more than hashing a page.
BCRYPT_ALG_HANDLE open_algorithm(wchar_t const* name) noexcept {
  BCRYPT_ALG_HANDLE handle = nullptr;
  if (::BCryptOpenAlgorithmProvider(&handle, name, nullptr, 0) < 0) return nullptr;
  return handle;
}

BCRYPT_ALG_HANDLE algorithm_handle(digest_algorithm algorithm) noexcept {
  static BCRYPT_ALG_HANDLE const sha_256 = open_algorithm(BCRYPT_SHA256_ALGORITHM);
  static BCRYPT_ALG_HANDLE const sha_512 = open_algorithm(BCRYPT_SHA512_ALGORITHM);
  return algorithm == digest_algorithm::sha_256 ? sha_256 : sha_512;
}

}  // namespace

message_digest digest_of(buffer const& content, digest_algorithm algorithm) noexcept {
  message_digest out;
  BCRYPT_ALG_HANDLE const provider = algorithm_handle(algorithm);
  BCRYPT_HASH_HANDLE hash = nullptr;
  if (provider == nullptr || ::BCryptCreateHash(provider, &hash, nullptr, 0, nullptr, 0, 0) < 0) {
    return out;
  }
  bool fine = true;
  for (auto run = content.pages_begin(); fine && run != content.pages_end(); ++run) {
    // It never writes to its input.
    auto* const data = reinterpret_cast<UCHAR*>(const_cast<char*>((*run).data));
    fine = ::BCryptHashData(hash, data, static_cast<ULONG>((*run).size), 0) >= 0;
  }
  std::size_t const size = algorithm == digest_algorithm::sha_256 ? 32 : 64;
  if (fine && ::BCryptFinishHash(hash, out.bytes.data(), static_cast<ULONG>(size), 0) >= 0) {
    out.size = size;
  }
  ::BCryptDestroyHash(hash);
  return out;
}

}  // namespace quire::server
