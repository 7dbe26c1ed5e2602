// What the generated `<name>.cpp` and `fudsv_runtime.cpp` agree on. Not installed, not part of the C interface.
// The runtime knows no design: a design describes itself in a `fudsv::Design`.
#ifndef FUDSV_RUNTIME_H
#define FUDSV_RUNTIME_H

#include "fudsv_model.h"
#include "verilated.h"

#include <cstring>
#include <string>

namespace fudsv {

/// A `$fatal` that the design's Verilator prints as `%Error`.
struct FatalPlace {
    const char* file;
    int line;
};

/// A waveform file of a class that was verilated with tracing.
class Tracer {
public:
    virtual ~Tracer() = default;
    virtual void open(const char* path) = 0;
    virtual bool is_open() = 0;
    virtual void dump(uint64_t time) = 0;
    virtual void flush() = 0;
    virtual void close() = 0;
};

/// One design: its description and what differs from class to class.
struct Design {
    const fudsv_model_info* info;
    void* (*make)(VerilatedContext* context, const char* scope);
    void (*bind)(void* top, void** storage);  ///< the storage of every port, by index
    void (*eval)(void* top, bool dumps);  ///< `dumps`: into the file of the design's own `$dumpvars`
    void (*again)(void* top, bool dumps);  ///< as `eval`, of a model that has been evaluated
    /// Cycles of the only clock of a model that has been evaluated, until `ended`; null if there is no such clock, or
    /// where delays have to be heeded.
    void (*cycles)(void* top, const int32_t& ended, uint32_t count);
    void (*final)(void* top);
    void (*destroy)(void* top);
    uint64_t (*next_event)(void* top);
    Tracer* (*trace)(void* top, int levels);                           ///< null without tracing
    void (*write_coverage)(VerilatedContext* context, const char* path);  ///< null without coverage
    void (*zero_coverage)(VerilatedContext* context);
    const FatalPlace* fatal_places;
    size_t fatal_place_count;
    const bool* dpi_stubs;  ///< by index: whether nothing else was linked for an imported DPI function
    void (*save)(VerilatedContext* context, void* top, std::string& state);  ///< null unless savable
    void (*restore)(VerilatedContext* context, void* top, const std::string& state);
};

class Context;

/// What the host bound to an imported DPI function.
struct Binding {
    void (*function)() = nullptr;
    void* user = nullptr;
};

int32_t create(const Design& design, const fudsv_options* options, fudsv_model** model) noexcept;
/// The table of a design, whose `create` calls the function above.
fudsv_api api_of(const Design& design, decltype(fudsv_api::create) create) noexcept;

}  // namespace fudsv

/// An instance: the Verilated class with its context.
struct fudsv_model final {
    void* top = nullptr;
    void** storage = nullptr;  ///< of every port, by index
    void (*eval)(void* top, bool dumps) = nullptr;  ///< of the design: `eval`, then `again`
    fudsv::Context* context = nullptr;
    fudsv::Tracer* tracer = nullptr;
    uint32_t traced_levels = 0;  ///< as `trace_open` was told
    std::string traced_path;  ///< of the open waveform file
    bool dumps_itself = false;  ///< the open waveform file is that of the design's own `$dumpfile`
    const fudsv::Design* design = nullptr;
    fudsv::Binding* bindings = nullptr;  ///< of every imported DPI function, by index
    uint32_t clock = 0;  ///< index of the only clock, or the number of ports
    fudsv_model* next_leaked = nullptr;
};

namespace fudsv {

/// The low `Width` bits.
template <int Width, class T>
constexpr T masked(T value) {
    return Width >= static_cast<int>(sizeof(T) * 8) ? value
                                                    : static_cast<T>(value & ((T{1} << (Width % (sizeof(T) * 8))) - 1));
}

/// Whether `Width` bits hold a value, a negative one in two's complement.
template <int Width, class T>
constexpr bool fits(T value) {
    constexpr int bits = sizeof(T) * 8;
    return Width >= bits || (value >> (Width % bits)) == 0
           || (static_cast<T>(-1) < T{0} && (value >> ((Width - 1) % bits)) == static_cast<T>(-1));
}

/// The low `Width` bits as a signed value.
template <class Signed, int Width, class T>
constexpr Signed extended(T value) {
    constexpr T sign = T{1} << (Width - 1);
    return static_cast<Signed>(static_cast<T>((masked<Width>(value) ^ sign) - sign));
}

/// The bits of the top word of a value that are part of it.
constexpr uint32_t top_mask(uint32_t width) {
    return width % 32 ? (UINT32_C(1) << (width % 32)) - 1 : UINT32_MAX;
}

/// Whether `width` bits hold the number in these words; if it is signed, also a negative one in two's complement.
inline bool words_fit(const uint32_t* words, size_t count, uint32_t width, bool is_signed) {
    const size_t own = (width + 31) / 32;
    const uint32_t mask = top_mask(width);
    bool zeros = true;
    bool ones = is_signed && count >= own && (words[own - 1] & (mask ^ (mask >> 1)));
    for (size_t n = own - 1; n < count; ++n) {
        const uint32_t beyond = n < own ? ~mask : UINT32_MAX;
        zeros = zeros && (words[n] & beyond) == 0;
        ones = ones && (words[n] & beyond) == beyond;
    }
    return zeros || ones;
}

/// Copies the words of a value of `width` bits in, dropping what is beyond.
inline void write_words(EData* to, const uint32_t* from, uint32_t width) {
    const uint32_t words = (width + 31) / 32;
    std::memcpy(to, from, words * sizeof(uint32_t));
    to[words - 1] &= top_mask(width);
}

/// Copies the words of a value of `width` bits out, extended by its sign.
inline void read_words(uint32_t* to, const EData* from, uint32_t width, bool is_signed) {
    const uint32_t words = (width + 31) / 32;
    std::memcpy(to, from, words * sizeof(uint32_t));
    const uint32_t mask = top_mask(width);
    const bool negative = is_signed && (to[words - 1] & (mask ^ (mask >> 1)));
    to[words - 1] = negative ? to[words - 1] | ~mask : to[words - 1] & mask;
}

int32_t eval(fudsv_model* model) noexcept;
int32_t final(fudsv_model* model) noexcept;
int32_t destroy(fudsv_model* model) noexcept;
int32_t get_time(fudsv_model* model, uint64_t* time) noexcept;
int32_t set_time(fudsv_model* model, uint64_t time) noexcept;
int32_t next_event(fudsv_model* model, uint64_t* time) noexcept;
int32_t run_until(fudsv_model* model, uint64_t time) noexcept;
int32_t tick(fudsv_model* model, uint32_t port, uint32_t count) noexcept;
int32_t reset(fudsv_model* model, uint32_t cycles) noexcept;
/// Runs `call`, which calls the exported DPI function `name`, in the scope of that function.
int32_t call_export(fudsv_model* model, const char* name, void (*call)(void* about), void* about) noexcept;

template <class Call>
int32_t call_export(fudsv_model* model, const char* name, Call call) noexcept {
    return call_export(model, name, [](void* about) { (*static_cast<Call*>(about))(); }, &call);
}

/// The message of the last status of the model, cut to fit.
int32_t last_message(fudsv_model* model, char* buffer, size_t size) noexcept;

}  // namespace fudsv

#endif
