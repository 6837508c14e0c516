// exit() destroys the static objects of every library while other threads still run. Nothing may be at work then: the
// guard cancels all work before, from a function that exit() calls.
#pragma once

#include <memory>

#include "brevis_engine.h"

namespace brevis::addon {

class OpenModel;

// Puts a model under the guard, before its thread starts.
void guard_exit(const std::shared_ptr<OpenModel> &model);

// Once a model of this engine is open: exit() calls functions in the reverse order of their registration, and so stops
// the work before it destroys what the engine made when it was first used.
void guard_exit_of(const brv_engine_api &api);

bool process_is_ending();

}  // namespace brevis::addon
