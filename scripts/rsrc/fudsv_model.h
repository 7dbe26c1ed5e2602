/* The C interface of a library that fudsv built from a hardware design. The same for every design.
 *
 * A library exports `fudsv_get_api` and, for people who want no table, typed functions `<name>_…` (see `<name>.h`).
 * Nothing throws across this interface and nothing in a model ends the process: `$finish`, `$stop`, `$error`,
 * `$fatal`, a failed assertion and a design that never settles come back as a status.
 *
 * Growing: tables and records only ever get new members at their end, and say their size. A host compares
 * `struct_size` before it uses a member that came later, and steps through arrays with the strides in
 * `fudsv_model_info`. `abi_version` changes only if that promise is broken.
 *
 * Threads: a model belongs to one thread at a time, and may move between threads; one that runs in several threads
 * itself (`threads` of its description) stays with the thread that created it, and answers others with FUDSV_ETHREAD. Loading a library, creating and
 * destroying models may happen in several threads at once. A library must not be unloaded.
 */
#ifndef FUDSV_MODEL_H
#define FUDSV_MODEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define FUDSV_API __attribute__((visibility("default")))
#else
#define FUDSV_API
#endif

#ifdef __cplusplus
#define FUDSV_NOEXCEPT noexcept
#else
#define FUDSV_NOEXCEPT
#endif

#define FUDSV_ABI_VERSION 1u
/** `FUDSVMDL`, the first eight bytes of the information about a model. */
#define FUDSV_MAGIC UINT64_C(0x4c444d5653445546)

/** What a call came to. Zero and above: the call was understood. Below zero: it was not, and nothing was changed. */
enum fudsv_status {
    FUDSV_OK = 0,
    /** `$finish` was reached: later evaluations do nothing and say so again. */
    FUDSV_FINISHED = 1,
    /** `$error`, a failed assertion or a missing memory file: the evaluation went on to its end and the model is
     *  usable. Or `$stop`: the evaluation ended there, and later ones do nothing and say so again. */
    FUDSV_STOPPED = 2,
    /** `$fatal`, a design that does not settle, an error of the simulator: the evaluation ended there and the model
     *  is poisoned. Its ports can still be read. */
    FUDSV_FATAL = 3,
    FUDSV_EINVAL = -1,    /**< a null or otherwise impossible argument */
    FUDSV_ENOPORT = -2,   /**< no port or DPI function has this index or name, or no element this index */
    FUDSV_EDIR = -3,      /**< an output cannot be written */
    FUDSV_EWIDTH = -4,    /**< the port cannot hold the value, or is wider than what is read into */
    FUDSV_ETYPE = -5,     /**< bits, real and string ports have accessors of their own */
    FUDSV_ENOTSUP = -6,   /**< this model has no such thing */
    FUDSV_EPOISONED = -7, /**< the model met FUDSV_FATAL before */
    FUDSV_ETHREAD = -8,   /**< the model is in use, by this thread or another; or it belongs to another */
    FUDSV_EABI = -9,      /**< built for another version of this interface */
    FUDSV_EIO = -10,      /**< a file could not be read or written */
    FUDSV_ENOMEM = -11    /**< no memory */
};

/** What a status came from. */
enum fudsv_kind {
    FUDSV_KIND_NONE = 0,
    FUDSV_KIND_FINISH = 1,        /**< `$finish` */
    FUDSV_KIND_STOP = 2,          /**< `$stop` */
    FUDSV_KIND_ERROR = 3,         /**< `$error` or a failed assertion */
    FUDSV_KIND_FATAL = 4,         /**< `$fatal` */
    FUDSV_KIND_NOT_CONVERGED = 5, /**< combinational logic that never settles */
    FUDSV_KIND_MEMORY_FILE = 6,   /**< `$readmemh` or `$readmemb` found no file */
    FUDSV_KIND_RUNTIME = 7,       /**< the simulator's own error, or a C++ exception */
    FUDSV_KIND_USAGE = 8,         /**< a call that was refused */
    FUDSV_KIND_DPI = 9            /**< a DPI function that is not bound, or that failed */
};

