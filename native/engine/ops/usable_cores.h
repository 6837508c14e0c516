// How many cores this process may use: what its affinity allows, and what control groups allow (a container's CPU
// limit).
#pragma once

#include <cstddef>
#include <string>

namespace brevis {

// At least 1.
size_t usable_cores();

// Cores that the control groups of this process allow, as a fraction (1.5 with a quota of 150 ms every 100 ms);
// infinity where nothing limits them. Reads proc/self/cgroup and sys/fs/cgroup below `root`: "/", but for tests.
double control_group_cores(const std::string &root);

}  // namespace brevis
