/* Two static libraries in one program, which links a DPI function for both and binds one for each. */
#include "asks_one.h"
#include "asks_two.h"

#include <stdio.h>

int linked_by_host(int a) { return 100 * a; }

static int by(void* user, int a) { return a * *(int*)user; }

int main(void) {
    int ten = 10, twenty = 20;
    fudsv_model* const one = asks_one_new();
    fudsv_model* const two = asks_two_new();
    char message[100];
    if (asks_one_dpi_bound_bind(one, by, &ten) != FUDSV_OK || asks_two_dpi_bound_bind(two, by, &twenty) != FUDSV_OK) return 1;
    if (asks_one_tick(one) != FUDSV_OK || asks_two_tick(two) != FUDSV_OK) return 2;
    printf("%d %d\n", asks_one_get_sum(one), asks_two_get_sum(two));
    if (asks_one_dpi_linked_by_host_bind(one, by, &twenty) != FUDSV_OK || asks_one_tick(one) != FUDSV_OK) return 3;
    printf("%d\n", asks_one_get_sum(one));
    if (asks_two_dpi_bound_bind(two, NULL, NULL) != FUDSV_OK || asks_two_tick(two) != FUDSV_FATAL) return 4;
    asks_two_status(two, message, sizeof message);
    puts(message);
    asks_one_free(one);
    asks_two_free(two);
    return 0;
}
