/* Two models in one program, the second with weights that the program loads. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include <digits.h>
#include <second.h>

static alignas(64) unsigned char arena[DIGITS_ARENA_SIZE];
static alignas(64) unsigned char second_arena[SECOND_ARENA_SIZE + 64];
static alignas(64) unsigned char weights[SECOND_WEIGHTS_SIZE + 1];
static float image[DIGITS_IMAGE_LENGTH], probabilities[DIGITS_PROBABILITIES_LENGTH];
static float x[SECOND_FEATURES_LENGTH], y[SECOND_PROBABILITIES_LENGTH];

int main(int count, char** arguments)
{
    FILE* file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (file == NULL || fread(weights, 1, sizeof weights, file) != SECOND_WEIGHTS_SIZE)
        return 2;
    fclose(file);

    const digits_inputs inputs = { image };
    digits_outputs outputs = { probabilities };
    const second_inputs second_in = { x };
    second_outputs second_out = { y };
    for (int i = 0; i < 100; i++)
        if (digits_run(&inputs, &outputs, arena) != DIGITS_OK || second_run(&second_in, &second_out, second_arena, weights) != SECOND_OK)
            return 1;

    /* A file of another build is found out, and so is one at an odd address. */
    weights[8] ^= 1;
    if (second_run(&second_in, &second_out, second_arena, weights) != SECOND_ERROR_WEIGHTS
        || second_run(&second_in, &second_out, second_arena, weights + 1) != SECOND_ERROR_ALIGNMENT
        || second_run(&second_in, &second_out, second_arena, NULL) != SECOND_ERROR_NULL)
        return 3;
    printf("%.3f %.3f\n", probabilities[0], y[0]);
    return 0;
}
