// What every model of fudsv does beside simulating: it never ends its host, keeps its own context, and answers the
// calls of `fudsv_api` by index. Compiled once for a Verilator and a compiler, next to Verilator's own runtime.

#include "fudsv_dpi.h"
#include "fudsv_gate.h"
#include "fudsv_runtime.h"
#include "verilated_syms.h"

#include <algorithm>
#include <atomic>
#include <csetjmp>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

namespace fudsv {

namespace {

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

}  // namespace

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
    bool timing = false;               ///< a throw can't cross a coroutine: jump instead
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
};

namespace {

/// What a thread is doing. One variable: finding one of a shared library takes about as long as evaluating a counter.
struct Thread final {
    Context* current = nullptr;         ///< whose model it is running
    VerilatedContext* known = nullptr;  ///< the context that Verilator has for it
};

thread_local Thread this_thread;
/// Why the last `create` of this thread failed.
thread_local Event create_failure;

std::mutex& library_mutex() {
    static std::mutex* const mutex = new std::mutex;  // never destroyed: models may outlive static destructors
    return *mutex;
}

/// Models that can't be taken apart, kept reachable.
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

/// The last path component.
const char* base_name(const char* file) {
    const char* const slash = std::strrchr(file, '/');
    return slash ? slash + 1 : file;
}

/// What stands behind `%Error: ends.sv:20: ` or `%Fatal: ends.sv:20: ` in a printed line, or null.
const char* complaint_at(const std::string& printed, const char* word, const char* file, int line) {
    const std::string start = std::string(word) + base_name(file) + ":" + std::to_string(line) + ": ";
    const size_t at = printed.find(start);
    if (at == std::string::npos || (at > 0 && printed[at - 1] != ' ')) return nullptr;
    return printed.c_str() + at + start.size();
}

/// `Assertion failed in top.u: words` is about the words.
std::string words_of(const char* complaint) {
    std::string text(complaint);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const char* const prefix = "Assertion failed in ";
    if (text.compare(0, std::strlen(prefix), prefix) != 0) return text;
    const size_t colon = text.find(": ");
    return colon == std::string::npos || colon + 2 == text.size() ? text : text.substr(colon + 2);
}

bool is_fatal_place(const Context& context, const char* file, int line) {
    const FatalPlace* const places = context.design->fatal_places;
    return std::any_of(places, places + context.design->fatal_place_count, [&](const FatalPlace& place) {
        return place.line == line && std::strcmp(place.file, file) == 0;
    });
}

void on_finish(const char* file, int line) {
    this_thread.current->gotFinish(true);
    this_thread.current->ended = std::max<int32_t>(this_thread.current->ended, FUDSV_FINISHED);
    record(*this_thread.current, FUDSV_FINISHED, FUDSV_KIND_FINISH, file, line, "$finish");
}

void on_error(const char* file, int line, std::string message) {
    record(*this_thread.current, FUDSV_STOPPED, FUDSV_KIND_ERROR, file, line, std::move(message));
    ++this_thread.current->errors;
}

[[noreturn]] void on_fatal(uint32_t kind, const char* file, int line, std::string message) {
    this_thread.current->gotError(true);
    this_thread.current->gotFinish(true);
    this_thread.current->ended = FUDSV_FATAL;
    record(*this_thread.current, FUDSV_FATAL, kind, file, line, std::move(message));
    leave(*this_thread.current);
}

/// `$error`, a failed assertion, `$fatal` and `$stop` all come here; the text printed before says which it was.
void on_stop(const char* file, int line) {
    const std::string printed = std::move(this_thread.current->printed);
    this_thread.current->printed.clear();
    if (const char* const fatal = complaint_at(printed, "%Fatal: ", file, line)) {
        on_fatal(FUDSV_KIND_FATAL, file, line, words_of(fatal));
    }
    if (const char* const error = complaint_at(printed, "%Error: ", file, line)) {
        if (is_fatal_place(*this_thread.current, file, line)) on_fatal(FUDSV_KIND_FATAL, file, line, words_of(error));
        return on_error(file, line, words_of(error));
    }
    this_thread.current->gotFinish(true);
    this_thread.current->ended = std::max<int32_t>(this_thread.current->ended, FUDSV_STOPPED);
    record(*this_thread.current, FUDSV_STOPPED, FUDSV_KIND_STOP, file, line, "$stop");
    leave(*this_thread.current);
}

void on_warning(const char* file, int line, const char* message) {
    std::string text = "%Warning: ";
    if (file && *file) text += std::string(file) + ":" + std::to_string(line) + ": ";
    text += std::string(message) + "\n";
    emit(text.data(), text.size());
    ++this_thread.current->warnings;
    if (std::strcmp(message, "$readmem file not found") != 0) return;
    record(*this_thread.current, FUDSV_STOPPED, FUDSV_KIND_MEMORY_FILE, file, line, message);
    ++this_thread.current->errors;
}

/// A hook that finds no model: something of ours called the runtime outside `enter`.
[[noreturn]] void no_model(const char* message) {
    std::fprintf(stderr, "fudsv: outside of any model: %s\n", message);
    throw std::logic_error(message);
}

}  // namespace

}  // namespace fudsv

extern "C" int fudsv_printf(const char* format, ...) {
    va_list list;
    va_start(list, format);
    va_list again;
    va_copy(again, list);
    const int size = std::vsnprintf(nullptr, 0, format, list);
    va_end(list);
    if (size > 0) {
        std::string text(static_cast<size_t>(size), '\0');
        std::vsnprintf(&text[0], text.size() + 1, format, again);
        fudsv::emit(text.data(), text.size());
        if (fudsv::this_thread.current) fudsv::this_thread.current->printed = std::move(text);
    }
    va_end(again);
    return size;
}

