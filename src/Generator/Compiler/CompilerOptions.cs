using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Emission;
using AotCompiler.Lowering.Tuning;

namespace AotCompiler.Compiler;

/// <summary>What a user can choose for one model. Compared by value, so that an unchanged choice re-runs nothing.</summary>
internal sealed record CompilerOptions
{
    /// <summary>Weights up to this size are written into the source, so that the generator alone suffices.</summary>
    public const int DefaultInlineWeightLimit = 64 * 1024;

    /// <summary>Largest <see cref="MemoryBudget"/>: what an arena can have at most.</summary>
    public const int LargestMemoryBudget = 2 * 1024 * 1024;

    /// <summary>Name of the model: the file name without extension. Base of the class name and of generated file names.</summary>
    public string ModelName { get; init; } = "Model";

    /// <summary>Namespace of the generated class; empty for the global one.</summary>
    public string Namespace { get; init; } = string.Empty;

    /// <summary>Name of the generated class; null to derive it from <see cref="ModelName"/>.</summary>
    public string? ClassName { get; init; }

    /// <summary>True for <c>public</c>, false for <c>internal</c> generated types.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>Values of free dimensions, by name, as written by the user.</summary>
    public EquatableArray<DimensionBinding> Dimensions { get; init; } = EquatableArray<DimensionBinding>.Empty;

    /// <summary>Outputs that feed inputs of the next run.</summary>
    public EquatableArray<StatePair> States { get; init; } = EquatableArray<StatePair>.Empty;

    /// <summary>Vector widths that code is written for.</summary>
    public TargetIsa Isa { get; init; } = TargetIsa.Auto;

    /// <summary>Largest weight blob in bytes that is written into the source.</summary>
    public int InlineWeightLimit { get; init; } = DefaultInlineWeightLimit;

    /// <summary>What code is written for.</summary>
    public OptimizationGoal Optimize { get; init; } = OptimizationGoal.Balanced;

    /// <summary>True to compute convolutions of small windows by Winograd's minimal filtering where that is faster; false keeps every sum direct.</summary>
    public bool Winograd { get; init; } = true;

    /// <summary>True if Winograd's filtering may be used: its transforms are code, and its weights are larger, so that it is no way to a small program.</summary>
    public bool AllowsWinograd => Winograd && Optimize != OptimizationGoal.Size;

    /// <summary>Most that the arena may take, in KiB: chains of steps then run in bands of rows where they must. Null to compute everything as fast as can be.</summary>
    public int? MemoryBudget { get; init; }

    /// <summary>True for code that only one thread ever runs: no step is cut into shares, and all working memory is in the arena instead of on stacks.</summary>
    public bool SingleThreaded { get; init; }

    /// <summary>True if memory and code may be spent on work that several threads can share.</summary>
    public bool SpendsOnThreads => Isa.HasVectors && !SingleThreaded && MemoryBudget is null && Optimize != OptimizationGoal.Size;

    /// <summary>True if the model may name the compiler's own operators: for tests of these, which trust their inputs. No user can set it.</summary>
    public bool AcceptsInternalOperators { get; init; }

    /// <summary>True if the project checks integer overflow by default, so that kernels must say <c>unchecked</c>.</summary>
    public bool CheckOverflow { get; init; }

    /// <summary>True if the project's C# is at least version 8, which knows nullable annotations.</summary>
    public bool NullableContext { get; init; } = true;

    /// <summary>
    /// True while an editor looks at a project whose weights were never packed: the code then compiles without them, so that
    /// the editor shows the class and no error.
    /// </summary>
    public bool WeightsPending { get; init; }

    /// <summary>
    /// True to keep memory that belongs to no live buffer filled with NaN, with some between all buffers, and to verify after every
    /// step that it still is: for tests of the memory plan. <c>Run</c> then throws an <see cref="InvalidOperationException"/>.
    /// </summary>
    public bool CheckedArena { get; init; }

    /// <summary>What <c>aotc tune</c> measured for the model; null to choose by estimates alone.</summary>
    public TuningTable? Tuning { get; init; }

    /// <summary>
    /// True to give the class a method <c>RunProfiled</c> that also takes memory for timestamps, which it writes before the first step
    /// and after every step. Plan, weights and steps are those of a build without it.
    /// </summary>
    public bool Profile { get; init; }

    /// <summary>The C library that the model is made into; null for the C# class alone.</summary>
    public NativeOptions? Native { get; init; }

    /// <summary>Most milliseconds that a run may be estimated to take; null for no limit.</summary>
    public double? BudgetMilliseconds { get; init; }

    /// <summary>True to let threads share every step that can be, however small: for tests of the steps.</summary>
    public bool ShareEverything { get; init; }
}

/// <summary>What code is written for, step by step, by its share of the model's estimated time.</summary>
internal enum OptimizationGoal
{
    /// <summary>The least time, but compact code for steps that hardly take any of it.</summary>
    Balanced,

    /// <summary>Few bytes in every step.</summary>
    Size,

    /// <summary>The least time in every step.</summary>
    Speed,
}

