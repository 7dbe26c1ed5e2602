// The program of a `sim`: runs a model by its own delays until it ends, and says whether that went well.
// It knows the C interface of a model only, so that it is compiled once for all of them.

#include "fudsv_model.h"

#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <vector>

extern "C" std::FILE* __real_fopen(const char* path, const char* mode);

namespace {

const char* const usage =
    "usage: %s [--trace FILE] [--coverage FILE] [--verdict FILE] [--depfile FILE] [--max-time TIME] [--seed N] "
    "[--require-finish] [--max-errors N] [--trace-from TIME] [+PLUSARG…]\n";

/// What was asked for on the command line.
struct Request final {
    std::string trace;
    std::string coverage;
    std::string verdict;
    std::string depfile;
    uint64_t max_time = FUDSV_NEVER;
    uint64_t trace_from = 0;  // waves begin at this time
    uint64_t max_errors = 1;  // as Verilator's own main program; 0 for any number
    uint64_t seed = 0;
    bool is_seeded = false;
    bool requires_finish = false;
    std::vector<const char*> plusargs;
};

/// How a run came out.
struct Verdict final {
    const char* status = "passed";
    const char* kind = "idle";
    std::string message = "nothing is left to wait for, and there was no `$finish`";
    std::string file;
    int32_t line = 0;
    uint64_t time = 0;
    uint64_t errors = 0;

    bool passed() const { return std::strcmp(status, "passed") == 0; }
    bool is_idle() const { return std::strcmp(kind, "idle") == 0; }
};

volatile std::sig_atomic_t interrupted = 0;

/// What a run asked of the world beside its arguments, as far as that is seen: calls of the C library that the linker
/// sends here.
struct Asked final {
    std::set<std::string> read;       // files that were opened to be read
    std::set<std::string> absent;     // files that could not be opened
    std::set<std::string> written;    // files that were opened to be written
    std::set<std::string> variables;  // of the environment
    std::atomic<bool> ran_commands{false};  // by `$system`, which may do anything
    std::atomic<bool> drew_numbers{false};  // random ones, which follow the seed
    std::mutex mutex;  // a model may have threads
};

/// What ends the program asks for files and variables as well, so this outlives all that is destroyed.
Asked& asked() {
    static Asked& all = *new Asked;
    return all;
}

/// Notes that a file was opened. What the run wrote before is no input.
void note_opened(const char* path, bool is_open, bool reads, bool writes) {
    Asked& all = asked();
    const std::lock_guard<std::mutex> lock{all.mutex};
    const bool is_own = all.written.count(path) != 0;
    if (reads && !is_own) (is_open ? all.read : all.absent).insert(path);
    if (writes && is_open) all.written.insert(path);
}

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "error: %s\n", why.c_str());
    std::exit(2);
}

const char* kind_name(uint32_t kind) {
    switch (kind) {
    case FUDSV_KIND_FINISH: return "finish";
    case FUDSV_KIND_STOP: return "stop";
    case FUDSV_KIND_ERROR: return "error";
    case FUDSV_KIND_FATAL: return "fatal";
    case FUDSV_KIND_NOT_CONVERGED: return "not-converged";
    case FUDSV_KIND_MEMORY_FILE: return "memory-file";
    default: return "runtime";
    }
}

/// A whole number, all of the text.
bool parse_number(const char* text, uint64_t& number, const char** rest) {
    char* end = nullptr;
    errno = 0;
    number = std::strtoull(text, &end, 10);
    *rest = end;
    return end != text && *text != '-' && errno == 0;
}

/// `10us` in the units of the model's time, `10` is in these units already.
uint64_t parse_time(const char* option, const char* text, int32_t precision) {
    const std::string wrong = std::string("`") + option + " " + text + "` is not a time such as `10us`";
    const struct {
        const char* name;
        int32_t exponent;
    } units[] = {{"s", 0}, {"ms", -3}, {"us", -6}, {"ns", -9}, {"ps", -12}, {"fs", -15}};
    uint64_t number = 0;
    const char* rest = nullptr;
    if (!parse_number(text, number, &rest)) give_up(wrong);
    if (!*rest) return number;
    for (const auto& unit : units) {
        if (std::strcmp(rest, unit.name) != 0) continue;
        int32_t exponent = unit.exponent - precision;
        for (; exponent < 0; ++exponent) number /= 10;
        for (; exponent > 0; --exponent) {
            if (number > FUDSV_NEVER / 10) return FUDSV_NEVER;
            number *= 10;
        }
        return number;
    }
    give_up(wrong);
}