void vl_finish(const char* filename, int linenum, const char*) VL_MT_UNSAFE {
    if (!fudsv::this_thread.current) fudsv::no_model("$finish");
    fudsv::on_finish(filename, linenum);
}

void vl_stop(const char* filename, int linenum, const char*) VL_MT_UNSAFE {
    if (!fudsv::this_thread.current) fudsv::no_model("$stop");
    fudsv::on_stop(filename, linenum);
}

void vl_fatal(const char* filename, int linenum, const char*, const char* msg) VL_MT_UNSAFE {
    if (!fudsv::this_thread.current) fudsv::no_model(msg);
    const bool converged = std::strstr(msg, "converge") == nullptr;
    fudsv::on_fatal(converged ? FUDSV_KIND_RUNTIME : FUDSV_KIND_NOT_CONVERGED, filename, linenum, msg);
}

void vl_warn(const char* filename, int linenum, const char*, const char* msg) VL_MT_UNSAFE {
    if (!fudsv::this_thread.current) fudsv::no_model(msg);
    fudsv::on_warning(filename, linenum, msg);
}

namespace fudsv {

namespace {

/// Makes a context Verilator's for this thread.
VL_ATTR_NOINLINE void make_known(Thread& thread, Context& context) {
    Verilated::threadContextp(&context);
    thread.known = &context;
}

/// Runs `body` so that `leave` may jump out of it. Kept apart: locals of this frame are lost.
template <class Body>
VL_ATTR_NOINLINE void landing_strip(Context& context, const Body& body) {
    std::jmp_buf landing;
    context.landing = &landing;
    if (setjmp(landing) == 0) body();
    context.landing = nullptr;
}

void poison(Context& context, const char* what) {
    context.ended = FUDSV_FATAL;
    context.halfway = true;
    record(context, FUDSV_FATAL, FUDSV_KIND_RUNTIME, "", 0, what);
}

/// What a DPI function of a threaded model said, when all threads have come to the end of the evaluation.
void end_by_dpi(Context& context) {
    const fudsv_dpi_function& function = context.design->info->dpi_imports[context.dpi_failure_index];
    context.dpi_failed = false;
    context.ended = FUDSV_FATAL;
    record(context, FUDSV_FATAL, FUDSV_KIND_DPI, function.file, function.line, std::move(context.dpi_failure));
}

/// Puts in order what a call that was not FUDSV_OK has left behind.
VL_ATTR_NOINLINE void settle(Context& context) {
    context.callbacks = 0;
    context.landing = nullptr;
    if (context.halfway) Verilated::mtaskId(0);  // what other models print would wait for the end of this one's task
    if (context.dpi_failed) end_by_dpi(context);
}

/// The only way into Verilator's code: nothing that happens in `body` gets out, except as a status.
template <class Body>
int32_t enter(Context& context, const Body& body) noexcept {
    if (context.threaded && context.owner != std::this_thread::get_id()) return FUDSV_ETHREAD;
    Thread& thread = this_thread;
    if (!context.gate.enter(&thread)) return FUDSV_ETHREAD;
    Context* const outer = thread.current;  // an output callback may run another model
    thread.current = &context;
    if (thread.known != &context) make_known(thread, context);
    context.call_status = FUDSV_OK;
    try {
        try {
            if (context.timing) {
                landing_strip(context, body);
            } else {
                body();
            }
        } catch (const Leave&) {
        }
        if (context.call_status != FUDSV_OK || context.dpi_failed) settle(context);
    } catch (const std::exception& error) {
        poison(context, error.what());
        settle(context);
    } catch (...) {
        poison(context, "an exception of unknown type");
        settle(context);
    }
    thread.current = outer;
    if (outer) make_known(thread, *outer);
    const int32_t status = context.call_status;
    context.gate.leave();
    return status;
}

/// What a model that has ended says to every call that would run it, or FUDSV_OK.
int32_t refused(const fudsv_model* model) {
    if (!model) return FUDSV_EINVAL;
    const int32_t ended = model->context->ended;
    return ended == FUDSV_FATAL ? FUDSV_EPOISONED : ended;
}

/// A port and where one of its elements is.
struct Place final {
    const fudsv_port* port = nullptr;
    char* storage = nullptr;
    int32_t status = FUDSV_OK;
};

/// A port or, behind them, a probe; null if there is none with this index.
const fudsv_port* port_at(const fudsv_model_info& info, uint32_t index) {
    if (index < info.port_count) return &info.ports[index];
    const uint32_t probe = index - info.port_count;
    return probe < info.probe_count ? &info.probes[probe] : nullptr;
}

Place find(const fudsv_model* model, uint32_t index, uint32_t element, uint32_t kind) {
    Place place;
    if (!model) {
        place.status = FUDSV_EINVAL;
    } else if (!(place.port = port_at(*model->design->info, index))) {
        place.status = FUDSV_ENOPORT;
    } else {
        if (element >= place.port->elements) place.status = FUDSV_ENOPORT;
        if (place.port->kind != kind) place.status = FUDSV_ETYPE;
        place.storage = static_cast<char*>(model->storage[index]) + size_t{element} * place.port->storage;
    }
    return place;
}

Place find_to_set(const fudsv_model* model, uint32_t index, uint32_t element, uint32_t kind) {
    Place place = find(model, index, element, kind);
    if (place.status != FUDSV_OK) return place;
    if (model->context->ended == FUDSV_FATAL) place.status = FUDSV_EPOISONED;
    if (!(place.port->flags & FUDSV_PORT_SETTABLE)) {
        place.status = place.port->direction == FUDSV_INOUT ? FUDSV_ENOTSUP : FUDSV_EDIR;
    }
    return place;
}

bool is_signed(const fudsv_port& port) { return port.flags & FUDSV_PORT_SIGNED; }

uint64_t load(const Place& place) {
    switch (place.port->storage) {
    case 1: return *reinterpret_cast<const CData*>(place.storage);
    case 2: return *reinterpret_cast<const SData*>(place.storage);
    case 4: return *reinterpret_cast<const IData*>(place.storage);
    default: return *reinterpret_cast<const QData*>(place.storage);
    }
}

void store(const Place& place, uint64_t value) {
    const uint32_t width = place.port->width;
    if (width < 64) value &= (UINT64_C(1) << width) - 1;
    switch (place.port->storage) {
    case 1: *reinterpret_cast<CData*>(place.storage) = static_cast<CData>(value); break;
    case 2: *reinterpret_cast<SData*>(place.storage) = static_cast<SData>(value); break;
    case 4: *reinterpret_cast<IData*>(place.storage) = static_cast<IData>(value); break;
    default: *reinterpret_cast<QData*>(place.storage) = value; break;
    }
}

/// The value of a port of at most 64 bits, extended by its sign.
uint64_t value_of(const Place& place) {
    const uint32_t width = place.port->width;
    const uint64_t value = load(place);
    if (width >= 64) return value;
    const uint64_t sign = UINT64_C(1) << (width - 1);
    const uint64_t bits = value & (sign | (sign - 1));
    return is_signed(*place.port) ? (bits ^ sign) - sign : bits;
}

void copy_text(char* to, size_t size, const std::string& from) {
    if (!to || !size) return;
    const size_t length = std::min(size - 1, from.size());
    std::memcpy(to, from.data(), length);
    to[length] = '\0';
}

/// The words of `value`, filled up with `fill`, as many as the port has.
int32_t set_filled(const Place& place, const uint32_t* words, size_t count, uint32_t fill) {
    std::vector<uint32_t> all(std::max<size_t>(place.port->words, 2), fill);
    std::copy_n(words, std::min(count, all.size()), all.begin());
    if (place.port->width > 64) {
        write_words(reinterpret_cast<EData*>(place.storage), all.data(), place.port->width);
    } else {
        store(place, all[0] | uint64_t{all[1]} << 32);
    }
    return FUDSV_OK;
}

int32_t get_u64(fudsv_model* model, uint32_t port, uint32_t element, uint64_t* value) noexcept {
    const Place place = find(model, port, element, FUDSV_BITS);
    if (!value) return FUDSV_EINVAL;
    if (place.status != FUDSV_OK) return place.status;
    if (place.port->width > 64) return FUDSV_EWIDTH;
    *value = value_of(place);
    return FUDSV_OK;
}

int32_t get_i64(fudsv_model* model, uint32_t port, uint32_t element, int64_t* value) noexcept {
    uint64_t bits = 0;
    const int32_t status = value ? get_u64(model, port, element, &bits) : FUDSV_EINVAL;
    if (status == FUDSV_OK) *value = static_cast<int64_t>(bits);
    return status;
}

/// Sets a port to a value of 64 bits, continued above by `fill`.
int32_t set_64(fudsv_model* model, uint32_t port, uint32_t element, uint64_t value, uint32_t fill) noexcept {
    const Place place = find_to_set(model, port, element, FUDSV_BITS);
    if (place.status != FUDSV_OK) return place.status;
    if (place.port->width <= 64) {
        store(place, value);
        return FUDSV_OK;
    }
    const uint32_t words[2] = {static_cast<uint32_t>(value), static_cast<uint32_t>(value >> 32)};
    try {
        return set_filled(place, words, 2, fill);
    } catch (const std::bad_alloc&) {
        return FUDSV_ENOMEM;
    }
}

int32_t set_u64(fudsv_model* model, uint32_t port, uint32_t element, uint64_t value) noexcept {
    return set_64(model, port, element, value, 0);
}

int32_t set_i64(fudsv_model* model, uint32_t port, uint32_t element, int64_t value) noexcept {
    return set_64(model, port, element, static_cast<uint64_t>(value), value < 0 ? UINT32_MAX : 0);
}

int32_t get_words(fudsv_model* model, uint32_t port, uint32_t element, uint32_t* words, size_t count) noexcept {
    const Place place = find(model, port, element, FUDSV_BITS);
    if (!words) return FUDSV_EINVAL;
    if (place.status != FUDSV_OK) return place.status;
    const uint32_t own = place.port->words;
    if (count < own) return FUDSV_EWIDTH;
    if (place.port->width > 64) {
        read_words(words, reinterpret_cast<const EData*>(place.storage), place.port->width,
                   is_signed(*place.port));
    } else {
        const uint64_t value = value_of(place);
        words[0] = static_cast<uint32_t>(value);
        if (own > 1) words[1] = static_cast<uint32_t>(value >> 32);
    }
    const bool negative = is_signed(*place.port) && (words[own - 1] >> 31);
    std::fill(words + own, words + count, negative ? UINT32_MAX : 0);
    return FUDSV_OK;
}

int32_t set_words(fudsv_model* model, uint32_t port, uint32_t element, const uint32_t* words,
                  size_t count) noexcept {
    const Place place = find_to_set(model, port, element, FUDSV_BITS);
    if (!words || !count) return FUDSV_EINVAL;
    if (place.status != FUDSV_OK) return place.status;
    try {
        return set_filled(place, words, count, 0);
    } catch (const std::bad_alloc&) {
        return FUDSV_ENOMEM;
    }
}

int32_t get_real(fudsv_model* model, uint32_t port, uint32_t element, double* value) noexcept {
    const Place place = find(model, port, element, FUDSV_REAL);
    if (!value) return FUDSV_EINVAL;
    if (place.status == FUDSV_OK) *value = *reinterpret_cast<const double*>(place.storage);
    return place.status;
}

int32_t set_real(fudsv_model* model, uint32_t port, uint32_t element, double value) noexcept {
    const Place place = find_to_set(model, port, element, FUDSV_REAL);
    if (place.status == FUDSV_OK) *reinterpret_cast<double*>(place.storage) = value;
    return place.status;
}

int32_t get_string(fudsv_model* model, uint32_t port, uint32_t element, char* buffer, size_t size,
                   size_t* length) noexcept {
    const Place place = find(model, port, element, FUDSV_STRING);
    if (place.status != FUDSV_OK) return place.status;
    const std::string& text = *reinterpret_cast<const std::string*>(place.storage);
    copy_text(buffer, size, text);
    if (length) *length = text.size();
    return FUDSV_OK;
}

int32_t set_string(fudsv_model* model, uint32_t port, uint32_t element, const char* value) noexcept {
    const Place place = find_to_set(model, port, element, FUDSV_STRING);
    if (!value) return FUDSV_EINVAL;
    if (place.status != FUDSV_OK) return place.status;
    try {
        *reinterpret_cast<std::string*>(place.storage) = value;
    } catch (const std::bad_alloc&) {
        return FUDSV_ENOMEM;
    }
    return FUDSV_OK;
}

int32_t port_ptr(fudsv_model* model, uint32_t port, void** storage) noexcept {
    if (!model || !storage) return FUDSV_EINVAL;
    const fudsv_port* const found = port_at(*model->design->info, port);
    if (!found) return FUDSV_ENOPORT;
    if (found->kind == FUDSV_STRING) return FUDSV_ETYPE;
    *storage = model->storage[port];
    return FUDSV_OK;
}

int32_t status_info(fudsv_model* model, fudsv_status_info* info) noexcept {
    if (!info || info->struct_size < sizeof(fudsv_status_info)) return FUDSV_EINVAL;
    const Event& last = model ? model->context->last : create_failure;
    info->status = last.status;
    info->kind = last.kind;
    info->line = last.line;
    info->errors = model ? model->context->errors : 0;
    info->warnings = model ? model->context->warnings : 0;
    copy_text(info->file, info->file_size, last.file);
    copy_text(info->message, info->message_size, last.message);
    return FUDSV_OK;
}

/// Sets every port that `chosen` picks to 0 or 1.
template <class Chosen>
uint32_t set_where(fudsv_model* model, Chosen chosen) {
    uint32_t found = 0;
    const fudsv_model_info& info = *model->design->info;
    for (uint32_t index = 0; index < info.port_count; ++index) {
        const int level = chosen(index, info.ports[index]);
        if (level < 0) continue;
        set_u64(model, index, 0, static_cast<uint64_t>(level));
        ++found;
    }
    return found;
}

/// Evaluates once, and adds to the waveform file that is open. Two writers of waveforms would take changes from each
/// other: meanwhile the design's own `$dumpvars` adds nothing to its file.
void evaluate(fudsv_model* model) {
    model->eval(model->top, !model->tracer);
    model->eval = model->design->again;
    if (model->tracer) model->tracer->dump(model->context->time());
}

/// One cycle of the clocks that `set` sets to a level.
template <class Set>
void cycle(fudsv_model* model, Set set) {
    Context& context = *model->context;
    for (const int level : {0, 1}) {
        set(level);
        evaluate(model);
        if (context.ended != FUDSV_OK) return;
        if (!context.timing) context.time(context.time() + 1);
    }
}

bool is_clock(const fudsv_port& port) { return port.role == FUDSV_CLOCK; }

/// The index of the only clock, or the number of ports.
uint32_t the_clock(const fudsv_model_info& info) {
    uint32_t found = info.port_count;
    for (uint32_t index = 0; index < info.port_count; ++index) {
        if (!is_clock(info.ports[index])) continue;
        if (found != info.port_count) return info.port_count;
        found = index;
    }
    return found;
}

/// The level of a reset that does (or does not) hold; -1 for any other port.
int reset_level(const fudsv_port& port, bool holds) {
    if (port.role == FUDSV_RESET_HIGH) return holds ? 1 : 0;
    return port.role == FUDSV_RESET_LOW ? (holds ? 0 : 1) : -1;
}

/// Ends the waveform file, if there is one.
void end_trace(fudsv_model* model) {
    model->dumps_itself = false;
    if (!model->tracer) return;
    enter(*model->context, [&] { model->tracer->close(); });
    delete model->tracer;
    model->tracer = nullptr;
}

void free_model(fudsv_model* model) {
    delete[] model->storage;
    delete[] model->bindings;
    delete model->context;
    delete model;
}

/// Keeps a model that can't be taken apart.
void keep(fudsv_model* model) {
    const std::lock_guard<std::mutex> lock{library_mutex()};
    model->next_leaked = leaked;
    leaked = model;
}

void apply(Context& context, const fudsv_options& options) {
    context.output = options.output;
    context.user = options.user;
    std::vector<const char*> arguments{context.design->info->name};
    if (options.argc) arguments.insert(arguments.end(), options.argv, options.argv + options.argc);
    context.commandArgs(static_cast<int>(arguments.size()), arguments.data());
    if (options.seed) context.randSeed(static_cast<int>(options.seed));
    context.randReset(options.random_reset);
    context.threads(context.design->info->threads);  // else some Verilators start one for every processor
}

fudsv_options options_of(const fudsv_options* given) {
    fudsv_options options{};
    if (given) std::memcpy(&options, given, std::min<size_t>(given->struct_size, sizeof(options)));
    return options;
}

int32_t create_refused(int32_t status, const char* message) {
    create_failure = Event{status, FUDSV_KIND_USAGE, 0, "", message};
    return status;
}

/// A model without its Verilated class.
fudsv_model* empty_model(const Design& design) {
    std::unique_ptr<fudsv_model> model{new fudsv_model};
    std::unique_ptr<void*[]> storage{
        new void*[design.info->port_count + design.info->probe_count + 1]};
    std::unique_ptr<Binding[]> bindings{new Binding[design.info->dpi_import_count + 1]};
    model->design = &design;
    model->eval = design.eval;
    model->clock = the_clock(*design.info);
    model->context = new Context;
    model->context->design = &design;
    model->context->threaded = design.info->threads > 1;
    model->context->owner = std::this_thread::get_id();
    model->context->timing = design.info->features & FUDSV_FEATURE_TIMING;
    if (design.trace) model->context->traceEverOn(true);
    model->context->model = model.get();
    model->bindings = bindings.release();
    model->storage = storage.release();
    return model.release();
}

/// Makes the Verilated class of a model; afterwards the model is complete or gone.
int32_t fill_model(fudsv_model* model, const fudsv_options& options) {
    const Design& design = *model->design;
    const int32_t status = enter(*model->context, [&] {
        apply(*model->context, options);
        model->top = design.make(model->context, options.scope ? options.scope : "TOP");
        design.bind(model->top, model->storage);
    });
    if (status == FUDSV_OK) return status;
    create_failure = model->context->last;
    model->context->timing || model->top ? keep(model) : free_model(model);
    return status;
}

}  // namespace

int32_t create(const Design& design, const fudsv_options* given, fudsv_model** model) noexcept {
    try {
        if (!model) return create_refused(FUDSV_EINVAL, "no place for the model was given");
        *model = nullptr;
        const fudsv_options options = options_of(given);
        if (options.argc && !options.argv) return create_refused(FUDSV_EINVAL, "argc without argv");
        fudsv_model* made = nullptr;
        {
            const std::lock_guard<std::mutex> lock{library_mutex()};
            made = empty_model(design);
        }
        const int32_t status = fill_model(made, options);
        if (status == FUDSV_OK) *model = made;
        return status;
    } catch (const std::exception&) {
        return FUDSV_ENOMEM;
    }
}

int32_t eval(fudsv_model* model) noexcept {
    if (const int32_t status = refused(model)) return status;
    return enter(*model->context, [&] { evaluate(model); });
}

int32_t final(fudsv_model* model) noexcept {
    const int32_t status = refused(model);
    if (status != FUDSV_OK && status != FUDSV_FINISHED) return status;
    if (model->context->final_ran) return FUDSV_OK;
    model->context->final_ran = true;
    return enter(*model->context, [&] { model->design->final(model->top); });
}

int32_t destroy(fudsv_model* model) noexcept {
    if (!model) return FUDSV_EINVAL;
    Context& context = *model->context;
    if (context.gate.is_inside()) return FUDSV_ETHREAD;
    if (context.threaded && context.owner != std::this_thread::get_id()) return FUDSV_ETHREAD;
    const int32_t status = context.halfway ? FUDSV_OK : final(model);
    end_trace(model);
    if (!context.halfway) enter(context, [&] { model->design->destroy(model->top); });
    if (context.halfway) {
        keep(model);
    } else {
        free_model(model);
    }
    return status;
}

int32_t get_time(fudsv_model* model, uint64_t* time) noexcept {
    if (!model || !time) return FUDSV_EINVAL;
    *time = model->context->time();
    return FUDSV_OK;
}

int32_t set_time(fudsv_model* model, uint64_t time) noexcept {
    if (!model) return FUDSV_EINVAL;
    model->context->time(time);
    return FUDSV_OK;
}

int32_t next_event(fudsv_model* model, uint64_t* time) noexcept {
    if (!model || !time) return FUDSV_EINVAL;
    if (model->context->ended == FUDSV_FATAL) return FUDSV_EPOISONED;
    return enter(*model->context, [&] { *time = model->design->next_event(model->top); });
}

int32_t run_until(fudsv_model* model, uint64_t time) noexcept {
    if (const int32_t status = refused(model)) return status;
    Context& context = *model->context;
    if (time < context.time()) return FUDSV_EINVAL;
    return enter(context, [&] {
        if (!context.timing) context.time(time);
        evaluate(model);
        while (context.timing && context.ended == FUDSV_OK) {
            const uint64_t next = model->design->next_event(model->top);
            if (next > time || next <= context.time()) {
                context.time(time);
                return;
            }
            context.time(next);
            evaluate(model);
        }
    });
}

int32_t tick(fudsv_model* model, uint32_t port, uint32_t count) noexcept {
    if (const int32_t status = refused(model)) return status;
    const uint32_t clock = port == FUDSV_THE_CLOCK ? model->clock : port;
    if (clock == model->clock && !model->tracer && model->eval == model->design->again && model->design->cycles) {
        return enter(*model->context, [model, count] {
            model->design->cycles(model->top, model->context->ended, count);
        });
    }
    if (port == FUDSV_THE_CLOCK && clock == model->design->info->port_count) return FUDSV_ENOTSUP;
    const Place place = find_to_set(model, clock, 0, FUDSV_BITS);
    if (place.status != FUDSV_OK) return place.status;
    return enter(*model->context, [model, place, count] {
        for (uint32_t n = 0; n < count && model->context->ended == FUDSV_OK; ++n) {
            cycle(model, [&](int level) { store(place, static_cast<uint64_t>(level)); });
        }
    });
}

int32_t reset(fudsv_model* model, uint32_t cycles) noexcept {
    if (const int32_t status = refused(model)) return status;
    const auto put = [&](bool holds) {
        return set_where(model, [&](uint32_t, const fudsv_port& port) { return reset_level(port, holds); });
    };
    const fudsv_model_info& info = *model->design->info;
    const bool clocked = std::any_of(info.ports, info.ports + info.port_count, is_clock);
    if (!put(true)) return FUDSV_ENOTSUP;
    return enter(*model->context, [&] {
        for (uint32_t n = 0; clocked && n < std::max(cycles, 1u); ++n) {
            cycle(model, [&](int level) {
                set_where(model, [&](uint32_t, const fudsv_port& port) { return is_clock(port) ? level : -1; });
            });
            if (model->context->ended != FUDSV_OK) return;
        }
        if (!clocked) evaluate(model);
        put(false);
        // Not in the waves: the next cycle begins at this very time, and a file takes one set of values for each.
        if (model->context->ended == FUDSV_OK) model->eval(model->top, !model->tracer);
    });
}

int32_t last_message(fudsv_model* model, char* buffer, size_t size) noexcept {
    if (!model) return FUDSV_EINVAL;
    copy_text(buffer, size, model->context->last.message);
    return model->context->last.status;
}

namespace {

/// A private number of Verilator's, which tells where the table of exports of a scope ends.
template <int VerilatedScope::*Member>
struct Peek {
    friend int export_limit(const VerilatedScope& scope) { return scope.*Member; }
};
int export_limit(const VerilatedScope& scope);
template struct Peek<&VerilatedScope::m_funcnumMax>;

bool exports(const VerilatedScope* scope, int number) {
    return scope && number < export_limit(*scope) && VerilatedScope::exportFind(scope, number);
}

/// The scope in which an exported function is called: the one that runs, if it has it, else the first by name, and
/// outer ones come before those inside them.
const VerilatedScope* scope_of(Context& context, const char* name, const VerilatedScope* running) {
    const int number = Verilated::exportFuncNum(name);
    if (exports(running, number)) return running;
    for (const auto& entry : *context.scopeNameMap()) {
        if (exports(entry.second, number)) return entry.second;
    }
    return nullptr;
}

/// An exported function that a DPI function of the host calls: what leaves it goes no further than here, and the
/// evaluation is left when the host's function returns.
template <class Body>
int32_t enter_again(Context& context, const Body& body) {
    const int32_t outer_status = context.call_status;
    const uint32_t callbacks = context.callbacks;
    std::jmp_buf* const outer_landing = context.landing;
    context.call_status = FUDSV_OK;
    try {
        if (context.timing) {
            landing_strip(context, body);
        } else {
            body();
        }
    } catch (const Leave&) {
    }
    context.landing = outer_landing;
    context.callbacks = callbacks;
    const int32_t status = context.call_status;
    context.call_status = std::max(outer_status, status);
    return status;
}

}  // namespace

int32_t call_export(fudsv_model* model, const char* name, void (*call)(void*), void* about) noexcept {
    if (const int32_t status = refused(model)) return status;
    Context& context = *model->context;
    const VerilatedScope* const outer = Verilated::dpiScope();
    const bool inside = this_thread.current == &context && context.callbacks;
    const auto body = [&] {
        Verilated::dpiScope(scope_of(context, name, inside ? outer : nullptr));
        call(about);
    };
    const int32_t status = inside ? enter_again(context, body) : enter(context, body);
    Verilated::dpiScope(outer);
    return status;
}

namespace {

/// Notes why the evaluation ends as soon as the DPI function that is running returns.
void note_failure(Context& context, const char* message) {
    const std::lock_guard<std::mutex> lock{context.dpi_mutex};
    if (context.dpi_failed) return;
    context.dpi_failure = message;
    context.dpi_failed = true;
}

/// Leaves the evaluation because of a DPI function; one in several threads comes to its end first.
void leave_for_dpi(Context& context, unsigned index) {
    context.dpi_failure_index = index;
    if (context.threaded) return;
    context.dpi_failed = false;
    const fudsv_dpi_function& function = context.design->info->dpi_imports[index];
    on_fatal(FUDSV_KIND_DPI, function.file, function.line, std::move(context.dpi_failure));
}

/// The context of the model that runs in this thread, or for which this thread works.
Context& running() {
    if (this_thread.current) return *this_thread.current;
    return *static_cast<Context*>(Verilated::threadContextp());
}

/// Counts DPI functions that run, where there is one thread; in several, callbacks can't be told apart.
void count_callback(Context& context, int by) {
    if (!context.threaded) context.callbacks += static_cast<uint32_t>(by);
}

}  // namespace

}  // namespace fudsv

