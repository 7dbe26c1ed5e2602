// Included before everything else when the sources of Verilator's runtime are compiled, and only then.
// Sends what the runtime prints to `fudsv_runtime.cpp`, which also defines what the VL_USER macros leave out.
#ifndef FUDSV_HOOKS_H
#define FUDSV_HOOKS_H

#ifndef VL_USER_FINISH
#define VL_USER_FINISH
#endif
#ifndef VL_USER_STOP
#define VL_USER_STOP
#endif
#ifndef VL_USER_FATAL
#define VL_USER_FATAL
#endif
#ifndef VL_USER_WARN
#define VL_USER_WARN
#endif

extern "C" int fudsv_printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
#define VL_PRINTF fudsv_printf

#endif
