/*
 * The level of instruction sets that the processor has, as an int in the first register, called by the platform's C convention.
 * ProcessorLevel.cs has the bytes that this assembles to, since builds have no assembler; a test compares them.
 * What is found is kept, plus 1, in a variable: all threads find the same, so that it does not matter which of them stores it.
 */
        .text
        .globl  aotc_processor_level
aotc_processor_level:
        adrp    x1, cache
        ldr     w0, [x1, :lo12:cache]
        cbnz    w0, 1f
        mrs     x0, ID_AA64ISAR0_EL1    /* Linux from 4.11 on lets programs read it */
        ubfx    x0, x0, #44, #4         /* dot products, which only Armv8.2 and later have */
        cmp     x0, #0
        cset    w0, ne
        add     w0, w0, #2
        str     w0, [x1, :lo12:cache]
1:      sub     w0, w0, #1
        ret
        .bss
        .align 2
cache:  .word 0
