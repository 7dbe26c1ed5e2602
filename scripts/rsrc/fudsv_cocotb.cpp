// Notes what the design of a program for cocotb asks of the world: files, variables and commands. The linker sends these
// calls here; those of Python and of libraries are others.
// It does not write the notes: Python asks for them, since the program ends in cocotb's own main.

#include <fcntl.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>

namespace {

std::mutex mutex;  // a model may have threads
std::set<std::string> notes;

void note(const char* what, const char* text) {
    const std::lock_guard<std::mutex> lock{mutex};
    notes.insert(std::string(what) + ' ' + (text ? text : ""));
}

void note_opened(const char* path, bool is_open, bool reads, bool writes) {
    if (reads) note(is_open ? "read" : "absent", path);
    if (writes && is_open) note("written", path);
}

std::FILE* noted(const char* path, const char* mode, std::FILE* file) {
    const bool both = std::strchr(mode, '+') != nullptr;
    const bool reads = mode[0] == 'r';
    note_opened(path, file != nullptr, reads, !reads || both);
    return file;
}

}  // namespace

extern "C" {

std::FILE* __real_fopen(const char* path, const char* mode);
std::FILE* __real_fopen64(const char* path, const char* mode);
int __real_open(const char* path, int flags, ...);
char* __real_getenv(const char* name);
int __real_system(const char* command);

std::FILE* __wrap_fopen(const char* path, const char* mode) {
    return noted(path, mode, __real_fopen(path, mode));
}

std::FILE* __wrap_fopen64(const char* path, const char* mode) {
    return noted(path, mode, __real_fopen64(path, mode));
}

int __wrap_open(const char* path, int flags, ...) {
    std::va_list rest;
    va_start(rest, flags);
    const int mode = va_arg(rest, int);
    va_end(rest);
    const int file = __real_open(path, flags, mode);
    const int access = flags & O_ACCMODE;
    const bool empties = (flags & O_TRUNC) != 0;
    note_opened(path, file >= 0, access != O_WRONLY && !empties, access != O_RDONLY);
    return file;
}

char* __wrap_getenv(const char* name) {
    note("variable", name);
    return __real_getenv(name);
}

int __wrap_system(const char* command) {
    note("command", command);
    return __real_system(command);
}

/// What was noted so far: a word and a text in each line.
const char* fudsv_cocotb_notes(void) {
    static std::string text;
    const std::lock_guard<std::mutex> lock{mutex};
    text.clear();
    for (const std::string& one : notes) text += one + '\n';
    return text.c_str();
}

}  // extern "C"
