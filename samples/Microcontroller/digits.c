/* Reads one picture of a digit on a microcontroller: weights and picture in flash, the arena in RAM, no heap. */
#include <stdalign.h>

#include <digits.h>

#include "board.h"

extern const unsigned char picture[]; /* a PGM file: 13 bytes of header, then the pixels */
enum { PGM_HEADER = 13 };

static alignas(DIGITS_ARENA_ALIGNMENT) unsigned char arena[DIGITS_ARENA_SIZE];
static float image[DIGITS_IMAGE_LENGTH], probabilities[DIGITS_PROBABILITIES_LENGTH];

int main(void)
{
    for (int i = 0; i < DIGITS_IMAGE_LENGTH; i++)
        image[i] = (float)picture[PGM_HEADER + i] / 255.0f;

    const digits_inputs inputs = { .image = image };
    digits_outputs outputs = { .probabilities = probabilities };
    count_begin();
    int error = digits_run(&inputs, &outputs, arena);
    uint32_t instructions = count_end();
    if (error != DIGITS_OK) {
        print(digits_error(error));
        return 1;
    }

    int best = 0;
    for (int digit = 1; digit < DIGITS_PROBABILITIES_LENGTH; digit++)
        if (probabilities[digit] > probabilities[best])
            best = digit;
    print("It is a ");
    print_number((uint32_t)best, 0);
    print(", ");
    print_number((uint32_t)(1000 * probabilities[best]), 0);
    print(" per mille\n");
    print_row("activations RAM ", DIGITS_ARENA_SIZE, "bytes");
    print_row("weights flash   ", DIGITS_WEIGHTS_SIZE, "bytes");
    print_row("stack           ", stack_used(), "bytes");
    print_row("instructions    ", instructions, "");
    print_row("multiply-adds   ", (uint32_t)digits_info()->multiply_adds, "");
    return 0;
}
