/* A model whose rows and indices each run chooses: sizes and indices out of range are errors, and nothing is written then. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rows.h>

#define CHECK(condition) \
    do { if (!(condition)) { printf("line %d: %s\n", __LINE__, #condition); exit(1); } } while (0)

enum { COLUMNS = 2, MOST_ROWS = 16, INDICES = 3 };

static alignas(64) unsigned char arena[ROWS_ARENA_SIZE + 64];

int main(void)
{
    /* Exactly as long as a run may read and write: a tool that checks memory finds what goes beyond. */
    float* x = malloc(MOST_ROWS * COLUMNS * sizeof *x);
    float y[INDICES * COLUMNS], untouched[INDICES * COLUMNS];
    int64_t indices[INDICES] = { 2, 0, -1 };
    for (int i = 0; i < MOST_ROWS * COLUMNS; i++)
        x[i] = (float)i;
    memset(untouched, 0x55, sizeof untouched);

    rows_inputs inputs = { .x = x, .indices = indices };
    rows_outputs outputs = { .y = y };
    static const int refused[] = { 0, -1, 1, MOST_ROWS + 1, 2147483647, -2147483647 - 1 };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        memcpy(y, untouched, sizeof y);
        inputs.n = refused[i];
        CHECK(rows_run(&inputs, &outputs, arena) == ROWS_ERROR_DIMENSION);
        CHECK(memcmp(y, untouched, sizeof y) == 0);
    }

    for (int rows = 3; rows <= MOST_ROWS; rows++) {
        inputs.n = rows;
        CHECK(rows_run(&inputs, &outputs, arena) == ROWS_OK);
        CHECK(y[0] == 4 + 1 && y[2] == 0 + 1 && y[4] == 2 * (rows - 1) + 1);
    }

    static const int64_t outside[] = { 5, -6, 1LL << 40, -(1LL << 40) };
    inputs.n = 5;
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        indices[1] = outside[i];
        CHECK(rows_run(&inputs, &outputs, arena) == ROWS_ERROR_INDEX);
    }

    indices[1] = 0;
    inputs.indices = NULL;
    CHECK(rows_run(&inputs, &outputs, arena) == ROWS_ERROR_NULL);
    inputs.indices = (const int64_t*)((const char*)indices + 4);
    CHECK(rows_run(&inputs, &outputs, arena) == ROWS_ERROR_ALIGNMENT);
    inputs.indices = indices;
    CHECK(rows_run(&inputs, &outputs, arena) == ROWS_OK);
    free(x);
    puts("all checks passed");
    return 0;
}
