// Where an engine's table of functions comes from: the CPU engine is linked in, others are dynamic libraries.
#pragma once

#include <string>

#include "brevis_engine.h"

namespace brevis::addon {

// The CPU engine; null where it was not built (Windows).
const brv_engine_api *linked_engine();

// Opens the library at `path` and checks its ABI version; throws std::runtime_error with what was expected and what
// arrived. The library stays open for the life of the process: its threads and static objects would not survive being
// unmapped.
const brv_engine_api *open_engine_library(const std::string &path);

}  // namespace brevis::addon
