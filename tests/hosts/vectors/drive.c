/* Sets every input by index to what a file says, and writes every output: `drive VECTORS RESULTS`. */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 16 };

/* Words of a hexadecimal number, lowest first, a negative one in two's complement. */
static void parse(const char* text, uint32_t words[WORDS]) {
    const int is_negative = *text == '-';
    size_t length = strlen(text), n;
    uint64_t carry = 1;
    memset(words, 0, WORDS * sizeof *words);
    for (n = 0; n < length - is_negative && n < WORDS * 8; ++n) {
        const char digit[2] = {text[length - 1 - n], 0};
        words[n / 8] |= (uint32_t)strtoul(digit, NULL, 16) << n % 8 * 4;
    }
    for (n = 0; n < WORDS && is_negative; ++n) {
        carry += (uint32_t)~words[n];
        words[n] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* Sets a port by the call for such numbers. */
static int32_t set(const fudsv_api* api, fudsv_model* model, uint32_t port, uint32_t element, const char* text,
                   const uint32_t words[WORDS]) {
    const int64_t low = (int64_t)(words[0] | (uint64_t)words[1] << 32);
    if (*text == '-' && low < 0 && strlen(text) <= 17) return api->set_i64(model, port, element, low);
    return api->set_words(model, port, element, words, WORDS);
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
    int32_t status;
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
                status = set(api, model, port, element, text, words);
                if (status == FUDSV_EWIDTH) fputs("refused ", to);
                else check(status, ports[port].name);
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
