// What a stub of a DPI function and `fudsv_runtime.cpp` agree on. A stub stands for an imported function that nothing
// else in the link defines, and calls what the host bound. It knows no model.
#ifndef FUDSV_DPI_H
#define FUDSV_DPI_H

#include "svdpi.h"

extern "C" {

struct fudsv_dpi_binding {
    void (*function)();
    void* user;
};

/// By index of the import: which of them are stubs.
extern bool fudsv_dpi_stubs[];

/// What the host bound, or null. Leaves the evaluation if it bound nothing and there is nothing `else_linked` to call.
fudsv_dpi_binding fudsv_dpi_enter(unsigned index, bool else_linked);
/// Inside a handler: notes what was thrown through a bound function.
void fudsv_dpi_caught();
/// Behind the bound function: leaves the evaluation if the function failed.
void fudsv_dpi_leave(unsigned index);

}  // extern "C"

#endif
