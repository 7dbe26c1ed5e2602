/* Every call with everything wrong, and every end of `misused.sv`, in many threads: nothing may end this process. With
 * the argument `timed`, of a model with delays; `ends` is a second library in the same process. */
#include "ends.h"
#include "misused.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

static int timed;
static const fudsv_api* api;

static void fail(int line, const char* what) {
    fprintf(stderr, "misused.c:%d: %s\n", line, what);
    exit(1);
}

static void quiet(void* user, const char* text, size_t size) {
    (void)user, (void)text, (void)size;
}

static fudsv_model* created(const fudsv_api* of) {
    fudsv_options options;
    fudsv_model* model = NULL;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.output = quiet;
    EXPECT(of->create(&options, &model) == FUDSV_OK);
    return model;
}

static int32_t step(fudsv_model* model, uint32_t how) {
    misused_set_how(model, how);
    if (!timed) return misused_tick(model);
    return api->run_until(model, misused_time(model) + 1);
}

/* What no call may accept, whatever state the model is in. */
static void everything_wrong(fudsv_model* model) {
    const uint32_t ports = api->info->port_count;
    const uint32_t list = (uint32_t)api->find_port("list"), half = (uint32_t)api->find_port("half");
    const uint32_t text = (uint32_t)api->find_port("text"), wide = (uint32_t)api->find_port("wide");
    uint64_t u = 0;
    int64_t i = 0;
    double real = 0;
    uint32_t words[4] = {0};
    char buffer[2];
    void* storage = NULL;
    EXPECT(api->get_u64(model, ports, 0, &u) == FUDSV_ENOPORT && api->get_u64(model, ~0u, 0, &u) == FUDSV_ENOPORT);
    EXPECT(api->get_u64(model, list, 3, &u) == FUDSV_ENOPORT && api->get_i64(model, list, ~0u, &i) == FUDSV_ENOPORT);
    EXPECT(api->set_u64(model, ports, 0, 1) == FUDSV_ENOPORT && api->set_i64(model, list, 3, 1) == FUDSV_ENOPORT);
    EXPECT(api->get_u64(model, wide, 0, &u) == FUDSV_EWIDTH && api->get_i64(model, wide, 0, &i) == FUDSV_EWIDTH);
    EXPECT(api->get_words(model, wide, 0, words, 3) == FUDSV_EWIDTH);
    EXPECT(api->get_words(model, wide, 0, NULL, 4) == FUDSV_EINVAL && api->set_words(model, wide, 0, words, 0) == FUDSV_EINVAL);
    EXPECT(api->get_u64(model, half, 0, &u) == FUDSV_ETYPE && api->get_real(model, list, 0, &real) == FUDSV_ETYPE);
    EXPECT(api->set_real(model, text, 0, 1) == FUDSV_ETYPE && api->set_string(model, half, 0, "") == FUDSV_ETYPE);
    EXPECT(api->get_string(model, list, 0, buffer, 2, NULL) == FUDSV_ETYPE);
    EXPECT(api->get_u64(model, list, 0, NULL) == FUDSV_EINVAL && api->get_real(model, half, 0, NULL) == FUDSV_EINVAL);
    EXPECT(api->set_string(model, text, 0, NULL) == FUDSV_EINVAL);
    EXPECT(api->get_string(model, text, 0, NULL, 0, NULL) == FUDSV_OK);
    EXPECT(api->set_u64(model, (uint32_t)api->find_port("value"), 0, 1) == FUDSV_EDIR);
    EXPECT(api->set_u64(model, (uint32_t)api->find_port("pad"), 0, 1) == FUDSV_ENOTSUP);
    EXPECT(api->port_ptr(model, text, &storage) == FUDSV_ETYPE && api->port_ptr(model, ports, &storage) == FUDSV_ENOPORT);
    EXPECT(api->port_ptr(model, list, NULL) == FUDSV_EINVAL);
    EXPECT(api->get_time(model, NULL) == FUDSV_EINVAL && api->next_event(model, NULL) == FUDSV_EINVAL);
    EXPECT(api->trace_open(model, NULL, 0) == FUDSV_EINVAL && api->trace_open(model, "no/such/dir.vcd", 0) == FUDSV_ENOTSUP);
    EXPECT(api->trace_dump(model) == FUDSV_EINVAL && api->trace_flush(model) == FUDSV_EINVAL);
    EXPECT(api->trace_close(model) == FUDSV_OK && api->trace_rotate(model, "x") == FUDSV_EINVAL);
    EXPECT(api->coverage_write(model, "x") == FUDSV_ENOTSUP && api->coverage_zero(model) == FUDSV_ENOTSUP);
    EXPECT(api->save(model, "x") == FUDSV_ENOTSUP && api->restore(model, "x") == FUDSV_ENOTSUP);
    EXPECT(api->dpi_bind(model, 1, NULL, NULL) == FUDSV_ENOPORT && api->dpi_fail(model, "x") == FUDSV_EINVAL);
    EXPECT(api->status_info(model, NULL) == FUDSV_EINVAL);
    EXPECT(misused_get_list(model, 3) == 0);
    EXPECT(misused_set_list(model, 3, 1) == FUDSV_ENOPORT && misused_set_list(model, 2, 256) == FUDSV_EWIDTH);
    EXPECT(misused_set_how(model, 15) == FUDSV_OK && misused_set_how(model, 16) == FUDSV_EWIDTH);
    misused_set_how(model, 0);
}

