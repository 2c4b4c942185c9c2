/* A picture in flash. */
    .section .rodata
    .global picture
picture:
    .incbin PICTURE
    .section .note.GNU-stack, "", %progbits