enum fudsv_direction {
    FUDSV_IN = 0,
    FUDSV_OUT = 1,
    FUDSV_INOUT = 2,
    FUDSV_PROBE = 3 /**< a signal inside of the design */
};
enum fudsv_value_kind { FUDSV_BITS = 0, FUDSV_REAL = 1, FUDSV_STRING = 2 };
enum fudsv_role {
    FUDSV_NO_ROLE = 0,
    FUDSV_CLOCK = 1,
    FUDSV_RESET_HIGH = 2, /**< a reset that holds while it is 1 */
    FUDSV_RESET_LOW = 3   /**< a reset that holds while it is 0 */
};
enum fudsv_type_kind { FUDSV_ENUM = 0, FUDSV_STRUCT = 1, FUDSV_UNION = 2 };

/** Bits of `fudsv_port.flags`. */
#define FUDSV_PORT_SIGNED 1u
#define FUDSV_PORT_ASCENDING 2u /**< declared as `[0:7]` */
#define FUDSV_PORT_SETTABLE 4u  /**< values may be written to it */

/** Bits of `fudsv_model_info.features`. */
#define FUDSV_FEATURE_TIMING 1u    /**< the design has delays */
#define FUDSV_FEATURE_TRACE_VCD 2u /**< `trace_open` writes VCD */
#define FUDSV_FEATURE_TRACE_FST 4u /**< `trace_open` writes FST */
#define FUDSV_FEATURE_COVERAGE 8u  /**< coverage is counted */
#define FUDSV_FEATURE_SAVABLE 16u  /**< `save` and `restore` work */

/** `next_event` when nothing is waiting for a time. */
#define FUDSV_NEVER UINT64_MAX

/** Bounds as they were declared. */
typedef struct fudsv_range {
    int32_t left;
    int32_t right;
} fudsv_range;

/** One port; ports are numbered from 0 in the order of the source. */
typedef struct fudsv_port {
    const char* name;  /**< as in the source */
    const char* cname; /**< the member of the Verilated class */
    uint32_t direction;
    uint32_t kind;
    uint32_t width; /**< bits of one element; 0 for real and string */
    int32_t msb;    /**< index of the leftmost bit, as declared */
    int32_t lsb;    /**< index of the rightmost bit, as declared */
    uint32_t flags;
    uint32_t role;
    uint32_t storage;  /**< bytes of one element behind `port_ptr` */
    uint32_t words;    /**< 32-bit words of one element */
    uint32_t elements; /**< how many elements the unpacked dimensions make; 1 without any */
    int32_t type;      /**< index of an enum, struct or union, or -1 */
    uint32_t packed_count;
    const fudsv_range* packed; /**< packed dimensions, outermost first */
    uint32_t unpacked_count;
    const fudsv_range* unpacked; /**< unpacked dimensions, outermost first */
} fudsv_port;

/** One parameter of the top module, with the value it was built with. */
typedef struct fudsv_param {
    const char* name;
    const char* value; /**< decimal to 64 bits, `0x…` beyond, `4'b1x0z` with unknown bits, or the text */
    uint32_t kind;
    uint32_t width;
    uint32_t is_signed;
} fudsv_param;

/** One name of an enum. */
typedef struct fudsv_item {
    const char* name;
    const uint32_t* words; /**< the value, lowest word first */
    uint32_t word_count;
} fudsv_item;

/** One member of a packed struct or union. */
typedef struct fudsv_member {
    const char* name;
    uint32_t lsb; /**< its lowest bit in the value */
    uint32_t width;
    uint32_t is_signed;
    int32_t type; /**< index of an enum, struct or union, or -1 */
} fudsv_member;

/** An enum, or a packed struct or union with its members in the order of the source. */
typedef struct fudsv_type {
    const char* name;
    uint32_t kind;
    uint32_t width;
    uint32_t is_signed;
    uint32_t item_count;
    const fudsv_item* items;
    uint32_t member_count;
    const fudsv_member* members;
} fudsv_type;

/** What one element of a DPI argument is. */
enum fudsv_dpi_kind {
    FUDSV_DPI_VOID = 0,         /**< nothing; the result of a task too, though its C type is `int`: return 0 */
    FUDSV_DPI_INTEGER = 1,      /**< `char`, `short`, `int` or `long long`, maybe unsigned */
    FUDSV_DPI_BIT = 2,          /**< `svBit`, a byte of 0 or 1 */
    FUDSV_DPI_LOGIC = 3,        /**< `svLogic`, a byte of 0, 1, 2 (z) or 3 (x) */
    FUDSV_DPI_BIT_VECTOR = 4,   /**< `svBitVecVal`, words of 32 bits, lowest first */
    FUDSV_DPI_LOGIC_VECTOR = 5, /**< `svLogicVecVal`, pairs of words, lowest first */
    FUDSV_DPI_REAL = 6,         /**< `double` */
    FUDSV_DPI_STRING = 7,       /**< `const char*` */
    FUDSV_DPI_CHANDLE = 8,      /**< `void*` */
    FUDSV_DPI_OPEN_ARRAY = 9    /**< `svOpenArrayHandle` */
};