fudsv_dpi_binding fudsv_dpi_enter(unsigned index, bool else_linked) {
    using namespace fudsv;
    Context& context = running();
    const Binding& bound = context.model->bindings[index];
    if (!bound.function && !else_linked) {
        const std::string name = context.design->info->dpi_imports[index].name;
        note_failure(context, ("the DPI function `" + name + "` is not bound").c_str());
        leave_for_dpi(context, index);
    }
    count_callback(context, 1);
    return fudsv_dpi_binding{bound.function, bound.user};
}

void fudsv_dpi_caught() {
    using namespace fudsv;
    try {
        throw;
    } catch (const Leave&) {
        // An exported function that was called directly ended the evaluation; it is left behind the stub.
    } catch (const std::exception& error) {
        note_failure(running(), error.what());
    } catch (...) {
        note_failure(running(), "an exception of unknown type");
    }
}

void fudsv_dpi_leave(unsigned index) {
    using namespace fudsv;
    Context& context = running();
    count_callback(context, -1);
    if (context.dpi_failed) leave_for_dpi(context, index);
    if (context.halfway && !context.threaded) leave(context);
}

namespace fudsv {

namespace {

/// A call that the model can't answer, with the reason for `status_info`.
int32_t refuse(fudsv_model* model, int32_t status, uint32_t kind, std::string message) {
    model->context->last = Event{status, kind, 0, "", std::move(message)};
    return status;
}

int32_t trace_open(fudsv_model* model, const char* path, uint32_t levels) noexcept {
    if (!model || !path) return FUDSV_EINVAL;
    if (!model->design->trace) {
        return refuse(model, FUDSV_ENOTSUP, FUDSV_KIND_USAGE, "the model was built without tracing");
    }
    end_trace(model);
    model->traced_levels = levels;
    model->dumps_itself = model->context->dumpfile() == path;
    if (model->dumps_itself) return FUDSV_OK;
    const int32_t status = enter(*model->context, [&] {
        // Verilator takes 99 for all.
        model->tracer = model->design->trace(model->top, levels ? static_cast<int>(levels) : 99);
        model->tracer->open(path);
    });
    if (status != FUDSV_OK || model->tracer->is_open()) return status;
    end_trace(model);
    return refuse(model, FUDSV_EIO, FUDSV_KIND_USAGE, std::string("`") + path + "` can't be written");
}

int32_t trace_dump(fudsv_model* model) noexcept {
    if (!model || (!model->tracer && !model->dumps_itself)) return FUDSV_EINVAL;
    if (model->dumps_itself) return FUDSV_OK;
    return enter(*model->context, [&] { model->tracer->dump(model->context->time()); });
}

int32_t trace_flush(fudsv_model* model) noexcept {
    if (!model || (!model->tracer && !model->dumps_itself)) return FUDSV_EINVAL;
    if (model->dumps_itself) return FUDSV_OK;
    return enter(*model->context, [&] { model->tracer->flush(); });
}

int32_t trace_close(fudsv_model* model) noexcept {
    if (!model) return FUDSV_EINVAL;
    end_trace(model);
    return FUDSV_OK;
}

int32_t trace_rotate(fudsv_model* model, const char* path) noexcept {
    if (!model || !path || !model->tracer) return FUDSV_EINVAL;
    return trace_open(model, path, model->traced_levels);
}

int32_t coverage_zero(fudsv_model* model) noexcept {
    if (!model) return FUDSV_EINVAL;
    if (!model->design->zero_coverage) {
        return refuse(model, FUDSV_ENOTSUP, FUDSV_KIND_USAGE, "the model was built without coverage");
    }
    return enter(*model->context, [&] { model->design->zero_coverage(model->context); });
}

int32_t coverage_write(fudsv_model* model, const char* path) noexcept {
    if (!model || !path) return FUDSV_EINVAL;
    if (!model->design->write_coverage) {
        return refuse(model, FUDSV_ENOTSUP, FUDSV_KIND_USAGE, "the model was built without coverage");
    }
    // Verilator's own error for a file that can't be written would poison the model.
    std::FILE* const file = std::fopen(path, "a");
    if (!file) return refuse(model, FUDSV_EIO, FUDSV_KIND_USAGE, std::string("`") + path + "` can't be written");
    std::fclose(file);
    return enter(*model->context, [&] { model->design->write_coverage(model->context, path); });
}

/// What stands before the state in a file.
struct SavedHeader final {
    char magic[8] = {'F', 'U', 'D', 'S', 'V', 'S', 'A', 'V'};
    char build_id[64] = {};
    int32_t ended = FUDSV_OK;
    uint32_t final_ran = 0;
    uint64_t errors = 0;
    uint64_t warnings = 0;
    uint64_t size = 0;      ///< of the state, in bytes
    uint64_t checksum = 0;  ///< of the state
};

/// FNV-1a.
uint64_t checksum(const std::string& bytes) {
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (const char byte : bytes) sum = (sum ^ static_cast<unsigned char>(byte)) * UINT64_C(0x100000001b3);
    return sum;
}

SavedHeader header_of(const fudsv_model* model) {
    const Context& context = *model->context;
    SavedHeader header;
    copy_text(header.build_id, sizeof(header.build_id), model->design->info->build_id);
    header.ended = context.ended;
    header.final_ran = context.final_ran;
    header.errors = context.errors;
    header.warnings = context.warnings;
    return header;
}

bool write_file(const char* path, const SavedHeader& header, const std::string& state) {
    std::FILE* const file = std::fopen(path, "wb");
    if (!file) return false;
    const bool whole = std::fwrite(&header, sizeof(header), 1, file) == 1
                       && std::fwrite(state.data(), 1, state.size(), file) == state.size();
    return (std::fclose(file) == 0) && whole;
}

/// Reads a saved state; says what is wrong with it, or nothing.
std::string read_file(const fudsv_model* model, const char* path, SavedHeader& header, std::string& state) {
    const std::string name = std::string("`") + path + "`";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path, "rb"), std::fclose};
    if (!file) return name + " can't be read";
    const SavedHeader expected = header_of(model);
    const size_t got = std::fread(&header, sizeof(header), 1, file.get());
    if (got != 1 || std::memcmp(header.magic, expected.magic, sizeof(header.magic)) != 0) {
        return name + " is not a saved state";
    }
    if (std::memcmp(header.build_id, expected.build_id, sizeof(header.build_id)) != 0) {
        return name + " was saved by another build of the model";
    }
    char block[65536];
    while (const size_t size = std::fread(block, 1, sizeof(block), file.get())) state.append(block, size);
    const bool whole = state.size() == header.size && checksum(state) == header.checksum;
    return whole ? "" : name + " is cut off or damaged";
}

