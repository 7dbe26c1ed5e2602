/* Sets every input by index to what a file says, and writes every output: `drive VECTORS RESULTS`. */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 16 };

/* Words of a hexadecimal number, lowest first. */
static void parse(const char* text, uint32_t words[WORDS]) {
    size_t length = strlen(text), n;
    memset(words, 0, WORDS * sizeof *words);
    for (n = 0; n < length && n < WORDS * 8; ++n) {
        const char digit[2] = {text[length - 1 - n], 0};
        words[n / 8] |= (uint32_t)strtoul(digit, NULL, 16) << n % 8 * 4;
    }
}

static void print(FILE* to, const uint32_t* words, uint32_t width) {
    uint32_t digit = (width + 3) / 4, top = width % 4 ? (1u << width % 4) - 1 : 15u, mask = top;
    while (digit-- > 0) {
        fprintf(to, "%x", words[digit / 8] >> digit % 8 * 4 & mask);
        mask = 15;
    }
    fputc(' ', to);
}

static void check(int32_t status, const char* what) {
    if (status == FUDSV_OK) return;
    fprintf(stderr, "%s: %d\n", what, (int)status);
    exit(1);
}

int main(int argc, char** argv) {
    const fudsv_api* const api = fudsv_get_api(FUDSV_ABI_VERSION);
    const fudsv_port* const ports = api->info->ports;
    FILE* const from = fopen(argc == 3 ? argv[1] : "", "r");
    FILE* const to = fopen(argc == 3 ? argv[2] : "", "w");
    fudsv_model* model = NULL;
    char text[WORDS * 8 + 2];
    uint32_t words[WORDS], port, element;
    if (!from || !to) return 1;
    check(api->create(NULL, &model), "create");
    for (;;) {
        for (port = 0; port < api->info->port_count; ++port) {
            for (element = 0; ports[port].direction == FUDSV_IN && element < ports[port].elements; ++element) {
                if (fscanf(from, "%129s", text) != 1) {
                    fclose(to);
                    return api->destroy(model) == FUDSV_OK ? 0 : 1;
                }
                parse(text, words);
                check(api->set_words(model, port, element, words, WORDS), ports[port].name);
            }
        }
        check(api->eval(model), "eval");
        for (port = 0; port < api->info->port_count; ++port) {
            for (element = 0; ports[port].direction == FUDSV_OUT && element < ports[port].elements; ++element) {
                check(api->get_words(model, port, element, words, WORDS), ports[port].name);
                print(to, words, ports[port].width);
            }
        }
        fputc('\n', to);
    }
}
