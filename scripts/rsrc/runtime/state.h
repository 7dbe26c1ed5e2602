// The state of a model in a file. It does not know what the class puts into it.
#ifndef FUDSV_RUNTIME_STATE_H
#define FUDSV_RUNTIME_STATE_H

#include "life.h"

#include <memory>

namespace fudsv {

namespace {

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

/// Reads a saved state; says what is wrong with it, or nothing.
std::string read_file(const fudsv_model* model, const char* path, SavedHeader& header, std::string& state) {
    const std::string name = std::string("`") + path + "`";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path, "rb"), std::fclose};
    if (!file) return name + " cannot be read: " + std::strerror(errno);
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
    std::string wrong;
    const int32_t status = enter(*model->context, [&] {
        std::string state;
        model->design->save(model->context, model->top, state);
        SavedHeader header = header_of(model);
        header.size = state.size();
        header.checksum = checksum(state);
        const std::string head(reinterpret_cast<const char*>(&header), sizeof(header));
        wrong = write_whole(path, {&head, &state});
    });
    if (status != FUDSV_OK || wrong.empty()) return status;
    return refuse(model, FUDSV_EIO, FUDSV_KIND_USAGE, std::move(wrong));
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

}  // namespace

}  // namespace fudsv

#endif
