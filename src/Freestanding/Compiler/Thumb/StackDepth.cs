using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Freestanding.Objects.Elf;

namespace AotCompiler.Freestanding.Thumb;

/// <summary>
/// How much stack functions need at most, read from the instructions that lower the stack pointer: their own frames and those of the
/// deepest chain of calls. Exact for code without recursion and with frames of constant size, as generated code is.
/// </summary>
public sealed class StackDepth
{
    private readonly Dictionary<ThumbFunction, long?> _depths = [];
    private readonly Dictionary<string, ThumbFunction> _byName;
    private readonly ThumbProgram _program;

    /// <param name="code">An object with the names of its functions.</param>
    /// <exception cref="ArgumentException">The object is for another processor.</exception>
    public StackDepth(ElfObject code)
    {
        _program = new ThumbProgram(code);
        _byName = _program.Functions.SelectMany(static f => f.Names.Select(name => (name, f))).GroupBy(static p => p.name).ToDictionary(static g => g.Key, static g => g.First().f);
    }

    /// <summary>Bytes of stack that a call of the function takes at most; null if that is not known, or there is no such function.</summary>
    public long? Of(string name) => _byName.TryGetValue(name, out ThumbFunction? function) ? Of(function) : null;

    /// <summary>Bytes of stack that a call of any of the functions takes at most; null if that is not known.</summary>
    public long? Of(IEnumerable<string> names)
    {
        long?[] depths = names.Select(Of).ToArray();
        return depths.Any(static d => d is null) ? null : depths.Max();
    }

    private long? Of(ThumbFunction function)
    {
        if (_depths.TryGetValue(function, out long? known))
        {
            return known;
        }

        // Stands for the function while its calls are followed: one that calls itself has no bound.
        _depths[function] = null;
        long? depth = FrameOf(function);
        foreach (ThumbFunction called in _program.CallsOf(function))
        {
            depth = Math.Max(depth ?? 0, (FrameOf(function) + Of(called)) ?? long.MaxValue);
        }

        return _depths[function] = depth == long.MaxValue ? null : depth;
    }

    /// <summary>All that the function takes off the stack pointer; null if it takes off a register that holds no constant, or has a frame of pages.</summary>
    private static long? FrameOf(ThumbFunction function)
    {
        long bytes = 0;
        (int Register, uint Value)? constant = null;
        foreach ((_, ThumbInstruction instruction) in function.Instructions())
        {
            if (instruction.MakesProbedFrame)
            {
                return null;
            }

            if (instruction.LoweringRegister is { } register)
            {
                if (constant is not { } known || known.Register != register)
                {
                    return null;
                }

                bytes += known.Value;
            }

            bytes += instruction.LoweredBytes;
            constant = instruction.Half(upper: false)
                ?? (constant is { } low && instruction.Half(upper: true) is { } high && high.Register == low.Register ? (low.Register, (high.Value << 16) | low.Value) : constant);
        }

        return bytes;
    }
}
