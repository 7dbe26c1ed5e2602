/* A DPI function that is linked into the model; at -1 it ends its thread, which is the host's. */
#include <pthread.h>

int linked(int a) {
    if (a == -1) pthread_exit(0);
    return a + 1000;
}
