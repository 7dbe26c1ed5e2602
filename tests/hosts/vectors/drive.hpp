// What typed ports are set to, and how they are written: for `drive.cpp`, which a test generates for each design.
#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <type_traits>

/// Words of a hexadecimal number, lowest first, a negative one in two's complement.
using Words = std::array<uint32_t, 16>;

inline Words parse(const std::string& text) {
    Words words{};
    const bool is_negative = text[0] == '-';
    for (size_t n = 0; n < text.size() - is_negative; ++n) {
        const char digit = text[text.size() - 1 - n];
        const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
        words[n / 8] |= static_cast<uint32_t>(value) << n % 8 * 4;
    }
    uint64_t carry = 1;
    for (size_t n = 0; n < words.size() && is_negative; ++n) {
        carry += static_cast<uint32_t>(~words[n]);
        words[n] = static_cast<uint32_t>(carry);
        carry >>= 32;
    }
    return words;
}

/// Takes the next numbers for a port of any type.
struct Reader {
    std::ifstream from;
    std::string text{};

    /// Whether there is another line.
    bool next() {
        from >> std::ws;
        return !from.eof();
    }

    /// Gives the next number to a port, in the widest type for it; says whether it was refused, or has no type.
    template <class T, class Set>
    void give(std::ofstream& to, Set set) {
        from >> text;
        const Words words = parse(text);
        const bool is_negative = text[0] == '-';
        const uint64_t low = words[0] | uint64_t{words[1]} << 32;
        const auto goes_on = [&](size_t from_word) {
            for (size_t n = from_word; n < words.size(); ++n) {
                if (words[n] != (is_negative ? ~uint32_t{0} : 0)) return true;
            }
            return false;
        };
        try {
            if constexpr (!std::is_integral_v<T>) {
                typename T::Words own{};
                for (size_t n = 0; n < own.size(); ++n) own[n] = words[n];
                if (goes_on(own.size())) throw fudsv::Error(FUDSV_EWIDTH, FUDSV_KIND_USAGE, "", 0, "no type");
                set(T(own));
            } else if (goes_on(2) || (is_negative && low >> 63 == 0)) {
                throw fudsv::Error(FUDSV_EWIDTH, FUDSV_KIND_USAGE, "", 0, "no type");
            } else if (is_negative) {
                set(static_cast<int64_t>(low));
            } else {
                set(low);
            }
        } catch (const fudsv::Error& error) {
            if (error.status() != FUDSV_EWIDTH) throw;
            to << "refused ";
        }
    }

    template <class T>
    void take(T& value) {
        from >> text;
        const Words words = parse(text);
        const uint64_t low = words[0] | uint64_t{words[1]} << 32;
        if constexpr (std::is_same_v<T, bool>) {
            value = low & 1;
        } else if constexpr (std::is_integral_v<T>) {
            value = static_cast<T>(low);
        } else {
            typename T::Words own{};
            for (size_t n = 0; n < own.size(); ++n) own[n] = words[n];
            value = T(own);
        }
    }

    template <class T, size_t N>
    void take(std::array<T, N>& values) {
        for (T& value : values) take(value);
    }
};

/// Writes ports of any type as hexadecimal numbers of so many bits.
template <unsigned W>
struct Writer {
    std::ofstream& to;

    template <class T>
    void put(const T& value) {
        if constexpr (std::is_integral_v<T>) {
            to << fudsv::Bits<W>(static_cast<uint64_t>(value)).to_hex() << ' ';
        } else {
            to << value.to_hex() << ' ';
        }
    }

    template <class T, size_t N>
    void put(const std::array<T, N>& values) {
        for (const T& value : values) put(value);
    }
};
