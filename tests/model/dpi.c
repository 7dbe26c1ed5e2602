/* Binds, calls and fails the DPI functions of `dpi.sv`; with the argument `timed`, of a model with delays,
 * with `threaded` of one that runs in two threads, in which bound functions call no exports. */
#include "dpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

static int timed;
static int threaded;
static int calls;

static void fail(int line, const char* what) {
    fprintf(stderr, "dpi.c:%d: %s\n", line, what);
    exit(1);
}

static void quiet(void* user, const char* text, size_t size) {
    (void)user, (void)text, (void)size;
}

static int integers(void* user, char a, short b, int c, long long d, long long* e, int* f) {
    ++*(int*)user;
    *e = a + b + c + d;
    *f += 1;
    return c;
}

static unsigned long long naturals(void* user, unsigned char a, unsigned int b, unsigned short* c) {
    (void)user;
    *c = 65535;
    return (unsigned long long)a + b;
}

static svBit scalars(void* user, svBit a, svLogic b, svBit* c, svLogic* d) {
    (void)user;
    *c = a;
    *d = !b;
    return 1;
}

static svBitVecVal vectors(void* user, const svBitVecVal* a, const svLogicVecVal* b, svBitVecVal* c, svLogicVecVal* d) {
    (void)user;
    memcpy(c, a, 4 * sizeof *c);
    c[3] &= 15;
    d->aval = b->aval & 127;
    d->bval = 0;
    return 5;
}

static void shapes(void* user, const svLogicVecVal* a, const svLogicVecVal* b, svLogicVecVal* c) {
    (void)user;
    EXPECT(a->aval == 2 && b[0].aval == 0x123 && (b[1].aval >> 29 | (b[2].aval & 1) << 3) == 9);
    c->aval = 1;
    c->bval = 0;
}

static const char* texts(void* user, const char* a, const char** b) {
    (void)user;
    EXPECT(strcmp(a, "hello") == 0);
    *b = "worlds";
    return "ab";
}

static double reals(void* user, double a, double* b) {
    (void)user;
    *b = a * 2;
    return a + 1;
}

static void* chandles(void* user, void* handle) {
    EXPECT(handle == NULL);
    return user;
}

static void arrays(void* user, const int* a, svBitVecVal* b) {
    int i;
    (void)user;
    for (i = 0; i < 6; ++i) b[i] = (svBitVecVal)(i < 4 ? a[i] : i * 10);
}

static int task(void* user, int a, int* b) {
    (void)user;
    *b = a + 1;
    return 0;
}

