#include "engine_library.h"

#include <stdexcept>

#if !defined(_WIN32)
#include <dlfcn.h>
#endif

namespace brevis::addon {

const brv_engine_api *linked_engine() {
#if defined(BREVIS_HAS_CPU_ENGINE)
  return brv_get_engine_api(BRV_ENGINE_ABI_VERSION);
#else
  return nullptr;
#endif
}

#if defined(_WIN32)

const brv_engine_api *open_engine_library(const std::string &path) {
  throw std::runtime_error(path + ": engine libraries are not opened on Windows");
}

#else

const brv_engine_api *open_engine_library(const std::string &path) {
  void *library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char *message = ::dlerror();
    throw std::runtime_error("Expected an engine library but " + path +
                             " could not be opened: " + (message == nullptr ? "unknown error" : message));
  }
  const auto get = reinterpret_cast<decltype(&brv_get_engine_api)>(::dlsym(library, "brv_get_engine_api"));
  if (get == nullptr) {
    throw std::runtime_error("Expected an engine library but " + path + " has no function brv_get_engine_api");
  }
  const brv_engine_api *api = get(BRV_ENGINE_ABI_VERSION);
  if (api == nullptr || api->abi_version != BRV_ENGINE_ABI_VERSION) {
    throw std::runtime_error("Expected an engine library of ABI version " + std::to_string(BRV_ENGINE_ABI_VERSION) +
                             " but " + path +
                             (api == nullptr ? " has another" : " has version " + std::to_string(api->abi_version)));
  }
  return api;
}

#endif

}  // namespace brevis::addon
