// What every model of fudsv does beside simulating: it never ends its host, keeps its own context, and answers the
// calls of `fudsv_api` by index. Compiled once for a Verilator and a compiler, next to Verilator's own runtime.
// One unit of several parts: Verilator's headers take longer than all of them.

#include "runtime/dpi.h"
#include "runtime/state.h"
#include "runtime/trace.h"

namespace fudsv {

namespace {

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