/** An argument or the result of a DPI function. */
typedef struct fudsv_dpi_value {
    const char* name;   /**< null for a result */
    const char* c_type; /**< as in the prototype */
    uint32_t direction; /**< seen from the function; FUDSV_OUT for a result */
    uint32_t kind;
    uint32_t width; /**< bits of one element; 0 for real, string and chandle */
    uint32_t is_signed;
    uint32_t elements; /**< of an unpacked array, one after the other; 1 for what is none, 0 for an open array */
} fudsv_dpi_value;

/** A DPI function. The types of `svdpi.h` are part of its prototype. */
typedef struct fudsv_dpi_function {
    const char* name;      /**< in C */
    const char* prototype; /**< `int f(int a, svBitVecVal* b)`, as Verilator declares it */
    const char* file;      /**< where the design declares it */
    int32_t line;
    fudsv_dpi_value result;
    uint32_t argument_count;
    const fudsv_dpi_value* arguments;
    /** Of an export: `<name>_dpi_<function>` of the typed interface, which returns a `fudsv_status`. Its arguments
     *  are the model, those of the prototype, and if there is a result a pointer to it. Null for an import. */
    void (*call)(void);
} fudsv_dpi_function;

/** Everything a host may want to know before it creates a model. Static: never freed. */
typedef struct fudsv_model_info {
    uint64_t magic;
    uint32_t struct_size;
    uint32_t schema;
    const char* name;       /**< of the library */
    const char* top;        /**< module */
    const char* class_name; /**< Verilated class */
    const char* verilator;  /**< version */
    const char* fudsv;      /**< version */
    const char* build_id;   /**< changes with sources, flags and tools */
    uint64_t features;
    int32_t time_unit;      /**< power of ten of a second */
    int32_t time_precision; /**< power of ten of a second: what `time` counts */
    uint32_t port_count;
    uint32_t port_stride;
    const fudsv_port* ports;
    uint32_t param_count;
    uint32_t param_stride;
    const fudsv_param* params;
    uint32_t type_count;
    uint32_t type_stride;
    const fudsv_type* types;
    uint32_t item_stride;
    uint32_t member_stride;
    uint32_t dpi_stride;
    uint32_t dpi_value_stride;
    uint32_t dpi_import_count;
    uint32_t dpi_export_count;
    const fudsv_dpi_function* dpi_imports; /**< functions that the design calls */
    const fudsv_dpi_function* dpi_exports; /**< functions of the design */
    uint32_t probe_count;
    uint32_t threads; /**< how many a model runs in: 1, or what `verilator.threads` says */
    /** Signals inside of the design (`verilator.probes`), named by their paths below the top and with the stride of ports.
     *  Functions that read ports read them too: the first has the index `port_count`. */
    const fudsv_port* probes;
} fudsv_model_info;

/** A running instance of the design. */
typedef struct fudsv_model fudsv_model;

/** Gets what the design prints; `text` is not terminated. It may read the model, and must not evaluate it. */
typedef void (*fudsv_output_fn)(void* user, const char* text, size_t size);

/** How to create a model. Zero everything, set `struct_size` and what you want. */
typedef struct fudsv_options {
    uint32_t struct_size;
    uint32_t argc;           /**< how many `argv` */
    const char* const* argv; /**< `+plusargs`; there is no program name in front */
    const char* scope;       /**< name of the top scope; null: as in Verilator's own programs, `TOP` before 5.030, then "" */
    uint64_t seed;           /**< of `$random`, any number; 0 for the simulator's own, unless `is_seeded` */
    int32_t random_reset;    /**< initial values: 0 zeros, 1 ones, 2 random */
    uint32_t is_seeded;      /**< 1: `seed` is one, 0 too */
    fudsv_output_fn output; /**< null prints to standard output */
    void* user;
} fudsv_options;

