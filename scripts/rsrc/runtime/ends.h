// What Verilator calls where it would print or end the process: it becomes a status of the model that runs.
// It does not know which call the model runs in.
#ifndef FUDSV_RUNTIME_ENDS_H
#define FUDSV_RUNTIME_ENDS_H

#include "context.h"

#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <stdexcept>

namespace fudsv {

namespace {

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
    Context& context = *this_thread.current;
    const bool is_second = context.gotFinish();
    context.gotFinish(true);
    context.ended = std::max<int32_t>(context.ended, FUDSV_FINISHED);
    record(context, FUDSV_FINISHED, FUDSV_KIND_FINISH, file, line, "$finish");
#ifdef FUDSV_SECOND_FINISH_EXITS
    // Where Verilator would exit, without `final` blocks. A design may rely on it: loops of such a Verilator do not look
    // whether the design has finished.
    if (is_second) {
        context.final_ran = true;
        leave(context);
    }
#else
    static_cast<void>(is_second);
#endif
}

/// `$stop` or an error after `$finish`, in the same time slot: Verilators that know whether `final` blocks run ignore it.
template <class AnyContext>
auto is_over(const AnyContext& context, int) -> decltype(context.executingFinal()) {
    return context.gotFinish() && !context.executingFinal();
}

/// The same for Verilators that do not know it.
template <class AnyContext>
bool is_over(const AnyContext&, ...) {
    return false;
}

/// What Verilator's writer of VCD says of a disk that is full, behind this.
constexpr const char* const FILE_FAILURE = "VerilatedVcd::bufferFlush: ";

bool is_file_failure(const char* message) {
    return std::strncmp(message, FILE_FAILURE, std::strlen(FILE_FAILURE)) == 0;
}

/// A waveform file cannot be written on. Never leaves: the writer holds a lock, and closes the file when this returns.
void on_file_failure(const char* message) {
    const char* const why = message + std::strlen(FILE_FAILURE);
    if (!this_thread.current) {
        std::fprintf(stderr, "%%Error: a waveform file cannot be written: %s\n", why);
        return;
    }
    Context& context = *this_thread.current;
    const std::string file = context.written ? *context.written : context.dumpfile();
    std::string text = "`" + file + "` cannot be written: " + why;
    if (context.is_file_call) {
        context.file_failure = std::move(text);
        return;
    }
    context.gotError(true);
    context.gotFinish(true);
    context.ended = FUDSV_FATAL;
    record(context, FUDSV_FATAL, FUDSV_KIND_RUNTIME, "", 0, std::move(text));
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
    if (is_over(*this_thread.current, 0)) return;
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
    if (fudsv::is_file_failure(msg)) return fudsv::on_file_failure(msg);
    if (!fudsv::this_thread.current) fudsv::no_model(msg);
    const bool converged = std::strstr(msg, "converge") == nullptr;
    fudsv::on_fatal(converged ? FUDSV_KIND_RUNTIME : FUDSV_KIND_NOT_CONVERGED, filename, linenum, msg);
}

void vl_warn(const char* filename, int linenum, const char*, const char* msg) VL_MT_UNSAFE {
    if (!fudsv::this_thread.current) fudsv::no_model(msg);
    fudsv::on_warning(filename, linenum, msg);
}

#endif
