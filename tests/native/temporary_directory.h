// A directory for one test, and files in the safetensors format to put there.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "brevis-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory &) = delete;
  TemporaryDirectory &operator=(const TemporaryDirectory &) = delete;

  std::string path() const { return path_; }
  std::string path(const std::string &name) const { return path_ + "/" + name; }
  void write(const std::string &name, const std::string &bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
  }
  void copy_from(const std::string &directory) const {
    for (const auto &entry : std::filesystem::directory_iterator(directory)) {
      if (!entry.is_regular_file()) continue;
      const std::filesystem::path to = std::filesystem::path(path_) / entry.path().filename();
      std::filesystem::copy_file(entry.path(), to, std::filesystem::copy_options::overwrite_existing);
    }
  }

 private:
  std::string path_;
};

inline std::string read_file(const std::string &path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

// A file of this header and so many zero bytes of data.
inline std::string safetensors(const std::string &header, size_t data_bytes) {
  const uint64_t size = header.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &size, sizeof size);
  return out + header + std::string(data_bytes, '\0');
}
