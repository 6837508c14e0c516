// A file in memory for reading, which remembers which file it was. Small files are read, large ones are mapped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace brevis {

class MappedFile {
 public:
  // Throws BRV_ERROR_NOT_FOUND when the file cannot be opened, BRV_ERROR_INVALID when it is no regular file.
  explicit MappedFile(const std::string &path);
  ~MappedFile();
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;

  const std::string &path() const { return path_; }
  const uint8_t *data() const { return data_; }
  size_t size() const { return size_; }

  // Up to so many bytes a file is read at once, which takes some tens of milliseconds; what happens to it later touches
  // nothing then.
  static constexpr size_t kReadWhole = size_t{64} << 20;

  // Throws BRV_ERROR_CHANGED when the path no longer leads to this very file, or its size or time of change differ.
  // Reading a mapping of a file that was cut raises SIGBUS, so every call and every token asks first; a large file that
  // is cut in between cannot be caught.
  void check_unchanged() const;

  // These bytes will not be read again: they leave resident memory, and of a file that was read they are lost.
  void release_pages(const uint8_t *begin, size_t length) const;

 private:
  struct Identity {
    uint64_t device = 0, inode = 0, size = 0;
    int64_t modified_seconds = 0, modified_nanoseconds = 0;
    bool operator==(const Identity &) const = default;
  };
  static bool identify(const std::string &path, Identity &identity);

  std::string path_;
  Identity identity_;
  const uint8_t *data_ = nullptr;
  size_t size_ = 0;
};

// Reads a whole small file; refuses one larger than `limit` bytes before reading it.
std::string read_text_file(const std::string &path, size_t limit);

}  // namespace brevis
