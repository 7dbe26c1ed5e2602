/* Notes what the design of a program for cocotb asks of the world: files, variables and commands. The linker sends these
 * calls here; those of Python and of libraries are others. It is C, which compiles in no time.
 * It does not write the notes: Python asks for them, since the program ends in cocotb's own main. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

FILE* __real_fopen(const char* path, const char* mode);
FILE* __real_fopen64(const char* path, const char* mode);
int __real_open(const char* path, int flags, ...);
char* __real_getenv(const char* name);
int __real_system(const char* command);

struct note {
    struct note* next;
    char text[]; /* a word, a blank, and what it is about */
};

enum { BUCKETS = 1024 };

static struct note* notes[BUCKETS];
static size_t length = 1; /* of all texts with a line break each, and the zero at the end */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* a model may have threads */

static void note(const char* what, const char* about) {
    const size_t size = strlen(what) + strlen(about) + 2;
    struct note* made = malloc(sizeof *made + size);
    if (!made) abort();
    snprintf(made->text, size, "%s %s", what, about);
    size_t sum = 5381;
    for (const char* at = made->text; *at; ++at) sum = sum * 33 + (unsigned char)*at;
    pthread_mutex_lock(&mutex);
    struct note** bucket = &notes[sum % BUCKETS];
    const struct note* known = *bucket;
    while (known && strcmp(known->text, made->text) != 0) known = known->next;
    if (known) {
        free(made);
    } else {
        made->next = *bucket;
        *bucket = made;
        length += size;
    }
    pthread_mutex_unlock(&mutex);
}

static void note_opened(const char* path, int is_open, int reads, int writes) {
    if (reads) note(is_open ? "read" : "absent", path);
    if (writes && is_open) note("written", path);
}

static FILE* noted(const char* path, const char* mode, FILE* file) {
    const int reads = mode[0] == 'r';
    note_opened(path, file != NULL, reads, !reads || strchr(mode, '+') != NULL);
    return file;
}

FILE* __wrap_fopen(const char* path, const char* mode) { return noted(path, mode, __real_fopen(path, mode)); }

FILE* __wrap_fopen64(const char* path, const char* mode) { return noted(path, mode, __real_fopen64(path, mode)); }

int __wrap_open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0;
    va_end(rest);
    const int file = __real_open(path, flags, mode);
    const int access = flags & O_ACCMODE;
    note_opened(path, file >= 0, access != O_WRONLY && !(flags & O_TRUNC), access != O_RDONLY);
    return file;
}

char* __wrap_getenv(const char* name) {
    note("variable", name);
    return __real_getenv(name);
}

int __wrap_system(const char* command) {
    note("command", command ? command : "");
    return __real_system(command);
}

/* What was noted so far: a word and a text in each line. */
const char* fudsv_cocotb_notes(void) {
    static char* text;
    pthread_mutex_lock(&mutex);
    free(text);
    text = malloc(length);
    if (text) {
        char* at = text;
        for (int bucket = 0; bucket < BUCKETS; ++bucket) {
            for (const struct note* one = notes[bucket]; one; one = one->next) at += sprintf(at, "%s\n", one->text);
        }
        *at = '\0';
    }
    pthread_mutex_unlock(&mutex);
    return text;
}