/** Where a status came from; the caller owns the buffers, texts are cut to fit and always terminated. */
typedef struct fudsv_status_info {
    uint32_t struct_size; /**< in: `sizeof(fudsv_status_info)` */
    int32_t status;       /**< the last one that was not FUDSV_OK */
    uint32_t kind;
    int32_t line;
    uint64_t errors;   /**< `$error`s, failed assertions and missing memory files since `create` */
    uint64_t warnings; /**< of the simulator, since `create` */
    char* file;        /**< in: buffer or null */
    size_t file_size;
    char* message; /**< in: buffer or null */
    size_t message_size;
} fudsv_status_info;

/** For `tick`: the one clock of the design. */
#define FUDSV_THE_CLOCK UINT32_MAX

/** What a library can do. Every function returns a `fudsv_status` unless it says otherwise.
 *
 * Values: bits beyond the width of a port are dropped when it is written; a signed port is sign-extended to whatever
 * it is read into. `element` counts through the unpacked dimensions from their lowest indices, the last dimension
 * fastest; it is 0 for a port without any.
 */
typedef struct fudsv_api {
    uint32_t abi_version;
    uint32_t struct_size;
    const fudsv_model_info* info;

    int32_t (*create)(const fudsv_options* options, fudsv_model** model);
    /** Runs `final` blocks that have not run, ends a waveform file that is open, and frees the model. The status is that of
     *  `final`, else FUDSV_EIO for the file; the model is gone in each case. A model that was ended in the middle of an
     *  evaluation cannot be taken apart safely and is kept until the process ends. */
    int32_t (*destroy)(fudsv_model* model);
    int32_t (*eval)(fudsv_model* model);
    int32_t (*final)(fudsv_model* model);
    int32_t (*get_time)(fudsv_model* model, uint64_t* time);
    int32_t (*set_time)(fudsv_model* model, uint64_t time);
    /** `port` 0, evaluate, `port` 1, evaluate; `count` times. In a design without delays each half adds 1 to time. */
    int32_t (*tick)(fudsv_model* model, uint32_t port, uint32_t count);
    /** Holds every reset through `cycles` ticks of every clock (one evaluation if there is none), then releases
     *  them and evaluates. */
    int32_t (*reset)(fudsv_model* model, uint32_t cycles);

    /** The index of a port, or FUDSV_ENOPORT. */
    int32_t (*find_port)(const char* name);
    /** What sets bits takes what the port can hold: `set_u64` numbers, `set_i64` also negative ones in two's complement,
     *  `set_words` numbers, for a signed port also negative ones. All else is FUDSV_EWIDTH. */
    int32_t (*get_u64)(fudsv_model* model, uint32_t port, uint32_t element, uint64_t* value);
    int32_t (*set_u64)(fudsv_model* model, uint32_t port, uint32_t element, uint64_t value);
    int32_t (*get_i64)(fudsv_model* model, uint32_t port, uint32_t element, int64_t* value);
    int32_t (*set_i64)(fudsv_model* model, uint32_t port, uint32_t element, int64_t value);
    /** Lowest word first; `count` may exceed the words of the port, and must not be less when reading. */
    int32_t (*get_words)(fudsv_model* model, uint32_t port, uint32_t element, uint32_t* words, size_t count);
    int32_t (*set_words)(fudsv_model* model, uint32_t port, uint32_t element, const uint32_t* words, size_t count);
    int32_t (*get_real)(fudsv_model* model, uint32_t port, uint32_t element, double* value);
    int32_t (*set_real)(fudsv_model* model, uint32_t port, uint32_t element, double value);
    /** Copies at most `size` bytes, terminated; `length` (may be null) gets the full length. */
    int32_t (*get_string)(fudsv_model* model, uint32_t port, uint32_t element, char* buffer, size_t size,
                          size_t* length);
    int32_t (*set_string)(fudsv_model* model, uint32_t port, uint32_t element, const char* value);
    /** The storage of element 0, valid as long as the model: 1, 2, 4 or 8 bytes or 32-bit words for each element.
     *  Who writes there keeps the bits beyond the width at 0. Not for strings. */
    int32_t (*port_ptr)(fudsv_model* model, uint32_t port, void** storage);
    /** `model` may be null: then about the last `create` or `destroy` of this thread that failed. */
    int32_t (*status_info)(fudsv_model* model, fudsv_status_info* info);

    /** The time for which a delay in the design waits next, or FUDSV_NEVER. */
    int32_t (*next_event)(fudsv_model* model, uint64_t* time);

    /** Starts a waveform file, after closing the one that is open. `levels` of the hierarchy are in it, 0 means all.
     *  Until it is closed, every evaluation adds to it, those in `tick` and `reset` too, and `$dumpvars` of the
     *  design adds nothing to the design's own file; if `$dumpfile` has named this very path, it is left to the design.
     *  FUDSV_ENOTSUP if the model was built without tracing, FUDSV_EIO if the file (or the one before, to its end) cannot
     *  be written; `status_info` says so in words. An evaluation that cannot add to the file (a disk that is full) goes
     *  on to its end, closes the file and is FUDSV_FATAL. */
    int32_t (*trace_open)(fudsv_model* model, const char* path, uint32_t levels);
    /** Adds the values of now, at the time of the model, to the open file, without an evaluation; FUDSV_EINVAL if
     *  there is none. */
    int32_t (*trace_dump)(fudsv_model* model);
    /** Writes to the file what was dumped so far, as far as its format allows. */
    int32_t (*trace_flush)(fudsv_model* model);
    /** Ends the file. `destroy` does so too; without an open file it does nothing. FUDSV_EIO if what is left cannot be
     *  written. */
    int32_t (*trace_close)(fudsv_model* model);

    /** Writes what coverage counted so far. FUDSV_ENOTSUP if the model was built without coverage, FUDSV_EIO if the file
     *  cannot be written. */
    int32_t (*coverage_write)(fudsv_model* model, const char* path);

    /** The index of an imported DPI function, or FUDSV_ENOPORT. */
    int32_t (*find_dpi)(const char* name);
    /** Lets the design call `function` for the import `index`: it gets `user`, then the arguments of the prototype.
     *  It may read the model, write its inputs and call its exports, and must not evaluate it; nothing may be thrown
     *  through it. A function that is called and not bound ends the evaluation with FUDSV_FATAL. Null takes the
     *  binding back. FUDSV_ENOTSUP if the function is linked into the library. */
    int32_t (*dpi_bind)(fudsv_model* model, uint32_t index, void (*function)(void), void* user);
    /** For a bound function that cannot go on: as soon as it returns, the evaluation ends with FUDSV_FATAL and this
     *  message. FUDSV_EINVAL outside of one. */
    int32_t (*dpi_fail)(fudsv_model* model, const char* message);

    /** Evaluates now and whenever a delay in the design is over, until `time`, which then is the time of the model;
     *  in a design without delays it sets the time and evaluates. It stops early with what ends the design.
     *  FUDSV_EINVAL if `time` is past. */
    int32_t (*run_until)(fudsv_model* model, uint64_t time);

    /** Writes the state of the design, its time and whether it has finished. FUDSV_ENOTSUP if the model was built
     *  without `verilator.savable`, FUDSV_EIO if the file cannot be written; not after `$stop` or FUDSV_FATAL. */
    int32_t (*save)(fudsv_model* model, const char* path);
    /** Goes back to a state that a model of this very build saved; bindings of DPI functions stay as they are. FUDSV_EIO
     *  if the file cannot be read, is damaged or of another build; `status_info` says which, and nothing was changed.
     *  FUDSV_EINVAL while a waveform file is open, in which time would go back. */
    int32_t (*restore)(fudsv_model* model, const char* path);

    /** The index of a signal inside of the design, to be used as that of a port, or FUDSV_ENOPORT. */
    int32_t (*find_probe)(const char* path);
    /** Forgets what coverage counted so far. FUDSV_ENOTSUP if the model was built without coverage. */
    int32_t (*coverage_zero)(fudsv_model* model);
    /** Ends the open waveform file and goes on in `path`, with the same levels of the hierarchy. FUDSV_EINVAL if there
     *  is none; FUDSV_EIO if the new file cannot be written, and then none is open. */
    int32_t (*trace_rotate)(fudsv_model* model, const char* path);
} fudsv_api;

/** The table, or null if this library does not speak version `abi` (pass FUDSV_ABI_VERSION). */
FUDSV_API const fudsv_api* fudsv_get_api(uint32_t abi) FUDSV_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
