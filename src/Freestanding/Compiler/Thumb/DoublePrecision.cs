using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Freestanding.Objects.Elf;

namespace AotCompiler.Freestanding.Thumb;

/// <summary>
/// Looks for instructions of 64-bit floats in code for processors that lack them: there they fault when they are met. Only
/// functions that exports reach by calls count.
/// </summary>
public static class DoublePrecision
{
    /// <summary>The calls that lead from an export to the first function with such an instruction, which is the last of them.</summary>
    /// <param name="code">An object with the names of its functions.</param>
    /// <param name="exports">Names of the functions that are called from outside.</param>
    /// <returns>Names of functions; null if there is no such instruction.</returns>
    /// <exception cref="ArgumentException">The object is for another processor.</exception>
    public static IReadOnlyList<string>? Find(ElfObject code, IReadOnlyCollection<string> exports)
    {
        var program = new ThumbProgram(code);
        var callers = new Dictionary<ThumbFunction, ThumbFunction?>();
        var work = new Queue<ThumbFunction>();
        foreach (ThumbFunction root in program.Named(exports))
        {
            Reach(root, null);
        }

        while (work.TryDequeue(out ThumbFunction? function))
        {
            if (function.Instructions().Any(static i => i.Instruction.NeedsDoublePrecision))
            {
                return Path(function, callers);
            }

            foreach (ThumbFunction called in program.CallsOf(function))
            {
                Reach(called, function);
            }
        }

        return null;

        void Reach(ThumbFunction function, ThumbFunction? caller)
        {
            if (callers.TryAdd(function, caller))
            {
                work.Enqueue(function);
            }
        }
    }

    private static List<string> Path(ThumbFunction last, Dictionary<ThumbFunction, ThumbFunction?> callers)
    {
        var path = new List<string>();
        for (ThumbFunction? f = last; f is not null; f = callers[f])
        {
            path.Insert(0, f.Names[0]);
        }

        return path;
    }
}
