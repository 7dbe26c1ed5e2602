// Files that are written as a whole: what is wrong with them is told, and an older file stays until the new one is
// complete. It does not know what is in them.
#ifndef FUDSV_RUNTIME_FILES_H
#define FUDSV_RUNTIME_FILES_H

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace fudsv {

namespace {

std::string cannot_be_written(const std::string& path, int why) {
    return "`" + path + "` cannot be written" + (why ? std::string(": ") + std::strerror(why) : "");
}

/// Writes and closes; the error number of what went wrong, or 0.
int write_and_close(std::FILE* file, const std::vector<const std::string*>& parts) {
    if (!file) return errno ? errno : EIO;
    int wrong = 0;
    errno = 0;
    for (const std::string* const part : parts) {
        if (!wrong && std::fwrite(part->data(), 1, part->size(), file) != part->size()) wrong = errno ? errno : EIO;
    }
    if (std::fclose(file) != 0 && !wrong) wrong = errno ? errno : EIO;
    return wrong;
}

/// Writes a file from these parts: a regular file beside its name first, so that the one that was there is lost only to a
/// complete one. Says what went wrong, or nothing.
std::string write_whole(const std::string& path, const std::vector<const std::string*>& parts) {
    struct stat found {};
    const std::unique_ptr<char, void (*)(void*)> resolved{::realpath(path.c_str(), nullptr), std::free};
    const std::string target = resolved ? resolved.get() : path;
    const bool exists = ::stat(target.c_str(), &found) == 0;
    if (exists && !S_ISREG(found.st_mode)) {
        const int wrong = write_and_close(std::fopen(path.c_str(), "wb"), parts);
        return wrong ? cannot_be_written(path, wrong) : "";
    }
    if (exists && ::access(target.c_str(), W_OK) != 0) return cannot_be_written(path, errno);
    const std::string temporary = target + ".tmp" + std::to_string(::getpid());
    int wrong = write_and_close(std::fopen(temporary.c_str(), "wb"), parts);
    if (!wrong && exists) ::chmod(temporary.c_str(), found.st_mode & 07777);
    if (!wrong && std::rename(temporary.c_str(), target.c_str()) != 0) wrong = errno;
    if (!wrong) return "";
    ::unlink(temporary.c_str());
    return cannot_be_written(path, wrong);
}

/// Reads a file to its end; the error number of what went wrong, or 0.
int read_to_end(int file, std::string& text) {
    char block[65536];
    for (;;) {
        const ssize_t got = ::read(file, block, sizeof(block));
        if (got == 0) return 0;
        if (got > 0) {
            text.append(block, static_cast<size_t>(got));
        } else if (errno != EINTR) {
            return errno;
        }
    }
}

/// Whether a file of this size may be cut off by the limit of the process.
bool is_at_limit(size_t size) {
    struct rlimit limit {};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && size >= limit.rlim_cur;
}

/// Lets `write` fill a file of this name in memory, where no disk is full, and gives its text. An error number, or 0;
/// ENOSYS where there are no such files.
template <class Write>
int written_in_memory(const Write& write, std::string& text) {
#if defined(__linux__) && defined(SYS_memfd_create)
    const int file = static_cast<int>(::syscall(SYS_memfd_create, "fudsv", 1u));
    if (file < 0) return ENOSYS;
    const std::string name = "/proc/self/fd/" + std::to_string(file);
    int wrong = ENOSYS;
    if (::access(name.c_str(), W_OK) == 0) {
        write(name.c_str());
        wrong = ::lseek(file, 0, SEEK_SET) == 0 ? read_to_end(file, text) : errno;
        if (!wrong && is_at_limit(text.size())) wrong = EFBIG;
    }
    ::close(file);
    return wrong;
#else
    static_cast<void>(write);
    static_cast<void>(text);
    return ENOSYS;
#endif
}

/// Whether an FST file is a header, then blocks, to its very end: its writers do not look whether they could write.
bool is_whole_fst(const std::string& path) {
    constexpr unsigned char HEADER = 0, GEOMETRY = 3, SKIPPED = 255;
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return false;
    if (!S_ISREG(found.st_mode)) return true;  // nobody knows
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "rb"), std::fclose};
    if (!file) return true;
    const uint64_t size = static_cast<uint64_t>(found.st_size);
    bool geometry = false;
    for (uint64_t at = 0; at < size;) {
        unsigned char block[9];
        if (::fseeko(file.get(), static_cast<off_t>(at), SEEK_SET) != 0) return false;
        if (std::fread(block, 1, sizeof(block), file.get()) != sizeof(block)) return false;
        uint64_t length = 0;
        for (int n = 1; n < 9; ++n) length = length << 8 | block[n];
        if ((at == 0) != (block[0] == HEADER) || block[0] == SKIPPED) return false;
        if (length < 8 || length > size - at - 1) return false;
        geometry = geometry || block[0] == GEOMETRY;
        at += 1 + length;
    }
    return geometry;
}

}  // namespace

}  // namespace fudsv

#endif
