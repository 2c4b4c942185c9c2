/*
 * The same for 32-bit Arm: the address is in r4, and r5 is free.
 */
        .syntax unified
        .thumb
        .text
        .globl  RhpStackProbe
        .thumb_func
RhpStackProbe:
        mov     r5, sp
1:      sub     sp, sp, #4096
        str     r5, [sp]
        cmp     sp, r4
        bhi     1b
        mov     sp, r5
        bx      lr
