#include "ops/usable_cores.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace brevis {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

std::string first_line(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

double ratio(double quota, double period) {
  return quota > 0 && period > 0 ? quota / period : kUnlimited;
}

// Version 2: cpu.max holds "<quota> <period>" or "max <period>", in microseconds.
double read_unified(const std::string &directory) {
  std::istringstream fields(first_line(directory + "/cpu.max"));
  double quota = 0, period = 0;
  return fields >> quota >> period ? ratio(quota, period) : kUnlimited;
}

// Version 1: two files, a quota of -1 for none.
double read_separate(const std::string &directory) {
  double quota = 0, period = 0;
  std::istringstream(first_line(directory + "/cpu.cfs_quota_us")) >> quota;
  std::istringstream(first_line(directory + "/cpu.cfs_period_us")) >> period;
  return ratio(quota, period);
}

// The least of a group's limit and those of the groups around it. In a container the group's path may be the host's, of
// which only the top is to be seen.
double least_limit(const std::string &mount, std::string group, double (*read)(const std::string &)) {
  double least = read(mount);
  while (!group.empty() && group != "/") {
    least = std::min(least, read(mount + group));
    group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
  }
  return least;
}

bool names_controller(const std::string &controllers, const std::string &name) {
  return ("," + controllers + ",").find("," + name + ",") != std::string::npos;
}

}  // namespace

double control_group_cores(const std::string &root) {
  std::ifstream groups(root + "/proc/self/cgroup");
  const std::string mount = root + "/sys/fs/cgroup";
  double least = kUnlimited;
  // Lines read hierarchy:controllers:group, with no controllers for version 2.
  for (std::string line; std::getline(groups, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), group = line.substr(second + 1);
    if (controllers.empty()) {
      least = std::min(least, least_limit(mount, group, read_unified));
    } else if (names_controller(controllers, "cpu")) {
      least = std::min(least, least_limit(mount + "/" + controllers, group, read_separate));
      least = std::min(least, least_limit(mount + "/cpu", group, read_separate));
    }
  }
  return least;
}

size_t usable_cores() {
  size_t cores = std::max(1u, std::thread::hardware_concurrency());
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) cores = static_cast<size_t>(CPU_COUNT(&set));
  // Part of a core counts as one: calls come in bursts that a quota seldom meets.
  const double allowed = std::ceil(control_group_cores(""));
  if (allowed < static_cast<double>(cores)) cores = std::max<size_t>(1, static_cast<size_t>(allowed));
#endif
  return cores;
}

}  // namespace brevis
