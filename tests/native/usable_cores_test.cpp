#include "ops/usable_cores.h"

#include <sys/stat.h>

#include <cmath>

#include "check.h"
#include "temporary_directory.h"

namespace {

// A file system of some files below one directory.
class FakeRoot {
 public:
  void write(const std::string &path, const std::string &text) {
    for (size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
      mkdir((root_.path() + path.substr(0, at)).c_str(), 0777);
    }
    root_.write(path.substr(1), text);
  }
  double cores() const { return brevis::control_group_cores(root_.path()); }

 private:
  TemporaryDirectory root_;
};

}  // namespace

TEST(nothing_limits_without_control_groups) {
  CHECK(std::isinf(FakeRoot().cores()));
  FakeRoot root;
  root.write("/proc/self/cgroup", "0::/\n");
  CHECK(std::isinf(root.cores()));
  root.write("/sys/fs/cgroup/cpu.max", "max 100000\n");
  CHECK(std::isinf(root.cores()));
}

TEST(version_2_gives_the_least_of_a_group_and_those_around_it) {
  FakeRoot root;
  root.write("/proc/self/cgroup", "0::/pod/container\n");
  root.write("/sys/fs/cgroup/pod/container/cpu.max", "max 100000\n");
  root.write("/sys/fs/cgroup/pod/cpu.max", "150000 100000\n");
  CHECK_EQUAL(root.cores(), 1.5);
  root.write("/sys/fs/cgroup/pod/container/cpu.max", "50000 100000\n");
  CHECK_EQUAL(root.cores(), 0.5);
}

TEST(a_path_of_the_host_is_not_to_be_seen_but_its_top_is) {
  FakeRoot root;
  root.write("/proc/self/cgroup", "0::/system.slice/docker-1.scope\n");
  root.write("/sys/fs/cgroup/cpu.max", "200000 100000\n");
  CHECK_EQUAL(root.cores(), 2.0);
}

TEST(version_1_reads_quota_and_period) {
  FakeRoot root;
  root.write("/proc/self/cgroup", "7:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n");
  root.write("/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us", "300000\n");
  root.write("/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us", "100000\n");
  CHECK_EQUAL(root.cores(), 3.0);
  root.write("/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us", "-1\n");
  CHECK(std::isinf(root.cores()));
}

TEST(nonsense_limits_nothing) {
  FakeRoot root;
  root.write("/proc/self/cgroup", "nonsense\n::\n0::/\n3:cpu:/x\n");
  root.write("/sys/fs/cgroup/cpu.max", "-5 100000\n");
  root.write("/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "many\n");
  CHECK(std::isinf(root.cores()));
  CHECK(brevis::usable_cores() >= 1);
}
