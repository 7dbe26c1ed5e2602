// What the C++ tests say when something does not hold.
#include <cstdio>
#include <cstdlib>
#include <string>

inline void check_that(bool holds, const char* what, int line) {
    if (holds) return;
    std::fprintf(stderr, "line %d: %s\n", line, what);
    std::exit(1);
}
#define CHECK(condition) check_that(condition, #condition, __LINE__)

/// What an action throws, in words.
template <class Kind, class Action>
std::string thrown(Action action) {
    try {
        action();
    } catch (const Kind& error) {
        return error.what();
    }
    return "nothing";
}