/// What keeps a model from being saved or restored, or FUDSV_OK.
int32_t unsavable(fudsv_model* model, const char* path) {
    if (!model || !path) return FUDSV_EINVAL;
    if (!model->design->save) {
        return refuse(model, FUDSV_ENOTSUP, FUDSV_KIND_USAGE, "the model was built without `verilator.savable`");
    }
    const int32_t status = refused(model);
    return status == FUDSV_FINISHED ? FUDSV_OK : status;
}

int32_t save(fudsv_model* model, const char* path) noexcept {
    if (const int32_t status = unsavable(model, path)) return status;
    bool written = false;
    const int32_t status = enter(*model->context, [&] {
        std::string state;
        model->design->save(model->context, model->top, state);
        SavedHeader header = header_of(model);
        header.size = state.size();
        header.checksum = checksum(state);
        written = write_file(path, header, state);
    });
    if (status != FUDSV_OK || written) return status;
    return refuse(model, FUDSV_EIO, FUDSV_KIND_USAGE, std::string("`") + path + "` can't be written");
}

int32_t restore(fudsv_model* model, const char* path) noexcept {
    if (const int32_t status = unsavable(model, path)) return status;
    if (model->tracer || model->dumps_itself) {
        return refuse(model, FUDSV_EINVAL, FUDSV_KIND_USAGE, "a waveform file is open");
    }
    std::string wrong;
    const int32_t status = enter(*model->context, [&] {
        SavedHeader header;
        std::string state;
        wrong = read_file(model, path, header, state);
        if (!wrong.empty()) return;
        Context& context = *model->context;
        model->eval = model->design->eval;  // the state may be of a model that was never evaluated
        model->design->restore(&context, model->top, state);
        context.ended = header.ended;
        context.final_ran = header.final_ran;
        context.errors = header.errors;
        context.warnings = header.warnings;
    });
    if (status != FUDSV_OK || wrong.empty()) return status;
    return refuse(model, FUDSV_EIO, FUDSV_KIND_USAGE, wrong);
}

