/* What a caller of a C library may do wrong, and what must not happen however often it does right: digits-checks [RUNS [ROOM]]
 * fails if the memory in use grows by more than ROOM bytes in RUNS runs. */
#include <pthread.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <digits.h>

enum { RUNS = 20000, THREADS = 16, THREAD_RUNS = 200, ROOM_FOR_NOISE = 512 * 1024 };

#define CHECK(condition) \
    do { if (!(condition)) { printf("line %d: %s\n", __LINE__, #condition); exit(1); } } while (0)

static alignas(DIGITS_ARENA_ALIGNMENT) unsigned char arena[DIGITS_ARENA_SIZE];
static float image[DIGITS_IMAGE_LENGTH];
static float expected[DIGITS_PROBABILITIES_LENGTH];

static void check_errors(void)
{
    float probabilities[DIGITS_PROBABILITIES_LENGTH];
    digits_inputs inputs = { image };
    digits_outputs outputs = { probabilities };
    memset(probabilities, 0x55, sizeof probabilities);
    float untouched = probabilities[0];
    CHECK(digits_run(NULL, &outputs, arena) == DIGITS_ERROR_NULL);
    CHECK(digits_run(&inputs, NULL, arena) == DIGITS_ERROR_NULL);
    CHECK(digits_run(&inputs, &outputs, NULL) == DIGITS_ERROR_NULL);
    CHECK(digits_run(&inputs, &outputs, arena + 16) == DIGITS_ERROR_ALIGNMENT);
    inputs.image = NULL;
    CHECK(digits_run(&inputs, &outputs, arena) == DIGITS_ERROR_NULL);
    inputs.image = (const float*)((const char*)image + 1);
    CHECK(digits_run(&inputs, &outputs, arena) == DIGITS_ERROR_ALIGNMENT);
    inputs.image = image;
    outputs.probabilities = NULL;
    CHECK(digits_run(&inputs, &outputs, arena) == DIGITS_ERROR_NULL);
    outputs.probabilities = (float*)((char*)probabilities + 2);
    CHECK(digits_run(&inputs, &outputs, arena) == DIGITS_ERROR_ALIGNMENT);
    for (int i = 0; i < DIGITS_PROBABILITIES_LENGTH; i++)
        CHECK(memcmp(&probabilities[i], &untouched, sizeof untouched) == 0);
    for (int error = -1; error <= DIGITS_STATUS_COUNT; error++)
        CHECK(strlen(digits_error(error)) > 0);
}

static void check_information(void)
{
    const digits_info_t* info = digits_info();
    CHECK(info->abi_version == DIGITS_ABI_VERSION);
    CHECK(info->info_size == (int)sizeof *info);
    CHECK(info->tensor_size == (int)sizeof info->inputs[0]);
    CHECK(info->input_count == 1 && info->output_count == 1);
    CHECK(info->arena_size == DIGITS_ARENA_SIZE && info->arena_alignment == DIGITS_ARENA_ALIGNMENT);
    CHECK(strcmp(info->model_sha256, DIGITS_MODEL_SHA256) == 0);
    CHECK(strcmp(info->model_name, "digits") == 0);
    CHECK(strcmp(info->inputs[0].name, "image") == 0 && strcmp(info->outputs[0].name, "probabilities") == 0);
    CHECK(info->inputs[0].type == DIGITS_TYPE_FLOAT32 && info->inputs[0].rank == 4 && info->inputs[0].shape[2] == 28);
    CHECK(info->inputs[0].size == DIGITS_IMAGE_LENGTH * (int)sizeof(float));
    CHECK(digits_info() == info);
}

static long resident_bytes(void)
{
    long pages = 0, resident = 0;
    FILE* file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%ld %ld", &pages, &resident) == 2);
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

static void check_memory(long runs, long room)
{
    float probabilities[DIGITS_PROBABILITIES_LENGTH];
    const digits_inputs inputs = { image };
    digits_outputs outputs = { probabilities };
    for (int i = 0; i < RUNS / 10; i++)
        CHECK(digits_run(&inputs, &outputs, arena) == DIGITS_OK);

    /* The first look at the memory takes some itself. */
    long before = resident_bytes();
    before = resident_bytes();
    for (long i = 0; i < runs; i++) {
        CHECK(digits_run(&inputs, &outputs, arena) == DIGITS_OK);
        CHECK(digits_run(&inputs, NULL, arena) == DIGITS_ERROR_NULL);
    }
    long after = resident_bytes();
    printf("%ld runs: %ld bytes before, %ld after\n", runs, before, after);
    CHECK(after - before <= room);
    CHECK(memcmp(probabilities, expected, sizeof expected) == 0);
}

static void* run_on_thread(void* unused)
{
    float probabilities[DIGITS_PROBABILITIES_LENGTH];
    const digits_inputs inputs = { image };
    digits_outputs outputs = { probabilities };
    void* own = aligned_alloc(DIGITS_ARENA_ALIGNMENT, (DIGITS_ARENA_SIZE + 63) / 64 * 64);
    memset(own, 0xFF, DIGITS_ARENA_SIZE);
    for (int i = 0; i < THREAD_RUNS; i++) {
        CHECK(digits_run(&inputs, &outputs, own) == DIGITS_OK);
        CHECK(memcmp(probabilities, expected, sizeof expected) == 0);
    }
    free(own);
    return unused;
}

static void check_threads(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, run_on_thread, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

int main(int count, char** arguments)
{
    for (int i = 0; i < DIGITS_IMAGE_LENGTH; i++)
        image[i] = (float)(i % 29) / 29;
    const digits_inputs inputs = { image };
    digits_outputs outputs = { expected };
    CHECK(digits_run(&inputs, &outputs, arena) == DIGITS_OK);
    float sum = 0;
    for (int i = 0; i < DIGITS_PROBABILITIES_LENGTH; i++)
        sum += expected[i];
    CHECK(sum > 0.999f && sum < 1.001f);
    check_errors();
    check_information();
    check_memory(count > 1 ? atol(arguments[1]) : RUNS, count > 2 ? atol(arguments[2]) : ROOM_FOR_NOISE);
    check_threads();
    puts("all checks passed");
    return 0;
}
