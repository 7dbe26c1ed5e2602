/* One model and several threads: at once, where each call is done whole or refused, and in turns, where none is. */
#include "saved.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPECT(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

enum { THREADS = 3, CALLS = 1000000, TURNS = 300 };

static fudsv_model* model;

static void fail(int line, const char* what) {
    fprintf(stderr, "shared.c:%d: %s\n", line, what);
    exit(1);
}

static void* at_once(void* done) {
    int n;
    for (n = 0; n < CALLS; ++n) {
        const int32_t status = saved_tick(model);
        EXPECT(status == FUDSV_OK || status == FUDSV_ETHREAD);
        *(uint64_t*)done += status == FUDSV_OK;
    }
    return NULL;
}

static void* in_turn(void* unused) {
    (void)unused;
    EXPECT(saved_tick(model) == FUDSV_OK && saved_tick(model) == FUDSV_OK);
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    uint64_t done[THREADS] = {0}, sum = 0;
    int n;
    model = saved_new();
    for (n = 0; n < TURNS; ++n) {
        EXPECT(pthread_create(&threads[0], NULL, in_turn, NULL) == 0 && pthread_join(threads[0], NULL) == 0);
        EXPECT(saved_tick(model) == FUDSV_OK);
    }
    EXPECT(saved_time(model) == 6 * TURNS);
    saved_set_time(model, 0);
    for (n = 0; n < THREADS; ++n) EXPECT(pthread_create(&threads[n], NULL, at_once, &done[n]) == 0);
    for (n = 0; n < THREADS; ++n) EXPECT(pthread_join(threads[n], NULL) == 0);
    for (n = 0; n < THREADS; ++n) sum += done[n];
    EXPECT(sum > 0 && saved_time(model) == 2 * sum);
    saved_free(model);
    puts("shared: ok");
    return 0;
}