/* Reads the model, calls what it exports, and may not evaluate it. */
static void outer_call(void* user) {
    fudsv_model* const model = user;
    const svBitVecVal wide[4] = {0x80000000u, 1, 2, 15};
    svBitVecVal twice[4];
    long long sum = 0;
    int out = 0;
    EXPECT(dpi_get_a(model) == 200);
    EXPECT(dpi_eval(model) == FUDSV_ETHREAD && dpi_tick(model) == FUDSV_ETHREAD);
    EXPECT(dpi_dpi_outer_add(model, 2000000000, &sum) == FUDSV_OK && sum == 2000000200);
    EXPECT(dpi_dpi_outer_add(model, 1, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_outer_c_name(model, "wide", wide, twice) == FUDSV_OK);
    EXPECT(twice[0] == 0 && twice[1] == 3 && twice[2] == 4 && twice[3] == 14);
    EXPECT(dpi_dpi_outer_task(model, 33, &out) == FUDSV_OK && out == 33);
    EXPECT(dpi_dpi_outer_fatal(model, 0) == FUDSV_OK);
    ++calls;
}

/* Called out of the instance `inner`, whose export it calls. */
static int inner_call(void* user, int a) {
    int sum = 0;
    EXPECT(dpi_dpi_inner_add(user, a, &sum) == FUDSV_OK);
    return sum;
}

static void outer_fatal(void* user) {
    fudsv_model* const model = user;
    EXPECT(dpi_dpi_outer_fatal(model, 2) == FUDSV_FATAL);
    EXPECT(dpi_dpi_outer_fatal(model, 0) == FUDSV_EPOISONED);
    ++calls;
}

static void outer_finish(void* user) {
    EXPECT(dpi_dpi_outer_fatal(user, 3) == FUDSV_FINISHED);
}

static void outer_error(void* user) {
    EXPECT(dpi_dpi_outer_fatal(user, 1) == FUDSV_STOPPED);
}

static int failing(void* user, int a) {
    const fudsv_api* const api = fudsv_get_api(FUDSV_ABI_VERSION);
    EXPECT(api->dpi_fail(user, "five is too much") == FUDSV_OK);
    EXPECT(api->dpi_fail(user, "and another thing") == FUDSV_OK);
    return a;
}

static fudsv_model* created(void) {
    const fudsv_api* const api = fudsv_get_api(FUDSV_ABI_VERSION);
    fudsv_options options;
    fudsv_model* model = NULL;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.output = quiet;
    EXPECT(api->create(&options, &model) == FUDSV_OK);
    EXPECT(dpi_eval(model) == FUDSV_OK);
    EXPECT(dpi_dpi_integers_bind(model, integers, &calls) == FUDSV_OK);
    EXPECT(dpi_dpi_naturals_bind(model, naturals, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_scalars_bind(model, scalars, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_vectors_bind(model, vectors, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_shapes_bind(model, shapes, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_texts_bind(model, texts, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_reals_bind(model, reals, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_chandles_bind(model, chandles, &calls) == FUDSV_OK);
    EXPECT(dpi_dpi_arrays_bind(model, arrays, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_c_name_bind(model, task, NULL) == FUDSV_OK);
    EXPECT(dpi_dpi_outer_call_bind(model, outer_call, model) == FUDSV_OK);
    EXPECT(dpi_dpi_inner_call_bind(model, inner_call, model) == FUDSV_OK);
    EXPECT(dpi_dpi_failing_bind(model, failing, model) == FUDSV_OK);
    dpi_set_a(model, 200);
    return model;
}

/* One call of the design. */
static int32_t step(fudsv_model* model, uint32_t how) {
    dpi_set_how(model, how);
    if (!timed) return dpi_tick(model);
    dpi_set_time(model, dpi_time(model) + 1);
    return dpi_eval(model);
}

static void expect_status(fudsv_model* model, int32_t status, uint32_t kind, const char* text, int here) {
    const fudsv_api* const api = fudsv_get_api(FUDSV_ABI_VERSION);
    fudsv_status_info info;
    char message[200], file[200];
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    info.message = message;
    info.message_size = sizeof message;
    info.file = file;
    info.file_size = sizeof file;
    EXPECT(api->status_info(model, &info) == FUDSV_OK);
    if (info.status != status || info.kind != kind || !strstr(message, text) || (here && !strstr(file, "dpi.sv"))) {
        fprintf(stderr, "%d %u %s:%d: %s; not %s\n", (int)info.status, info.kind, file, (int)info.line, message, text);
        exit(1);
    }
}

static void values_cross(void) {
    const unsigned long long expected[13] = {
        0, (unsigned long long)(-3 - 10 + 8), 255ull + 4294967295u + 65535, 111, 5 + 0x1234567890ull, 1, 206, 253, 1, 50001,
        21, 0, 103,
    };
    fudsv_model* const model = created();
    uint32_t how;
    for (how = 1; how <= 12; ++how) {
        if (threaded && how > 10) continue;
        EXPECT(step(model, how) == FUDSV_OK);
        if (how == 4) continue;
        if (dpi_get_sum(model) != expected[how]) {
            fprintf(stderr, "how %u: %llu\n", how, (unsigned long long)dpi_get_sum(model));
            exit(1);
        }
    }
    EXPECT(step(model, 4) == FUDSV_OK && dpi_get_sum(model) == 5 + 0x123456789ull + 127);
    EXPECT(step(model, 15) == FUDSV_OK && dpi_get_sum(model) == 1005);
    EXPECT(dpi_get_called(model) == (threaded ? 12 : 14));
    dpi_free(model);
}

static void exports_run_outside_of_an_evaluation(void) {
    fudsv_model* const one = created();
    fudsv_model* const two = created();
    long long sum = 0;
    int inner = 0;
    dpi_set_a(two, 1);
    EXPECT(dpi_dpi_outer_add(one, 5, &sum) == FUDSV_OK && sum == 205);
    EXPECT(dpi_dpi_outer_add(two, 5, &sum) == FUDSV_OK && sum == 6);
    EXPECT(dpi_dpi_inner_add(two, 5, &inner) == FUDSV_OK && inner == 105);
    EXPECT(dpi_dpi_outer_add(NULL, 5, &sum) == FUDSV_EINVAL);
    EXPECT(dpi_dpi_outer_fatal(one, 1) == FUDSV_STOPPED);
    EXPECT(dpi_dpi_outer_fatal(one, 2) == FUDSV_FATAL);
    expect_status(one, FUDSV_FATAL, FUDSV_KIND_FATAL, "severity is 2", 1);
    EXPECT(dpi_dpi_outer_add(one, 5, &sum) == FUDSV_EPOISONED);
    EXPECT(dpi_dpi_outer_fatal(two, 3) == FUDSV_FINISHED);
    dpi_free(one);
    dpi_free(two);
}

static void failures_end_the_evaluation(void) {
    fudsv_model* model = created();
    EXPECT(step(model, 14) == FUDSV_FATAL);
    expect_status(model, FUDSV_FATAL, FUDSV_KIND_DPI, "the DPI function `missing` is not bound", 1);
    EXPECT(step(model, 1) == FUDSV_EPOISONED);
    dpi_free(model);

    model = created();
    EXPECT(step(model, 13) == FUDSV_FATAL);
    expect_status(model, FUDSV_FATAL, FUDSV_KIND_DPI, "five is too much", 1);
    EXPECT(step(model, 1) == FUDSV_EPOISONED);
    dpi_free(model);

    if (threaded) return;
    model = created();
    EXPECT(step(model, 16) == FUDSV_FATAL);
    expect_status(model, FUDSV_FATAL, FUDSV_KIND_DPI, "a DPI function called `pthread_exit`", 0);
    dpi_free(model);

    model = created();
    EXPECT(dpi_dpi_outer_call_bind(model, outer_fatal, model) == FUDSV_OK);
    EXPECT(step(model, 11) == FUDSV_FATAL);
    expect_status(model, FUDSV_FATAL, FUDSV_KIND_FATAL, "severity is 2", 1);
    dpi_free(model);

    model = created();
    EXPECT(dpi_dpi_outer_call_bind(model, outer_error, model) == FUDSV_OK);
    EXPECT(step(model, 11) == FUDSV_STOPPED && dpi_get_called(model) == 1);
    EXPECT(dpi_dpi_outer_call_bind(model, outer_finish, model) == FUDSV_OK);
    EXPECT(step(model, 11) == FUDSV_FINISHED && dpi_get_called(model) == 2);
    EXPECT(step(model, 11) == FUDSV_FINISHED && dpi_get_called(model) == 2);
    dpi_free(model);

    model = created();
    EXPECT(dpi_dpi_integers_bind(model, NULL, NULL) == FUDSV_OK);
    EXPECT(step(model, 1) == FUDSV_FATAL);
    dpi_free(model);
}

static void the_table_says_what_there_is(void) {
    const fudsv_api* const api = fudsv_get_api(FUDSV_ABI_VERSION);
    const fudsv_model_info* const info = api->info;
    const int32_t index = api->find_dpi("vectors");
    const fudsv_dpi_function* const found = &info->dpi_imports[index];
    fudsv_model* const model = created();
    EXPECT(info->dpi_import_count == 15 && info->dpi_export_count == 5);
    EXPECT(info->dpi_stride == sizeof(fudsv_dpi_function) && info->dpi_value_stride == sizeof(fudsv_dpi_value));
    EXPECT(strcmp(found->prototype, "svBitVecVal vectors(const svBitVecVal* a, const svLogicVecVal* b, "
                                    "svBitVecVal* c, svLogicVecVal* d)") == 0);
    EXPECT(strstr(found->file, "dpi.sv") && found->line > 0 && !found->call && found->argument_count == 4);
    EXPECT(found->arguments[0].width == 100 && found->arguments[0].direction == FUDSV_IN);
    EXPECT(found->arguments[1].is_signed && found->arguments[1].kind == FUDSV_DPI_LOGIC_VECTOR);
    EXPECT(found->arguments[2].direction == FUDSV_OUT && strcmp(found->arguments[2].c_type, "svBitVecVal*") == 0);
    EXPECT(info->dpi_exports[1].call == (void (*)(void))dpi_dpi_outer_add);
    EXPECT(api->find_dpi("nothing") == FUDSV_ENOPORT && api->find_dpi(NULL) == FUDSV_EINVAL);
    EXPECT(api->dpi_bind(NULL, 0, NULL, NULL) == FUDSV_EINVAL);
    EXPECT(api->dpi_bind(model, info->dpi_import_count, NULL, NULL) == FUDSV_ENOPORT);
    EXPECT(api->dpi_fail(model, "not now") == FUDSV_EINVAL);
    EXPECT(dpi_dpi_linked_bind(model, NULL, NULL) == FUDSV_ENOTSUP);
    expect_status(model, FUDSV_ENOTSUP, FUDSV_KIND_USAGE, "the DPI function `linked` is linked into the library", 0);
    dpi_free(model);
}

int main(int argc, char** argv) {
    timed = argc > 1 && strcmp(argv[1], "timed") == 0;
    threaded = argc > 1 && strcmp(argv[1], "threaded") == 0;
    EXPECT(fudsv_get_api(FUDSV_ABI_VERSION)->info->threads == (threaded ? 2 : 1));
    the_table_says_what_there_is();
    values_cross();
    exports_run_outside_of_an_evaluation();
    failures_end_the_evaluation();
    puts("dpi: ok");
    return 0;
}