Request parse(int argc, char** argv, const fudsv_model_info& info) {
    Request request;
    const auto text = [&](int& at, const char* name, std::string& to) {
        const size_t length = std::strlen(name);
        if (std::strncmp(argv[at], name, length) != 0) return false;
        if (argv[at][length] == '=') {
            to = argv[at] + length + 1;
        } else if (argv[at][length] || at + 1 == argc) {
            return false;
        } else {
            to = argv[++at];
        }
        return true;
    };
    for (int at = 1; at < argc; ++at) {
        std::string value;
        const char* rest = nullptr;
        if (argv[at][0] == '+') {
            request.plusargs.push_back(argv[at]);
        } else if (std::strcmp(argv[at], "--require-finish") == 0) {
            request.requires_finish = true;
        } else if (text(at, "--max-time", value)) {
            request.max_time = parse_time("--max-time", value.c_str(), info.time_precision);
        } else if (text(at, "--trace-from", value)) {
            request.trace_from = parse_time("--trace-from", value.c_str(), info.time_precision);
        } else if (text(at, "--max-errors", value)) {
            if (!parse_number(value.c_str(), request.max_errors, &rest) || *rest) {
                give_up("`--max-errors " + value + "` is not a number");
            }
        } else if (text(at, "--seed", value)) {
            if (!parse_number(value.c_str(), request.seed, &rest) || *rest) {
                give_up("`--seed " + value + "` is not a seed: a whole number from 0 to 18446744073709551615");
            }
            request.is_seeded = true;
        } else if (!text(at, "--trace", request.trace) && !text(at, "--coverage", request.coverage)
                   && !text(at, "--verdict", request.verdict) && !text(at, "--depfile", request.depfile)) {
            std::fprintf(stderr, "error: `%s` is not understood\n", argv[at]);
            std::fprintf(stderr, usage, argv[0]);
            std::exit(2);
        }
    }
    return request;
}

void print(void*, const char* text, size_t size) {
    std::fwrite(text, 1, size, stdout);
    static bool hinted = false;
    if (!hinted && std::string(text, size).find("ignored, as Verilated without --trace") != std::string::npos) {
        hinted = true;
        std::fputs("hint: `fudsv run` writes waveforms with `--trace FILE.vcd` (or `.fst`); "
                   "a program does when it is built with `--set verilator.trace=vcd`\n",
                   stdout);
    }
    std::fflush(stdout);
}

/// Whether a name ends in this.
bool ends_in(const std::string& name, const char* end) {
    const size_t length = std::strlen(end);
    return name.size() >= length && name.compare(name.size() - length, length, end) == 0;
}

void check_built_for(const Request& request, const fudsv_model_info& info) {
    const bool vcd = info.features & FUDSV_FEATURE_TRACE_VCD;
    const bool fst = info.features & FUDSV_FEATURE_TRACE_FST;
    if (!request.trace.empty() && !vcd && !fst) {
        give_up("`--trace` needs a model that was built with `--set verilator.trace=vcd` or `=fst`");
    }
    if ((vcd && ends_in(request.trace, ".fst")) || (fst && ends_in(request.trace, ".vcd"))) {
        give_up("`" + request.trace + "` is not the format of this model, which was built with `verilator.trace="
                + (vcd ? "vcd`" : "fst`"));
    }
    if (!request.coverage.empty() && !(info.features & FUDSV_FEATURE_COVERAGE)) {
        give_up("`--coverage` needs a model that was built with `--set verilator.coverage=true`");
    }
}

/// One run of one model.
class Run final {
    const fudsv_api& m_api;
    const Request& m_request;
    fudsv_model* m_model = nullptr;
    bool m_is_traced = false;
    Verdict m_verdict;

