// What typed ports are set to, and how they are written: for `drive.cpp`, which a test generates for each design.
#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <type_traits>

/// Words of a hexadecimal number, lowest first.
using Words = std::array<uint32_t, 16>;

inline Words parse(const std::string& text) {
    Words words{};
    for (size_t n = 0; n < text.size(); ++n) {
        const char digit = text[text.size() - 1 - n];
        const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
        words[n / 8] |= static_cast<uint32_t>(value) << n % 8 * 4;
    }
    return words;
}

/// Takes the next numbers for a port of any type.
struct Reader {
    std::ifstream from;
    std::string text{};
    bool more = true;

    template <class T>
    void take(T& value) {
        more = static_cast<bool>(from >> text);
        const Words words = parse(more ? text : "0");
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