static void nothing_takes_null(void) {
    fudsv_status_info info;
    fudsv_options options;
    fudsv_model* model = NULL;
    uint64_t u = 0;
    memset(&info, 0, sizeof info);
    EXPECT(api->status_info(NULL, &info) == FUDSV_EINVAL);
    info.struct_size = sizeof info;
    EXPECT(api->create(NULL, NULL) == FUDSV_EINVAL && api->status_info(NULL, &info) == FUDSV_OK);
    EXPECT(info.status == FUDSV_EINVAL && info.kind == FUDSV_KIND_USAGE);
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.argc = 3;
    EXPECT(api->create(&options, &model) == FUDSV_EINVAL && !model);
    EXPECT(api->destroy(NULL) == FUDSV_EINVAL && api->eval(NULL) == FUDSV_EINVAL && api->final(NULL) == FUDSV_EINVAL);
    EXPECT(api->tick(NULL, 0, 1) == FUDSV_EINVAL && api->reset(NULL, 1) == FUDSV_EINVAL);
    EXPECT(api->get_time(NULL, &u) == FUDSV_EINVAL && api->set_time(NULL, 1) == FUDSV_EINVAL);
    EXPECT(api->get_u64(NULL, 0, 0, &u) == FUDSV_EINVAL && api->set_u64(NULL, 0, 0, 1) == FUDSV_EINVAL);
    EXPECT(api->set_words(NULL, 0, 0, NULL, 1) == FUDSV_EINVAL && api->run_until(NULL, 1) == FUDSV_EINVAL);
    EXPECT(api->next_event(NULL, &u) == FUDSV_EINVAL && api->trace_open(NULL, "x", 0) == FUDSV_EINVAL);
    EXPECT(api->trace_dump(NULL) == FUDSV_EINVAL && api->trace_close(NULL) == FUDSV_EINVAL);
    EXPECT(api->trace_flush(NULL) == FUDSV_EINVAL && api->trace_rotate(NULL, "x") == FUDSV_EINVAL);
    EXPECT(api->coverage_write(NULL, "x") == FUDSV_EINVAL && api->coverage_zero(NULL) == FUDSV_EINVAL);
    EXPECT(api->save(NULL, "x") == FUDSV_EINVAL && api->dpi_bind(NULL, 0, NULL, NULL) == FUDSV_EINVAL);
    EXPECT(api->find_port(NULL) == FUDSV_EINVAL && api->find_port("") == FUDSV_ENOPORT);
    EXPECT(api->find_dpi(NULL) == FUDSV_EINVAL && api->find_probe(NULL) == FUDSV_EINVAL);
    EXPECT(api->find_probe("x") == FUDSV_ENOPORT);
    EXPECT(misused_eval(NULL) == FUDSV_EINVAL && misused_time(NULL) == 0 && misused_next_event(NULL) == FUDSV_NEVER);
    EXPECT(misused_status(NULL, NULL, 0) == FUDSV_EINVAL && misused_dpi_asked_bind(NULL, NULL, NULL) == FUDSV_EINVAL);
    misused_free(NULL);
}

static int answers(void* user, int a) {
    EXPECT(api->eval(user) == FUDSV_ETHREAD && api->tick(user, FUDSV_THE_CLOCK, 1) == FUDSV_ETHREAD);
    EXPECT(api->destroy(user) == FUDSV_ETHREAD && api->reset(user, 1) == FUDSV_ETHREAD && api->final(user) == FUDSV_ETHREAD);
    EXPECT(api->run_until(user, 1000000) == FUDSV_ETHREAD);
    return a + 40;
}

static int gives_up(void* user, int a) {
    EXPECT(api->dpi_fail(user, "given up") == FUDSV_OK);
    return a;
}