    /// Fills the verdict from the last status of the model.
    void take(const char* status) {
        char file[4096] = "";
        char message[4096] = "";
        fudsv_status_info info{};
        info.struct_size = sizeof(info);
        info.file = file;
        info.file_size = sizeof(file);
        info.message = message;
        info.message_size = sizeof(message);
        m_api.status_info(m_model, &info);
        m_verdict.status = status;
        m_verdict.kind = kind_name(info.kind);
        m_verdict.message = message;
        m_verdict.file = file;
        m_verdict.line = info.line;
        m_verdict.errors = info.errors;
        note_time();
    }

    /// When that was.
    void note_time() {
        if (m_model) m_api.get_time(m_model, &m_verdict.time);
    }

    uint64_t errors() {
        fudsv_status_info info{};
        info.struct_size = sizeof(info);
        m_api.status_info(m_model, &info);
        return info.errors;
    }

    void fail(const char* status, const char* kind, const char* message) {
        m_verdict.status = status;
        m_verdict.kind = kind;
        m_verdict.message = message;
        note_time();
    }

    /// What a call came to; whether the run goes on. The first error is the one that is told, unless the run is ended
    /// by something worse.
    bool goes_on(int32_t status) {
        if (status == FUDSV_OK) return true;
        if (status == FUDSV_FINISHED) {
            if (m_verdict.passed()) take("passed");
            return false;
        }
        fudsv_status_info info{};
        info.struct_size = sizeof(info);
        m_api.status_info(m_model, &info);
        const bool ends = info.kind != FUDSV_KIND_ERROR && info.kind != FUDSV_KIND_MEMORY_FILE;
        if (ends || m_verdict.passed()) take("failed");
        return !ends && !(m_request.max_errors && info.errors >= m_request.max_errors);
    }

    /// What a call about a file came to; whether the run goes on. A file that cannot be written fails a run that passed.
    bool wrote(int32_t status) {
        if (status == FUDSV_OK) return true;
        if (m_verdict.passed()) take("failed");
        return false;
    }

    /// Opens the waveform file when its time has come, but after the first evaluation: by then the design has said by
    /// `$dumpfile` whether it is its own. Whether the run goes on.
    bool start_trace(uint64_t now) {
        if (m_is_traced || m_request.trace.empty() || now < m_request.trace_from) return true;
        m_is_traced = true;
        return wrote(m_api.trace_open(m_model, m_request.trace.c_str(), 0)) && wrote(m_api.trace_dump(m_model));
    }

    /// Evaluates until nothing waits, the design ends, or somebody ends it.
    bool loop() {
        for (uint64_t now = 0;;) {
            const bool was_traced = m_is_traced;
            const int32_t status = m_api.eval(m_model);
            const bool on = goes_on(status);
            const bool traced = start_trace(now);
            if (!on) {
                // An evaluation that was left in the middle added nothing.
                const bool adds = was_traced && status != FUDSV_FINISHED;
                if (adds && std::strcmp(m_verdict.kind, "runtime") != 0) wrote(m_api.trace_dump(m_model));
                return false;
            }
            if (!traced) return false;
            uint64_t next = FUDSV_NEVER;
            if (!goes_on(m_api.next_event(m_model, &next))) return false;
            if (interrupted) {
                fail("failed", "interrupted", "the run was interrupted");
                return false;
            }
            if (next == FUDSV_NEVER) return true;
            if (next > m_request.max_time) {
                if (m_verdict.passed()) fail("timeout", "max-time", "the design did not end by `--max-time`");
                return true;
            }
            now = next;
            m_api.set_time(m_model, next);
        }
    }

    /// A design that waits for nothing any more and has not said `$finish`.
    void judge_idle() {
        note_time();
        if (m_verdict.time == 0) {
            fail("failed", "idle", "nothing was tested: nothing in the design waits for a time, and there was no `$finish`");
        } else if (m_request.requires_finish) {
            fail("failed", "idle", "nothing is left to wait for, and there was no `$finish`");
        }
    }

