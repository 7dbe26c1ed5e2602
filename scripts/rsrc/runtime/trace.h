// Waveform files and coverage. It does not know their formats.
#ifndef FUDSV_RUNTIME_TRACE_H
#define FUDSV_RUNTIME_TRACE_H

#include "life.h"

namespace fudsv {

namespace {

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

}  // namespace

}  // namespace fudsv

#endif
