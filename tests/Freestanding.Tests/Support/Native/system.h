/* What the test programs need of a system, without a C library. */
#ifndef SYSTEM_H
#define SYSTEM_H

/* Reads exactly so many bytes of the input; ends the program if there are fewer. */
void read_all(void* to, unsigned long count);

/* Appends to the output. */
void write_all(const void* from, unsigned long count);

/* Ends the program. */
void quit(int code);

int main(void);

#endif
