/* Keyword spotting: MLPerf Tiny's network on one second of spectrum, 49 frames of 10 coefficients, here a test pattern. */
#include <stdalign.h>

#include <keywords.h>

#include "board.h"

static alignas(KEYWORDS_ARENA_ALIGNMENT) unsigned char arena[KEYWORDS_ARENA_SIZE];
static float spectrum[KEYWORDS_INPUT_LENGTH], scores[KEYWORDS_OUTPUT_LENGTH];

int main(void)
{
    for (int i = 0; i < KEYWORDS_INPUT_LENGTH; i++)
        spectrum[i] = (float)((i * 37) % 256 - 128) / 8.0f;

    const keywords_inputs inputs = { spectrum };
    keywords_outputs outputs = { scores };
    count_begin();
    int error = keywords_run(&inputs, &outputs, arena);
    uint32_t instructions = count_end();
    if (error != KEYWORDS_OK) {
        print(keywords_error(error));
        return 1;
    }

    float sum = 0;
    for (int i = 0; i < KEYWORDS_OUTPUT_LENGTH; i++)
        sum += scores[i];
    print("Sum of the scores: ");
    print_number((uint32_t)(1000 * sum + 0.5f), 0);
    print(" per mille\n");
    print_row("activations RAM ", KEYWORDS_ARENA_SIZE, "bytes");
    print_row("weights flash   ", KEYWORDS_WEIGHTS_SIZE, "bytes");
    print_row("stack           ", stack_used(), "bytes");
    print_row("instructions    ", instructions, "");
    print_row("multiply-adds   ", (uint32_t)keywords_info()->multiply_adds, "");
    return sum > 0.999f && sum < 1.001f ? 0 : 2;
}
