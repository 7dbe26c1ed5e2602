// What a model is beside its class: its Verilator context, what happened in it, and which thread runs it.
// It does not know how the class is called.
#ifndef FUDSV_RUNTIME_CONTEXT_H
#define FUDSV_RUNTIME_CONTEXT_H

#include "../fudsv_runtime.h"
#include "gate.h"

#include <atomic>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <new>
#include <thread>

namespace fudsv {

/// Thrown by the hooks to leave an evaluation. Never seen outside `enter`.
struct Leave final {};

/// What happened, in words.
struct Event final {
    int32_t status = FUDSV_OK;
    uint32_t kind = FUDSV_KIND_NONE;
    int32_t line = 0;
    std::string file;
    std::string message;
};

/// A Verilator context of one model, with what the hooks need to know.
class Context final : public VerilatedContext {
public:
    /// Zeroed: Verilator saves a part of a context as it lies in memory, gaps included.
    static void* operator new(size_t size) {
        if (void* const memory = std::calloc(1, size)) return memory;
        throw std::bad_alloc{};
    }
    static void operator delete(void* memory) { std::free(memory); }

    Event last;                        ///< the last thing that was not FUDSV_OK
    int32_t call_status = FUDSV_OK;    ///< of the call in progress: the worst so far
    int32_t ended = FUDSV_OK;          ///< not 0 once evaluating again is pointless
    bool halfway = false;              ///< an evaluation was left in the middle
    bool final_ran = false;
    uint64_t errors = 0;
    uint64_t warnings = 0;
    std::string printed;               ///< the last text that was printed, to tell `$fatal`, `$error` and `$stop` apart
    fudsv_output_fn output = nullptr;
    void* user = nullptr;
    bool timing = false;               ///< a throw cannot cross a coroutine: jump instead
    std::jmp_buf* landing = nullptr;
    Gate gate;
    const Design* design = nullptr;
    fudsv_model* model = nullptr;
    bool threaded = false;             ///< the model runs in several threads: none of them can be left
    std::thread::id owner;             ///< of a threaded model
    uint32_t callbacks = 0;            ///< how many DPI functions of the host are running, one inside the other
    std::mutex dpi_mutex;              ///< DPI functions of a threaded model may run side by side
    std::atomic<bool> dpi_failed{false};
    std::atomic<uint32_t> dpi_failure_index{0};
    std::string dpi_failure;           ///< why a DPI function of the host failed
    const std::string* written = nullptr;  ///< the waveform file that the host asked for, while it is written
    bool is_file_call = false;         ///< the call is about a file: what goes wrong with it does not end the model
    std::string file_failure;          ///< what went wrong with a file in such a call
};

namespace {

/// What a thread is doing. One variable: finding one of a shared library takes about as long as evaluating a counter.
struct Thread final {
    Context* current = nullptr;         ///< whose model it is running
    VerilatedContext* known = nullptr;  ///< the context that Verilator has for it
};

thread_local Thread this_thread;
/// Why the last `create` or `destroy` of this thread failed, which leave no model to ask.
thread_local Event life_failure;

std::mutex& library_mutex() {
    static std::mutex* const mutex = new std::mutex;  // never destroyed: models may outlive static destructors
    return *mutex;
}

/// Models that cannot be taken apart, kept reachable.
fudsv_model* leaked = nullptr;

void emit(const char* text, size_t size) {
    if (this_thread.current && this_thread.current->output) {
        this_thread.current->output(this_thread.current->user, text, size);
    } else {
        std::fwrite(text, 1, size, stdout);
    }
}

void record(Context& context, int32_t status, uint32_t kind, const char* file, int line, std::string message) {
    if (status <= context.call_status) return;
    context.call_status = status;
    context.last = Event{status, kind, line, file ? file : "", std::move(message)};
}

[[noreturn]] void leave(Context& context) {
    context.halfway = true;
    if (context.landing) std::longjmp(*context.landing, 1);
    throw Leave{};
}

}  // namespace

}  // namespace fudsv

#endif
