// The processor time that this thread has spent, in microseconds: what else the machine does meanwhile is not in it.
#include <node_api.h>
#include <time.h>

static napi_value spent(napi_env env, napi_callback_info info) {
    struct timespec time;
    napi_value result = NULL;
    (void)info;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    napi_create_double(env, (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3, &result);
    return result;
}

NAPI_MODULE_INIT() {
    napi_value function = NULL;
    (void)exports;
    napi_create_function(env, "spent", NAPI_AUTO_LENGTH, spent, NULL, &function);
    return function;
}
