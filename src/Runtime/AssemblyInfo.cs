using System.Runtime.CompilerServices;

// Locals of vector kernels are always written before they are read.
[module: SkipLocalsInit]
