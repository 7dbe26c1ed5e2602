/* Drives the counter through its typed functions: `cc driver.c -I<dir of counter.h> <dir>/libcounter.so`. */
#include "counter.h"

#include <stdio.h>
#include <stdlib.h>

/* Ends the program when the model did not do as it was told. */
static void check(fudsv_model* model, int32_t status, const char* what) {
    char message[256];
    if (status == FUDSV_OK) return;
    counter_status(model, message, sizeof message);
    fprintf(stderr, "%s: status %d: %s\n", what, (int)status, message);
    exit(1);
}

int main(void) {
    const fudsv_model_info* info = fudsv_get_api(FUDSV_ABI_VERSION)->info;
    fudsv_model* model = counter_new();
    unsigned n;
    if (!model) return 1;
    printf("%s, built with Verilator %s, build %s\n", info->name, info->verilator, info->build_id);

    check(model, counter_reset(model, 2), "reset");
    counter_set_en(model, 1);
    for (n = 1; n <= 20; ++n) {
        check(model, counter_tick(model), "tick");
        if (counter_get_count(model) != n) {
            fprintf(stderr, "expected %u, got %u\n", n, (unsigned)counter_get_count(model));
            return 1;
        }
    }
    printf("counted to %u at time %llu: ok\n", n - 1, (unsigned long long)counter_time(model));
    counter_free(model);
    return 0;
}
