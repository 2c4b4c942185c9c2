using System;
using System.IO;

namespace AotCompiler.Cli.Native;

/// <summary>What a native build makes of a model.</summary>
internal enum OutputKind
{
    /// <summary>A program that reads and writes array files.</summary>
    Exe,

    /// <summary>A shared library with C functions.</summary>
    Shared,

    /// <summary>A static library with C functions.</summary>
    Static,

    /// <summary>A relocatable object with C functions.</summary>
    Object,
}

/// <summary>How kinds are written on the command line, and what their files are called.</summary>
internal static class OutputKinds
{
    /// <summary>The words of the command line, in the order of the enumeration.</summary>
    public static readonly string[] Words = ["exe", "shared", "static", "object"];

    /// <summary>The kind that a word stands for; null if it is none of <see cref="Words"/>.</summary>
    public static OutputKind? TryParse(string word) => Array.IndexOf(Words, word) is >= 0 and var index ? (OutputKind)index : null;

    /// <summary>The word for a kind.</summary>
    public static string Word(this OutputKind kind) => Words[(int)kind];

    /// <summary>Name of the file that a build makes.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">Name of the program or library.</param>
    /// <param name="target">Operating system and processor, such as <c>linux-x64</c>.</param>
    public static string FileName(this OutputKind kind, string name, string target)
    {
        bool windows = target.StartsWith("win-", StringComparison.Ordinal);
        bool apple = target.StartsWith("osx-", StringComparison.Ordinal);
        return kind switch
        {
            OutputKind.Exe => windows ? $"{name}.exe" : name,
            OutputKind.Shared => windows ? $"{name}.dll" : apple ? $"lib{name}.dylib" : $"lib{name}.so",
            OutputKind.Static => windows ? $"{name}.lib" : $"lib{name}.a",
            _ => windows ? $"{name}.obj" : $"{name}.o",
        };
    }
}
