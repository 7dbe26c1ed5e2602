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
    const std::string file = path;
    const int32_t closed = end_trace(model);
    if (closed != FUDSV_OK) return closed;
    model->traced_levels = levels;
    model->dumps_itself = model->context->dumpfile() == file;
    if (model->dumps_itself) return FUDSV_OK;
    model->traced_path = file;
    int why = 0;
    const int32_t status = write_file(model, [&] {
        // Verilator takes 99 for all.
        model->tracer = model->design->trace(model->top, levels ? static_cast<int>(levels) : 99);
        errno = 0;
        model->tracer->open(file.c_str());
        why = errno;
    });
    if (status == FUDSV_OK && model->tracer->is_open()) return status;
    if (model->tracer) end_trace(model);
    if (status != FUDSV_OK) return status;
    return refuse(model, FUDSV_EIO, FUDSV_KIND_USAGE, cannot_be_written(file, why));
}

int32_t trace_dump(fudsv_model* model) noexcept {
    if (!model || (!model->tracer && !model->dumps_itself)) return FUDSV_EINVAL;
    if (model->dumps_itself) return FUDSV_OK;
    return write_file(model, [&] { model->tracer->dump(model->context->time()); });
}

int32_t trace_flush(fudsv_model* model) noexcept {
    if (!model || (!model->tracer && !model->dumps_itself)) return FUDSV_EINVAL;
    if (model->dumps_itself) return FUDSV_OK;
    return write_file(model, [&] { model->tracer->flush(); });
}

int32_t trace_close(fudsv_model* model) noexcept {
    if (!model) return FUDSV_EINVAL;
    return end_trace(model);
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
    // Verilator does not look whether a disk is full, and ends the model when it cannot begin: it writes into memory.
    int wrong = 0;
    std::string text;
    const int32_t status = enter(*model->context, [&] {
        const auto write = [&](const char* name) { model->design->write_coverage(model->context, name); };
        wrong = written_in_memory(write, text);
        if (wrong != ENOSYS) return;
        std::FILE* const file = std::fopen(path, "a");
        wrong = file ? 0 : errno;
        if (!file) return;
        std::fclose(file);
        write(path);
    });
    if (status != FUDSV_OK) return status;
    std::string why = wrong ? cannot_be_written(path, wrong) : "";
    if (!text.empty() && !wrong) why = write_whole(path, {&text});
    return why.empty() ? status : refuse(model, FUDSV_EIO, FUDSV_KIND_USAGE, std::move(why));
}

}  // namespace

}  // namespace fudsv

#endif