/// Finding a port by name needs the design, which the C function is not given: the library has only one.
const Design* the_design = nullptr;

int32_t find_port(const char* name) noexcept {
    if (!name || !the_design) return FUDSV_EINVAL;
    const fudsv_model_info& info = *the_design->info;
    for (uint32_t index = 0; index < info.port_count; ++index) {
        if (std::strcmp(info.ports[index].name, name) == 0) return static_cast<int32_t>(index);
    }
    return FUDSV_ENOPORT;
}

int32_t find_probe(const char* path) noexcept {
    if (!path || !the_design) return FUDSV_EINVAL;
    const fudsv_model_info& info = *the_design->info;
    for (uint32_t index = 0; index < info.probe_count; ++index) {
        if (std::strcmp(info.probes[index].name, path) == 0) return static_cast<int32_t>(info.port_count + index);
    }
    return FUDSV_ENOPORT;
}

int32_t find_dpi(const char* name) noexcept {
    if (!name || !the_design) return FUDSV_EINVAL;
    const fudsv_model_info& info = *the_design->info;
    for (uint32_t index = 0; index < info.dpi_import_count; ++index) {
        if (std::strcmp(info.dpi_imports[index].name, name) == 0) return static_cast<int32_t>(index);
    }
    return FUDSV_ENOPORT;
}

