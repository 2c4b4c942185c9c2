/* Start-up and the few services of board.h. Nothing of a C library, no heap. */
#include "board.h"

#define SYSTICK_CONTROL (*(volatile uint32_t*)0xE000E010)
#define SYSTICK_RELOAD  (*(volatile uint32_t*)0xE000E014)
#define SYSTICK_VALUE   (*(volatile uint32_t*)0xE000E018)
#define COPROCESSORS    (*(volatile uint32_t*)0xE000ED88)

enum { WRITE0 = 0x04, EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026, TICKS = 0x00FFFFFF, INSTRUCTIONS_PER_TICK = 40 };

extern uint32_t _stack, _data_load, _data, _edata, _bss, _ebss;
int main(void);

/* Semihosting: a breakpoint that the debugger, here QEMU, understands. */
static int call_debugger(int operation, const void* argument)
{
    register int r0 __asm__("r0") = operation;
    register const void* r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void leave(int status)
{
    const uint32_t block[2] = { APPLICATION_EXIT, (uint32_t)status };
    call_debugger(EXIT_EXTENDED, block);
    for (;;) { }
}

static void fault(void)
{
    print("fault\n");
    leave(99);
}

void reset(void)
{
    COPROCESSORS |= 0xFu << 20; /* the floating-point unit */
    __asm__ volatile("dsb\n\tisb");
    const uint32_t* from = &_data_load;
    for (uint32_t* to = &_data; to < &_edata; to++)
        *to = *from++;
    for (uint32_t* to = &_bss; to < &_ebss; to++)
        *to = 0;
    leave(main());
}

__attribute__((section(".vectors"), used))
static void (*const vectors[])(void) = { (void (*)(void))&_stack, reset, fault, fault, fault, fault, fault };

void print(const char* text)
{
    call_debugger(WRITE0, text);
}

void print_number(uint32_t number, int width)
{
    char text[16];
    int at = sizeof text - 1;
    text[at] = 0;
    do {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
        width--;
    } while (number != 0);
    while (width-- > 0 && at > 0)
        text[--at] = ' ';
    print(text + at);
}

void print_row(const char* what, uint32_t value, const char* unit)
{
    print(what);
    print_number(value, 12);
    print(" ");
    print(unit);
    print("\n");
}

/* What the stack is painted with below the caller, to see later how far down it was used. */
enum { PAINT = 0x5AA55AA5, PAINTED_WORDS = 2048, OWN_WORDS = 16 };
static uint32_t* painted;

static uint32_t* stack_pointer(void)
{
    uint32_t* pointer;
    __asm__ volatile("mov %0, sp" : "=r"(pointer));
    return pointer;
}

void count_begin(void)
{
    painted = stack_pointer() - OWN_WORDS - PAINTED_WORDS;
    for (int i = 0; i < PAINTED_WORDS; i++)
        ((volatile uint32_t*)painted)[i] = PAINT;
    SYSTICK_CONTROL = 0;
    SYSTICK_RELOAD = TICKS;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 5;
}

uint32_t count_end(void)
{
    return (TICKS - SYSTICK_VALUE) * INSTRUCTIONS_PER_TICK;
}

uint32_t stack_used(void)
{
    int untouched = 0;
    while (untouched < PAINTED_WORDS && ((volatile uint32_t*)painted)[untouched] == PAINT)
        untouched++;
    return (uint32_t)(PAINTED_WORDS + OWN_WORDS - untouched) * sizeof(uint32_t);
}
