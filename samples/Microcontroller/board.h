/* The board: text to the debugger, and a count of instructions. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/** Writes text to the debugger's console. */
void print(const char* text);

/** Writes a number, right-aligned in a field. */
void print_number(uint32_t number, int width);

/** Begins to count, and paints the stack below. */
void count_begin(void);

/** Instructions since then; QEMU executes one in a nanosecond (-icount shift=0), the counter ticks every 40. */
uint32_t count_end(void);

/** Bytes of stack that were used since then, at most 8 KB. */
uint32_t stack_used(void);

/** One line of a table. */
void print_row(const char* what, uint32_t value, const char* unit);

#endif
