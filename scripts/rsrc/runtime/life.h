// The life of a model: made, evaluated, run through time and cycles, ended, and what its last status was.
// It does not know what is in the files that are written meanwhile.
#ifndef FUDSV_RUNTIME_LIFE_H
#define FUDSV_RUNTIME_LIFE_H

#include "enter.h"
#include "files.h"
#include "ports.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace fudsv {

namespace {

int32_t status_info(fudsv_model* model, fudsv_status_info* info) noexcept {
    if (!info || info->struct_size < sizeof(fudsv_status_info)) return FUDSV_EINVAL;
    const Event& last = model ? model->context->last : life_failure;
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
    if (!model->tracer) return;
    model->context->written = &model->traced_path;
    model->tracer->dump(model->context->time());
    model->context->written = nullptr;
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

/// A call about a file: what goes wrong with the file is its status, and the model goes on as it was.
template <class Write>
int32_t write_file(fudsv_model* model, const Write& write) {
    Context& context = *model->context;
    context.file_failure.clear();
    context.written = &model->traced_path;
    context.is_file_call = true;
    const int32_t status = enter(context, write);
    context.is_file_call = false;
    context.written = nullptr;
    if (status != FUDSV_OK || context.file_failure.empty()) return status;
    return refuse(model, FUDSV_EIO, FUDSV_KIND_USAGE, std::move(context.file_failure));
}

/// Ends the waveform file, if there is one.
int32_t end_trace(fudsv_model* model) {
    model->dumps_itself = false;
    if (!model->tracer) return FUDSV_OK;
    const bool is_fst = model->design->info->features & FUDSV_FEATURE_TRACE_FST;
    return write_file(model, [model, is_fst] {
        const bool was_open = model->tracer->is_open();
        if (was_open) model->tracer->close();
        delete model->tracer;
        model->tracer = nullptr;
        if (!is_fst || !was_open || is_whole_fst(model->traced_path)) return;
        model->context->file_failure = cannot_be_written(model->traced_path, 0) + " to its end";
    });
}

void free_model(fudsv_model* model) {
    delete[] model->storage;
    delete[] model->bindings;
    delete model->context;
    delete model;
}

/// Keeps a model that cannot be taken apart.
void keep(fudsv_model* model) {
    const std::lock_guard<std::mutex> lock{library_mutex()};
    model->next_leaked = leaked;
    leaked = model;
}

/// Any number as a seed for Verilator, which takes 31 bits, and for 0 one of the moment. Seeds beside each other make it
/// begin with numbers beside each other; so they are mixed, by the function of splitmix64.
int simulator_seed(uint64_t number) {
    for (;;) {
        number += UINT64_C(0x9e3779b97f4a7c15);
        uint64_t mixed = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
        mixed ^= mixed >> 31;
        if (const int seed = static_cast<int>(mixed >> 33)) return seed;
    }
}

void apply(Context& context, const fudsv_options& options) {
    context.output = options.output;
    context.user = options.user;
    std::vector<const char*> arguments{context.design->info->name};
    if (options.argc) arguments.insert(arguments.end(), options.argv, options.argv + options.argc);
    context.commandArgs(static_cast<int>(arguments.size()), arguments.data());
    if (options.seed || options.is_seeded) context.randSeed(simulator_seed(options.seed));
    context.randReset(options.random_reset);
    context.threads(context.design->info->threads);  // else some Verilators start one for every processor
}

fudsv_options options_of(const fudsv_options* given) {
    fudsv_options options{};
    if (given) std::memcpy(&options, given, std::min<size_t>(given->struct_size, sizeof(options)));
    return options;
}

int32_t create_refused(int32_t status, const char* message) {
    life_failure = Event{status, FUDSV_KIND_USAGE, 0, "", message};
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

/// The name of the top scope in the main program that this Verilator itself writes.
#ifdef FUDSV_UNNAMED_TOP
constexpr const char* const TOP_SCOPE = "";
#else
constexpr const char* const TOP_SCOPE = "TOP";
#endif

/// Makes the Verilated class of a model; afterwards the model is complete or gone.
int32_t fill_model(fudsv_model* model, const fudsv_options& options) {
    const Design& design = *model->design;
    const int32_t status = enter(*model->context, [&] {
        apply(*model->context, options);
        model->top = design.make(model->context, options.scope ? options.scope : TOP_SCOPE);
        design.bind(model->top, model->storage);
    });
    if (status == FUDSV_OK) return status;
    life_failure = model->context->last;
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
    int32_t status = context.halfway ? FUDSV_OK : final(model);
    const int32_t closed = end_trace(model);
    const int32_t destroyed =
        context.halfway ? FUDSV_OK : write_file(model, [&] {
            context.written = nullptr;  // the file of the design's own `$dumpfile` ends here
            model->design->destroy(model->top);
        });
    for (const int32_t of_file : {closed, destroyed}) {
        if (status == FUDSV_OK && of_file != FUDSV_OK) status = of_file;
    }
    if (status != FUDSV_OK) life_failure = context.last;
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
        return enter_plain(*model->context, [model, count] {
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

}  // namespace fudsv

#endif