/// <summary>Choices for a model as a C library.</summary>
/// <param name="Name">With what the names of header, functions and types begin; null to derive it from the model's name.</param>
/// <param name="CallerWeights">True if the weights are a file that the caller loads and passes to each run; false if they are inside the library.</param>
internal sealed record NativeOptions(string? Name = null, bool CallerWeights = false);

/// <summary>A free dimension's name and value, or the range of values that it can have in each run.</summary>
/// <param name="Name">Name of the dimension, or <c>input[axis]</c>.</param>
/// <param name="Value">The value; of a range the greatest.</param>
internal sealed record DimensionBinding(string Name, int Value)
{
    /// <summary>Least value of a range, 1 or more; null, or the value itself, for a fixed one.</summary>
    public int? Minimum { get; init; }

    /// <summary>All values of a range are multiples of this.</summary>
    public int Step { get; init; } = 1;

    /// <summary>True if the dimension is known only at run time.</summary>
    public bool IsRange => Minimum < Value;
}

/// <summary>An output and the input of the next run that it feeds, as the user wrote them: <c>OUTPUT:INPUT</c>.</summary>
/// <remarks>Names may contain colons; which one separates them the model's own names decide.</remarks>
internal sealed record StatePair(string Text)
{
    /// <summary>Both names, for every colon that could separate them.</summary>
    public IEnumerable<(string Output, string Input)> Readings
    {
        get
        {
            for (int colon = Text.IndexOf(':'); colon >= 0; colon = Text.IndexOf(':', colon + 1))
            {
                yield return (Text.Substring(0, colon).Trim(), Text.Substring(colon + 1).Trim());
            }
        }
    }
}

/// <summary>The instruction sets that generated code is written for.</summary>
internal sealed record TargetIsa(string Name, EquatableArray<int> VectorBits)
{
    /// <summary>One body per width; the widest that the hardware accelerates is chosen at run time, or at build time by NativeAOT.</summary>
    public static readonly TargetIsa Auto = new("auto", new EquatableArray<int>(512, 256, 128));

    private static readonly Dictionary<string, TargetIsa> _named = new(StringComparer.OrdinalIgnoreCase)
    {
        ["auto"] = Auto,
        ["native"] = Auto with { Name = "native" },
        ["x86-64-v4"] = new TargetIsa("x86-64-v4", new EquatableArray<int>(512)),
        ["v4"] = new TargetIsa("x86-64-v4", new EquatableArray<int>(512)),
        ["avx512"] = new TargetIsa("x86-64-v4", new EquatableArray<int>(512)),
        ["x86-64-v3"] = new TargetIsa("x86-64-v3", new EquatableArray<int>(256)),
        ["v3"] = new TargetIsa("x86-64-v3", new EquatableArray<int>(256)),
        ["avx2"] = new TargetIsa("x86-64-v3", new EquatableArray<int>(256)),
        ["x86-64-v2"] = new TargetIsa("x86-64-v2", new EquatableArray<int>(128)),
        ["v2"] = new TargetIsa("x86-64-v2", new EquatableArray<int>(128)),
        ["baseline"] = new TargetIsa("baseline", new EquatableArray<int>(128)),
        ["arm64"] = new TargetIsa("arm64", new EquatableArray<int>(128)),
        ["armv8-a"] = new TargetIsa("armv8-a", new EquatableArray<int>(128)),
        ["armv8.2-a+dotprod"] = new TargetIsa("armv8.2-a+dotprod", new EquatableArray<int>(128)),
        ["armv7"] = new TargetIsa("armv7", new EquatableArray<int>(32)),
    };

    /// <summary>Names that <see cref="TryParse"/> knows, for messages.</summary>
    public static string KnownNames => "auto, native, x86-64-v4, x86-64-v3, x86-64-v2, baseline, arm64, armv8-a, armv8.2-a+dotprod, armv7";

    /// <summary>False for processors whose code is scalar throughout.</summary>
    public bool HasVectors => !VectorBits.Contains(Simd.Single.Bits);

    private bool IsArm64 => HasVectors && Name.StartsWith("arm", StringComparison.Ordinal);

    /// <summary>The widest vectors, for which choices that all widths share are made.</summary>
    public Simd Widest => Widths.First();

    /// <summary>Widths, widest first.</summary>
    public IEnumerable<Simd> Widths
    {
        get
        {
            foreach (int bits in VectorBits)
            {
                yield return bits switch
                {
                    512 => Simd.V512,
                    256 => Simd.V256,
                    128 => IsArm64 ? Simd.Arm64 : Simd.V128,
                    _ => Simd.Single,
                };
            }
        }
    }

    /// <summary>The instruction set of a name, or of several that are separated by commas, among which the program chooses when it runs.</summary>
    public static TargetIsa? TryParse(string name)
    {
        TargetIsa?[] all = name.Split(',').Select(static n => _named.TryGetValue(n.Trim(), out TargetIsa? isa) ? isa : null).ToArray();
        return all.Length == 1 ? all[0]
            : all.Any(static isa => isa is null || isa.VectorBits.Count != 1) ? null
            : new TargetIsa(string.Join("|", all.Select(static isa => isa!.Name).Distinct()), new EquatableArray<int>(all.SelectMany(static isa => isa!.VectorBits).Distinct().OrderByDescending(static b => b)));
    }
}
