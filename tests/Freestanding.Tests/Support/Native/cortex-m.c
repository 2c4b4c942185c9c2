/* Start-up and files of a Cortex-M board, by the debugger's calls (Arm, "Semihosting for AArch32 and AArch64"). */
#include <stdint.h>
#include "system.h"

extern uint32_t stack_end;

enum { OPEN = 1, WRITE = 5, READ = 6, EXIT_EXTENDED = 0x20 };

static int call(int operation, const void* argument)
{
    register int r0 __asm__("r0") = operation;
    register const void* r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static int input;
static int output;

static int open_file(const char* name, int length, int mode)
{
    const uint32_t block[3] = { (uint32_t)name, (uint32_t)mode, (uint32_t)length };
    return call(OPEN, block);
}

void quit(int code)
{
    const uint32_t block[2] = { 0x20026, (uint32_t)code };
    for (;;)
    {
        call(EXIT_EXTENDED, block);
    }
}

void read_all(void* to, unsigned long count)
{
    const uint32_t block[3] = { (uint32_t)input, (uint32_t)to, (uint32_t)count };
    if (call(READ, block) != 0)
    {
        quit(120);
    }
}

void write_all(const void* from, unsigned long count)
{
    const uint32_t block[3] = { (uint32_t)output, (uint32_t)from, (uint32_t)count };
    if (call(WRITE, block) != 0)
    {
        quit(121);
    }
}

static void reset(void)
{
    /* The floating-point unit is off until it is asked for. */
    *(volatile uint32_t*)0xE000ED88 |= 0xFu << 20;
    __asm__ volatile("dsb\n isb");
    input = open_file("input.bin", 9, 1);
    output = open_file("output.bin", 10, 5);
    quit(input < 0 || output < 0 ? 122 : main());
}

static void fault(void)
{
    quit(99);
}

__attribute__((section(".vectors"), used)) static const void* const vectors[] = { &stack_end, (const void*)reset, (const void*)fault, (const void*)fault, (const void*)fault, (const void*)fault, (const void*)fault };
