#include "io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "error.h"

namespace brevis {
namespace {

[[noreturn]] void fail_reading(const std::string &path, int error) {
  throw EngineError(BRV_ERROR_NOT_FOUND, path + ": expected a readable file, but: " + std::strerror(error));
}

// False where the file ends before `size` bytes.
bool read_whole(int descriptor, uint8_t *to, size_t size) {
  while (size > 0) {
    const ssize_t count = ::read(descriptor, to, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    to += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

class Descriptor {
 public:
  explicit Descriptor(const std::string &path) : value_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (value_ < 0) fail_reading(path, errno);
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  int value() const { return value_; }

 private:
  int value_;
};

}  // namespace

MappedFile::MappedFile(const std::string &path) : path_(path) {
  const Descriptor descriptor(path);
  struct stat status;
  if (::fstat(descriptor.value(), &status) != 0) fail_reading(path, errno);
  if (!S_ISREG(status.st_mode)) fail_invalid(path + ": expected a regular file");
  size_ = static_cast<size_t>(status.st_size);
  if (size_ > 0) {
    const bool small = size_ <= kReadWhole;
    void *memory = small ? ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                         : ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor.value(), 0);
    if (memory == MAP_FAILED) fail_reading(path, errno);
    data_ = static_cast<const uint8_t *>(memory);
    if (small && !read_whole(descriptor.value(), static_cast<uint8_t *>(memory), size_)) {
      ::munmap(memory, size_);
      throw EngineError(BRV_ERROR_CHANGED, path + ": the file was cut while it was being opened");
    }
  }
  // By path, after mapping: whatever happens to the path from here on is noticed.
  if (!identify(path, identity_) || identity_.inode != static_cast<uint64_t>(status.st_ino)) {
    if (data_ != nullptr) ::munmap(const_cast<uint8_t *>(data_), size_);
    throw EngineError(BRV_ERROR_CHANGED, path + ": the file was replaced while it was being opened");
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<uint8_t *>(data_), size_);
}

bool MappedFile::identify(const std::string &path, Identity &identity) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return false;
#if defined(__APPLE__)
  const timespec modified = status.st_mtimespec;
#else
  const timespec modified = status.st_mtim;
#endif
  identity = {static_cast<uint64_t>(status.st_dev), static_cast<uint64_t>(status.st_ino),
              static_cast<uint64_t>(status.st_size), static_cast<int64_t>(modified.tv_sec),
              static_cast<int64_t>(modified.tv_nsec)};
  return true;
}

void MappedFile::check_unchanged() const {
  Identity now;
  if (identify(path_, now) && now == identity_) return;
  throw EngineError(BRV_ERROR_CHANGED, path_ +
                                           ": expected the file that was opened, but it was replaced, rewritten or "
                                           "removed since; close the model and open it again");
}

void MappedFile::release_pages(const uint8_t *begin, size_t length) const {
  const size_t page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const size_t first = (static_cast<size_t>(begin - data_) + page - 1) / page * page;
  const size_t last = (static_cast<size_t>(begin - data_) + length) / page * page;
  if (last > first) ::madvise(const_cast<uint8_t *>(data_) + first, last - first, MADV_DONTNEED);
}

std::string read_text_file(const std::string &path, size_t limit) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) fail_reading(path, errno);
  if (!S_ISREG(status.st_mode)) fail_invalid(path + ": expected a regular file");
  if (static_cast<uint64_t>(status.st_size) > limit) {
    fail_invalid(path + ": expected at most " + std::to_string(limit) + " bytes, got " +
                 std::to_string(status.st_size));
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(static_cast<size_t>(status.st_size), '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(text.size()))) {
    fail_invalid(path + ": expected " + std::to_string(text.size()) + " bytes, but the file ended early");
  }
  return text;
}

}  // namespace brevis