    void open() {
        fudsv_options options{};
        options.struct_size = sizeof(options);
        options.argc = static_cast<uint32_t>(m_request.plusargs.size());
        options.argv = m_request.plusargs.data();
        options.seed = m_request.seed;
        options.is_seeded = m_request.is_seeded;
        options.output = print;
        if (m_api.create(&options, &m_model) != FUDSV_OK) {
            take("failed");
        }
    }

public:
    Run(const fudsv_api& api, const Request& request)
        : m_api{api}
        , m_request{request} {}

    Verdict run() {
        open();
        if (!m_model) return m_verdict;
        loop();
        if (m_verdict.is_idle()) judge_idle();
        goes_on(m_api.final(m_model));
        m_verdict.errors = errors();
        wrote(m_api.trace_close(m_model));
        if (!m_request.coverage.empty()) wrote(m_api.coverage_write(m_model, m_request.coverage.c_str()));
        const int32_t destroyed = m_api.destroy(m_model);
        m_model = nullptr;
        if (destroyed < 0) wrote(destroyed);
        return m_verdict;
    }
};

/// A JSON string. What the design printed may be any bytes; those above 127 are passed on.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof(escaped), "\\u%04x", c);
            out += escaped;
        } else {
            out += c;
        }
    }
    return out + "\"";
}

/// A time of the model as people write it: `35ns`, a whole number in the largest unit.
std::string time_text(uint64_t time, int32_t precision) {
    if (time == 0) return "0s";
    for (; time % 10 == 0 && precision < 0; ++precision) time /= 10;
    for (; precision % 3 != 0; --precision) time *= 10;
    const char* const units[] = {"s", "ms", "us", "ns", "ps", "fs"};
    return std::to_string(time) + units[-precision / 3];
}

/// Replaces a file as a whole.
void write_file(const std::string& path, const std::string& text) {
    const std::string temporary = path + ".tmp";
    std::FILE* const file = __real_fopen(temporary.c_str(), "w");
    const bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const bool closed = file && std::fclose(file) == 0;
    if (!written || !closed || std::rename(temporary.c_str(), path.c_str()) != 0) {
        std::remove(temporary.c_str());
        give_up("`" + path + "` cannot be written");
    }
}

/// A member of the object that is a list of texts.
std::string list(const char* name, const std::set<std::string>& texts) {
    std::string out = std::string(", \"") + name + "\": [";
    for (const std::string& text : texts) out += (out.back() == '[' ? "" : ", ") + quoted(text);
    return out + "]";
}

/// The most memory that this program had, in KiB; 0 where that is not known. What the system counts includes the program
/// that started this one.
uint64_t peak_memory() {
    std::FILE* const file = __real_fopen("/proc/self/status", "r");
    if (!file) return 0;
    char line[256];
    unsigned long long peak = 0;
    while (std::fgets(line, sizeof(line), file) && std::sscanf(line, "VmHWM: %llu", &peak) != 1) {}
    std::fclose(file);
    return peak;
}

/// What the run asked of the world. `sees_all` unless there is code of the user's own, which may do what is not seen.
std::string json(const Asked& all, bool sees_all) {
    const auto flag = [](const char* name, bool is_so) {
        return std::string(", \"") + name + "\": " + (is_so ? "true" : "false");
    };
    return list("read", all.read) + list("absent", all.absent) + list("written", all.written)
           + list("variables", all.variables) + flag("ran-commands", all.ran_commands)
           + flag("drew-numbers", all.drew_numbers) + flag("sees-all", sees_all)
           + ", \"peak-memory\": " + std::to_string(peak_memory());
}

std::string json(const Verdict& verdict, const std::string& time, const Request& request, bool sees_all) {
    const std::string seed = request.is_seeded ? ", \"seed\": " + std::to_string(request.seed) : "";
    return std::string("{\"status\": \"") + verdict.status + "\", \"kind\": \"" + verdict.kind + "\", \"message\": "
           + quoted(verdict.message) + ", \"file\": " + quoted(verdict.file)
           + ", \"line\": " + std::to_string(verdict.line) + ", \"time\": \"" + time
           + "\", \"errors\": " + std::to_string(verdict.errors) + seed + json(asked(), sees_all) + "}\n";
}

