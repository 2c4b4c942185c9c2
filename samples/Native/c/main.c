/* Reads pictures of digits: digits PICTURE.pgm ...
 * All memory is here, its size known when the program is compiled: no allocation, no set-up, no tear-down. */
#include <stdalign.h>
#include <stdio.h>

#include <digits.h>

static alignas(DIGITS_ARENA_ALIGNMENT) unsigned char arena[DIGITS_ARENA_SIZE];
static float image[DIGITS_IMAGE_LENGTH];
static float probabilities[DIGITS_PROBABILITIES_LENGTH];

/* Reads a 28x28 PGM file, white ink on black; returns 0 if the file is none. */
static int read_picture(const char* path)
{
    unsigned char pixels[DIGITS_IMAGE_LENGTH];
    FILE* file = fopen(path, "rb");
    if (file == NULL)
        return 0;

    int width = 0, height = 0, most = 0;
    int complete = fscanf(file, "P5 %d %d %d", &width, &height, &most) == 3
        && width * height == DIGITS_IMAGE_LENGTH && most == 255
        && fgetc(file) != EOF
        && fread(pixels, 1, sizeof pixels, file) == sizeof pixels;
    fclose(file);
    for (int i = 0; complete && i < DIGITS_IMAGE_LENGTH; i++)
        image[i] = pixels[i] / 255.0f;
    return complete;
}

int main(int count, char** arguments)
{
    const digits_inputs inputs = { .image = image };
    digits_outputs outputs = { .probabilities = probabilities };
    for (int i = 1; i < count; i++) {
        if (!read_picture(arguments[i])) {
            fprintf(stderr, "%s: not a 28x28 picture in PGM format\n", arguments[i]);
            return 1;
        }

        int error = digits_run(&inputs, &outputs, arena);
        if (error != DIGITS_OK) {
            fprintf(stderr, "digits_run: %s\n", digits_error(error));
            return 1;
        }

        int best = 0;
        for (int digit = 1; digit < DIGITS_PROBABILITIES_LENGTH; digit++)
            if (probabilities[digit] > probabilities[best])
                best = digit;
        printf("%s: %d (%.1f %%)\n", arguments[i], best, 100 * probabilities[best]);
    }

    return 0;
}
