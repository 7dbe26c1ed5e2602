// The way into Verilator's code and out of it, whatever happens inside. It does not know what is run there.
#ifndef FUDSV_RUNTIME_ENTER_H
#define FUDSV_RUNTIME_ENTER_H

#include "context.h"

#include <utility>

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
    if (context.halfway) {
        Verilated::mtaskId(0);  // what other models print would wait for the end of this one's task
        Verilated::runFlushCallbacks();  // as Verilator does where it exits: waveforms to the end
    }
    if (context.dpi_failed) end_by_dpi(context);
}

/// The only way into Verilator's code: nothing that happens in `run` gets out, except as a status.
template <class Run>
int32_t enter_plain(Context& context, const Run& run) noexcept {
    if (context.threaded && context.owner != std::this_thread::get_id()) return FUDSV_ETHREAD;
    Thread& thread = this_thread;
    if (!context.gate.enter(&thread)) return FUDSV_ETHREAD;
    Context* const outer = thread.current;  // an output callback may run another model
    thread.current = &context;
    if (thread.known != &context) make_known(thread, context);
    context.call_status = FUDSV_OK;
    try {
        try {
            run();
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

/// As `enter_plain`, also for a design with delays, whose processes cannot be left by an exception.
template <class Body>
int32_t enter(Context& context, const Body& body) noexcept {
    return enter_plain(context, [&] {
        if (context.timing) {
            landing_strip(context, body);
        } else {
            body();
        }
    });
}

/// What a model that has ended says to every call that would run it, or FUDSV_OK.
int32_t refused(const fudsv_model* model) {
    if (!model) return FUDSV_EINVAL;
    const int32_t ended = model->context->ended;
    return ended == FUDSV_FATAL ? FUDSV_EPOISONED : ended;
}

/// A call that the model cannot answer, with the reason for `status_info`.
int32_t refuse(fudsv_model* model, int32_t status, uint32_t kind, std::string message) {
    model->context->last = Event{status, kind, 0, "", std::move(message)};
    return status;
}

}  // namespace

}  // namespace fudsv

#endif
