// Ports and probes by index: finding, reading and setting them. It does not evaluate.
#ifndef FUDSV_RUNTIME_PORTS_H
#define FUDSV_RUNTIME_PORTS_H

#include "context.h"

#include <algorithm>
#include <vector>

namespace fudsv {

namespace {

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

/// Whether a port holds a value of 64 bits, which is negative where `fill` is not 0.
bool holds(const fudsv_port& port, uint64_t value, uint32_t fill) {
    if (port.width >= 64) return true;
    if (fill) return static_cast<int64_t>(value) >> (port.width - 1) == -1;
    return value >> port.width == 0;
}

/// Sets a port to a value of 64 bits, continued above by `fill`.
int32_t set_64(fudsv_model* model, uint32_t port, uint32_t element, uint64_t value, uint32_t fill) noexcept {
    const Place place = find_to_set(model, port, element, FUDSV_BITS);
    if (place.status != FUDSV_OK) return place.status;
    if (!holds(*place.port, value, fill)) return FUDSV_EWIDTH;
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
    if (!words_fit(words, count, place.port->width, is_signed(*place.port))) return FUDSV_EWIDTH;
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

}  // namespace

}  // namespace fudsv

#endif
