/*
 * What a function with a large frame calls before it lowers the stack pointer: touches every page down to the address in r11, one
 * after the other, since an operating system gives a stack more pages only from one to the next. Called with the frame still to be
 * made and all arguments in their registers, so that every register but the flags is kept; no C# function could do that.
 * StackProbe.cs has the bytes that this assembles to, since builds have no assembler; a test compares them.
 * The stack pointer moves along: a signal's handler would otherwise write over the pages, and older kernels allow no access far below it.
 */
        .intel_syntax noprefix
        .text
        .globl  RhpStackProbe
RhpStackProbe:
        push    rbp
        mov     rbp, rsp
1:      sub     rsp, 4096
        test    dword ptr [rsp], eax
        cmp     rsp, r11
        ja      1b
        mov     rsp, rbp
        pop     rbp
        ret
