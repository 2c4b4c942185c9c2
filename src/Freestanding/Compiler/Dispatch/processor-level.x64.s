/*
 * The level of instruction sets that the processor has, as an int in the first register, called by the platform's C convention.
 * ProcessorLevel.cs has the bytes that this assembles to, since builds have no assembler; a test compares them.
 * What is found is kept, plus 1, in a variable: all threads find the same, so that it does not matter which of them stores it.
 */
        .intel_syntax noprefix
        .text
        .globl  aotc_processor_level
aotc_processor_level:
        mov     eax, dword ptr [rip + cache]        # found before?
        test    eax, eax
        jnz     2f
        push    rbx
        mov     r8d, 1
        xor     eax, eax
        cpuid
        mov     r11d, eax
        mov     eax, 1
        cpuid
        mov     esi, ecx
        mov     eax, 0x80000001
        cpuid
        mov     edi, ecx
        mov     eax, esi
        and     eax, 0x00982201                     # SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT
        cmp     eax, 0x00982201
        jne     1f
        test    dil, 0x01                           # LAHF
        jz      1f
        inc     r8d                                 # x86-64-v2
        mov     eax, esi
        and     eax, 0x38401000                     # FMA, MOVBE, OSXSAVE, AVX, F16C
        cmp     eax, 0x38401000
        jne     1f
        test    dil, 0x20                           # LZCNT
        jz      1f
        cmp     r11d, 7
        jb      1f
        mov     eax, 7
        xor     ecx, ecx
        cpuid
        xor     ecx, ecx
        xgetbv
        mov     r10d, eax
        and     eax, 0x06                           # the system keeps XMM and YMM registers
        cmp     eax, 0x06
        jne     1f
        mov     eax, ebx
        and     eax, 0x128                          # BMI1, AVX2, BMI2
        cmp     eax, 0x128
        jne     1f
        inc     r8d                                 # x86-64-v3
        and     r10d, 0xE6                          # the system keeps mask and ZMM registers
        cmp     r10d, 0xE6
        jne     1f
        and     ebx, 0xD0030000                     # AVX-512 F, DQ, CD, BW, VL
        cmp     ebx, 0xD0030000
        jne     1f
        inc     r8d                                 # x86-64-v4
1:      mov     dword ptr [rip + cache], r8d
        mov     eax, r8d
        pop     rbx
2:      dec     eax
        ret
        .bss
cache:  .long 0
