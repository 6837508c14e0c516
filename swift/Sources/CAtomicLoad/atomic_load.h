// Swift's own atomics cannot read memory that a caller owns: the cancel flag of native/include/brevis_engine.h.
#ifndef BREVIS_ATOMIC_LOAD_H
#define BREVIS_ATOMIC_LOAD_H

#include <stdint.h>

static inline int32_t brevis_atomic_load(const int32_t *value) {
  return __atomic_load_n(value, __ATOMIC_RELAXED);
}

#endif