int32_t dpi_bind(fudsv_model* model, uint32_t index, void (*function)(), void* user) noexcept {
    if (!model) return FUDSV_EINVAL;
    const Design& design = *model->design;
    if (index >= design.info->dpi_import_count) return FUDSV_ENOPORT;
    if (!design.dpi_stubs[index]) {
        const std::string name = design.info->dpi_imports[index].name;
        return refuse(model, FUDSV_ENOTSUP, FUDSV_KIND_USAGE,
                      "the DPI function `" + name + "` is linked into the library");
    }
    model->bindings[index] = Binding{function, user};
    return FUDSV_OK;
}

int32_t dpi_fail(fudsv_model* model, const char* message) noexcept {
    if (!model || !message) return FUDSV_EINVAL;
    const Context& context = *model->context;
    if (!(context.threaded ? context.gate.is_inside() : context.callbacks)) return FUDSV_EINVAL;
    note_failure(*model->context, message);
    return FUDSV_OK;
}

}  // namespace

fudsv_api api_of(const Design& design, decltype(fudsv_api::create) create) noexcept {
    the_design = &design;
    return fudsv_api{
        FUDSV_ABI_VERSION, sizeof(fudsv_api), design.info, create,    destroy,    eval,     final,
        get_time,          set_time,          tick,        reset,     find_port,  get_u64,  set_u64,
        get_i64,           set_i64,           get_words,   set_words, get_real,   set_real, get_string,
        set_string,        port_ptr,          status_info, next_event, trace_open, trace_dump, trace_flush,
        trace_close,       coverage_write,    find_dpi,    dpi_bind,  dpi_fail,
        run_until,         save,              restore,     find_probe,
        coverage_zero,     trace_rotate,
    };
}

}  // namespace fudsv
