/* Runs into every end that `ends.sv` has, many models in one process, for a memory checker to watch. */
#include "ends.h"

#include <stdio.h>
#include <string.h>

static void quiet(void* user, const char* text, size_t size) {
    (void)text;
    *(size_t*)user += size;
}

int main(void) {
    const fudsv_api* api = fudsv_get_api(FUDSV_ABI_VERSION);
    size_t printed = 0;
    uint32_t how;
    if (!api || fudsv_get_api(FUDSV_ABI_VERSION + 1)) return 1;
    for (how = 0; how < 13; ++how) {
        const char* const argv[] = {"+plus=1"};
        fudsv_options options;
        fudsv_status_info info;
        fudsv_model* model = NULL;
        char message[16];
        memset(&options, 0, sizeof options);
        options.struct_size = sizeof options;
        options.argc = 1;
        options.argv = argv;
        options.output = quiet;
        options.user = &printed;
        if (api->create(&options, &model) != FUDSV_OK) return 1;
        api->tick(model, FUDSV_THE_CLOCK, 2);
        ends_set_how(model, (uint8_t)how);
        api->tick(model, FUDSV_THE_CLOCK, 1);
        memset(&info, 0, sizeof info);
        info.struct_size = sizeof info;
        info.message = message;
        info.message_size = sizeof message;
        api->status_info(model, &info);
        printf("%u: %d %u %s\n", how, (int)info.status, info.kind, message);
        api->eval(model);
        api->destroy(model);
    }
    return printed ? 0 : 1;
}
