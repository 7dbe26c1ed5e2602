/* Saves `saved.sv` and goes back: `saved DIRECTORY OTHER`, where OTHER is a state that another
 * build saved: `saved save OTHER`. */
#define _XOPEN_SOURCE 600
#include "saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPECT(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

static void fail(int line, const char* what) {
    fprintf(stderr, "saved.c:%d: %s\n", line, what);
    exit(1);
}

static void quiet(void* user, const char* text, size_t size) {
    (void)user, (void)text, (void)size;
}

static const fudsv_api* api;

static fudsv_model* created(void) {
    fudsv_options options;
    fudsv_model* model = NULL;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.output = quiet;
    EXPECT(api->create(&options, &model) == FUDSV_OK);
    return model;
}

static void run(fudsv_model* model, int cycles) {
    int n;
    for (n = 0; n < cycles; ++n) {
        saved_set_data(model, (uint32_t)(n * 7 + 1) & 127);
        EXPECT(saved_tick(model) == FUDSV_OK);
    }
}

static void expect_same(fudsv_model* one, fudsv_model* two) {
    uint32_t a[4], b[4];
    saved_get_wide(one, a);
    saved_get_wide(two, b);
    EXPECT(memcmp(a, b, sizeof a) == 0);
    EXPECT(saved_get_count(one) == saved_get_count(two) && saved_get_now(one) == saved_get_now(two));
    EXPECT(strcmp(saved_get_text(one), saved_get_text(two)) == 0 && saved_get_half(one) == saved_get_half(two));
    EXPECT(saved_time(one) == saved_time(two));
}

static void expect_refused(fudsv_model* model, const char* path, const char* words) {
    char message[300];
    const uint32_t count = saved_get_count(model);
    EXPECT(api->restore(model, path) == FUDSV_EIO);
    saved_status(model, message, sizeof message);
    if (!strstr(message, words)) fail(__LINE__, message);
    EXPECT(saved_get_count(model) == count && saved_tick(model) == FUDSV_OK);
}

static void cut(const char* path, long size) {
    EXPECT(truncate(path, size) == 0);
}

int main(int argc, char** argv) {
    fudsv_model *one, *two;
    FILE* file;
    api = fudsv_get_api(FUDSV_ABI_VERSION);
    if (argc != 3) return 1;
    if (strcmp(argv[1], "save") == 0) return api->save(created(), argv[2]);
    EXPECT(chdir(argv[1]) == 0);
    EXPECT(api->info->features & FUDSV_FEATURE_SAVABLE);
    one = created();
    two = created();
    run(one, 20);
    EXPECT(api->save(one, "state") == FUDSV_OK);
    run(one, 5);
    EXPECT(api->restore(two, "state") == FUDSV_OK);
    EXPECT(saved_get_count(two) == 20 && saved_time(two) == 40);
    run(two, 5);
    expect_same(one, two);
    EXPECT(api->restore(two, "state") == FUDSV_OK && saved_get_count(two) == 20);

    saved_set_data(one, 255);
    EXPECT(saved_tick(one) == FUDSV_FINISHED && api->save(one, "finished") == FUDSV_OK);
    EXPECT(api->restore(one, "state") == FUDSV_OK);
    run(one, 1);
    EXPECT(api->restore(one, "finished") == FUDSV_OK && saved_tick(one) == FUDSV_FINISHED);

    expect_refused(two, "nothing", "`nothing` cannot be read: No such file or directory");
    expect_refused(two, argv[2], "was saved by another build of the model");
    cut("state", 300);
    expect_refused(two, "state", "`state` is cut off or damaged");
    EXPECT((file = fopen("state", "r+b")) && fseek(file, 200, SEEK_SET) == 0 && fputc('x', file) == 'x');
    fclose(file);
    expect_refused(two, "state", "`state` is cut off or damaged");
    cut("state", 20);
    expect_refused(two, "state", "`state` is not a saved state");
    EXPECT(api->trace_rotate(two, "b.vcd") == FUDSV_EINVAL);
    EXPECT(api->trace_open(two, "a.vcd", 1) == FUDSV_OK && saved_tick(two) == FUDSV_OK);
    EXPECT(api->restore(two, "finished") == FUDSV_EINVAL);
    EXPECT(api->trace_rotate(two, "b.vcd") == FUDSV_OK && saved_tick(two) == FUDSV_OK);
    EXPECT(access("b.vcd", R_OK) == 0 && api->trace_rotate(two, "no/such/directory") == FUDSV_EIO);
    EXPECT(api->trace_dump(two) == FUDSV_EINVAL && api->coverage_zero(two) == FUDSV_ENOTSUP);
    EXPECT(api->save(two, "no/such/directory") == FUDSV_EIO);
    EXPECT(api->save(two, NULL) == FUDSV_EINVAL && api->restore(NULL, "state") == FUDSV_EINVAL);
    EXPECT(saved_tick(two) == FUDSV_OK && api->save(two, "own") == FUDSV_OK);
    saved_free(one);
    saved_free(two);
    puts("saved: ok");
    return 0;
}
