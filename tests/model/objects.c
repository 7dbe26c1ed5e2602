/* Objects that a design no longer refers to are freed as it goes on. */
#include "objects.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPECT(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

static void fail(int line, const char* what) {
    fprintf(stderr, "objects.c:%d: %s\n", line, what);
    exit(1);
}

static size_t in_use_after(fudsv_model* model, int cycles) {
    while (cycles--) EXPECT(objects_tick(model) == FUDSV_OK);
    return mallinfo2().uordblks;
}

int main(void) {
    fudsv_model* const model = objects_new();
    size_t before;
    objects_set_data(model, 20);
    before = in_use_after(model, 100);
    EXPECT(objects_get_sum(model) == 41);
    EXPECT(in_use_after(model, 10000) <= before + 1000);
    objects_free(model);
    puts("objects: ok");
    return 0;
}