/* One end: what the step comes to, then what the next one does. */
static void end(uint32_t how, int32_t first, int32_t second, misused_dpi_asked_fn asked) {
    fudsv_model* const model = created(api);
    fudsv_status_info info;
    char message[8];
    EXPECT(misused_dpi_asked_bind(model, asked, model) == FUDSV_OK);
    EXPECT(step(model, 0) == FUDSV_OK);
    misused_set_index(model, 7);
    if (step(model, how) != first) fail((int)how, "first");
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    info.message = message;
    info.message_size = sizeof message;
    EXPECT(api->status_info(model, &info) == FUDSV_OK && info.status == first && strlen(message) < sizeof message);
    everything_wrong(model);
    misused_set_how(model, 0);
    if (api->eval(model) != second) fail((int)how, "second");
    EXPECT(api->tick(model, 99, 1) == (second == FUDSV_OK ? FUDSV_ENOPORT : second));
    everything_wrong(model);
    api->final(model);
    misused_free(model);
}

static void every_end(void) {
    end(0, FUDSV_OK, FUDSV_OK, NULL);
    end(1, FUDSV_OK, FUDSV_OK, NULL);
    end(2, FUDSV_OK, FUDSV_OK, NULL);
    end(3, FUDSV_STOPPED, FUDSV_OK, NULL);
    end(4, FUDSV_FINISHED, FUDSV_FINISHED, NULL);
    end(5, FUDSV_STOPPED, FUDSV_STOPPED, NULL);
    end(6, FUDSV_STOPPED, FUDSV_OK, NULL);
    end(7, FUDSV_FATAL, FUDSV_EPOISONED, NULL);
    end(8, FUDSV_FATAL, FUDSV_EPOISONED, NULL);
    end(8, FUDSV_FATAL, FUDSV_EPOISONED, gives_up);
    end(8, FUDSV_OK, FUDSV_OK, answers);
    end(9, FUDSV_FATAL, FUDSV_EPOISONED, NULL);
    /* An error behind `$finish`, in the same time slot: later Verilators ignore it. */
    if (strcmp(api->info->verilator, "5.020") < 0) {
        end(10, FUDSV_FATAL, FUDSV_EPOISONED, NULL);
    } else {
        end(10, FUDSV_FINISHED, FUDSV_FINISHED, NULL);
    }
    end(11, FUDSV_OK, FUDSV_OK, NULL);
}

/* Models of two libraries, side by side: each has its own time, its own end and its own messages. */
static void* side_by_side(void* number) {
    const uint32_t count = *(const uint32_t*)number + 1;
    const fudsv_api* const other_api = ends_fudsv_get_api(FUDSV_ABI_VERSION);
    uint32_t round, n;
    for (round = 0; round < 10; ++round) {
        fudsv_model* const mine = created(api);
        fudsv_model* const other = created(other_api);
        char message[100] = "";
        for (n = 0; n < count; ++n) {
            EXPECT(step(mine, 0) == FUDSV_OK && ends_tick(other) == FUDSV_OK);
        }
        EXPECT(misused_time(mine) == (timed ? count : 2 * count) && ends_time(other) == 2 * count);
        EXPECT(misused_get_now(mine) == (timed ? count : 2 * count - 1) && ends_get_entered(other) == count);
        ends_set_how(other, 5);
        EXPECT(ends_tick(other) == FUDSV_FATAL && step(mine, 6) == FUDSV_STOPPED);
        EXPECT(misused_status(mine, message, sizeof message) == FUDSV_STOPPED && strcmp(message, "wrong") == 0);
        EXPECT(ends_status(other, message, sizeof message) == FUDSV_FATAL && strncmp(message, "gave up", 7) == 0);
        EXPECT(step(mine, 4) == FUDSV_FINISHED && ends_tick(other) == FUDSV_EPOISONED);
        misused_free(mine);
        ends_free(other);
    }
    return NULL;
}

int main(int argc, char** argv) {
    pthread_t threads[4];
    uint32_t numbers[4];
    int n;
    timed = argc > 1 && strcmp(argv[1], "timed") == 0;
    api = misused_fudsv_get_api(FUDSV_ABI_VERSION);
    EXPECT(api && !misused_fudsv_get_api(FUDSV_ABI_VERSION + 1) && !misused_fudsv_get_api(0));
    nothing_takes_null();
    every_end();
    for (n = 0; n < 4; ++n) {
        numbers[n] = (uint32_t)n;
        EXPECT(pthread_create(&threads[n], NULL, side_by_side, &numbers[n]) == 0);
    }
    for (n = 0; n < 4; ++n) EXPECT(pthread_join(threads[n], NULL) == 0);
    puts("misused: ok");
    return 0;
}
