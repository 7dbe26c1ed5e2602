// DPI functions: those of the host, which the design calls, and those of the design, which the host calls.
// It does not know their arguments.
#ifndef FUDSV_RUNTIME_DPI_H
#define FUDSV_RUNTIME_DPI_H

#include "../fudsv_dpi.h"
#include "ends.h"
#include "enter.h"
#include "verilated_syms.h"

namespace fudsv {

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

/// Counts DPI functions that run, where there is one thread; in several, callbacks cannot be told apart.
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

}  // namespace fudsv

// Libraries are linked with `--wrap=pthread_exit`: the real one would unwind through the host, which ends the process.
// Weak: what links the objects of a model by itself need not wrap it.
extern "C" void __real_pthread_exit(void* value) __attribute__((weak, noreturn));

extern "C" __attribute__((noreturn)) void __wrap_pthread_exit(void* value) {
    using namespace fudsv;
    // A thread that a DPI function has started may end as it likes.
    if (!this_thread.current || this_thread.current->threaded) __real_pthread_exit(value);
    on_fatal(FUDSV_KIND_DPI, "", 0, "a DPI function called `pthread_exit`: the thread belongs to the host");
}

#endif