/// The files that were read, and those that would have been: one that appears is a change.
std::string depfile() {
    std::string text = "run:";
    for (const auto* files : {&asked().read, &asked().absent}) {
        for (const std::string& file : *files) {
            text += " \\\n  ";
            for (const char c : file) {
                if (c == ' ' || c == '#') text += '\\';
                if (c == '$') text += '$';
                text += c;
            }
        }
    }
    return text + "\n";
}

/// One line for a person, when nobody reads the verdict's file.
void say(const Verdict& verdict, const std::string& time) {
    if (verdict.passed()) return;
    std::string place = verdict.file;
    if (verdict.line) place += ":" + std::to_string(verdict.line);
    if (!place.empty()) place += ": ";
    std::fprintf(stderr, "%s: %s%s: %s (after %s, errors: %llu)\n", verdict.status, place.c_str(), verdict.kind,
                 verdict.message.c_str(), time.c_str(), static_cast<unsigned long long>(verdict.errors));
}

}  // namespace

extern "C" {

// Every call of these functions in the program comes here: the linker is told so.

std::FILE* __real_fopen(const char* path, const char* mode);
int __real_open(const char* path, int flags, ...);
char* __real_getenv(const char* name);
int __real_system(const char* command);

std::FILE* __wrap_fopen(const char* path, const char* mode) {
    std::FILE* const file = __real_fopen(path, mode);
    const bool both = std::strchr(mode, '+') != nullptr;
    const int error = errno;
    note_opened(path, file, mode[0] == 'r', mode[0] != 'r' || both);
    errno = error;
    return file;
}

std::FILE* __wrap_fopen64(const char* path, const char* mode) { return __wrap_fopen(path, mode); }

int __wrap_open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const int mode = flags & O_CREAT ? va_arg(more, int) : 0;
    va_end(more);
    const int file = __real_open(path, flags, mode);
    const int access = flags & O_ACCMODE;
    const int error = errno;
    note_opened(path, file >= 0, access != O_WRONLY && !(flags & O_TRUNC), access != O_RDONLY);
    errno = error;
    return file;
}

char* __wrap_getenv(const char* name) {
    {
        const std::lock_guard<std::mutex> lock{asked().mutex};
        asked().variables.insert(name);
    }
    return __real_getenv(name);
}

int __wrap_system(const char* command) {
    if (command) asked().ran_commands = true;
    return __real_system(command);
}

// Verilator's generator of random numbers, by the names that it has in one version or another.
uint64_t __real__Z9vl_rand64v() __attribute__((weak));
uint64_t __real__ZN5VlRNG23vl_current_rng_rand64Ev() __attribute__((weak));

uint64_t __wrap__Z9vl_rand64v() {
    asked().drew_numbers.store(true, std::memory_order_relaxed);
    return __real__Z9vl_rand64v();
}

uint64_t __wrap__ZN5VlRNG23vl_current_rng_rand64Ev() {
    asked().drew_numbers.store(true, std::memory_order_relaxed);
    return __real__ZN5VlRNG23vl_current_rng_rand64Ev();
}
}

int main(int argc, char** argv) {
    const fudsv_api* const api = fudsv_get_api(FUDSV_ABI_VERSION);
    const Request request = parse(argc, argv, *api->info);
    check_built_for(request, *api->info);
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    action.sa_flags = SA_RESETHAND;  // the second one ends the program
    std::signal(SIGXFSZ, SIG_IGN);   // a file that gets too large is an error like a disk that is full
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    const Verdict verdict = Run{*api, request}.run();
    const std::string time = time_text(verdict.time, api->info->time_precision);
    if (!request.depfile.empty()) write_file(request.depfile, depfile());
    if (request.verdict.empty()) {
        say(verdict, time);
    } else {
        write_file(request.verdict, json(verdict, time, request, api->info->dpi_import_count == 0));
    }
    return verdict.passed() ? 0 : interrupted ? 130 : 1;
}
