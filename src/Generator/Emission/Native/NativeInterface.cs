using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>The results of the C functions; the numbers are part of the interface and never change.</summary>
internal enum NativeError
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>A pointer is null.</summary>
    NullPointer = 1,

    /// <summary>A pointer is not aligned.</summary>
    Alignment = 2,

    /// <summary>A dimension of this run is out of its range.</summary>
    Dimension = 3,

    /// <summary>An index in the inputs is out of range.</summary>
    Index = 4,

    /// <summary>The weights are not those of this build.</summary>
    Weights = 5,
}

/// <summary>
/// A model as a C library: the names, structures and sizes that the header declares, the exported functions implement and build
/// files mention. One description for all of them.
/// </summary>
internal sealed class NativeInterface
{
    /// <summary>Version of the conventions that all libraries follow: error numbers, the layout of the information, the functions.</summary>
    public const int AbiVersion = 1;

    private readonly ExecutionPlan _plan;
    private readonly EmittedNames _names;

    /// <exception cref="ModelException">AOTC0406: the model cannot be a C library.</exception>
    public NativeInterface(ExecutionPlan plan, ModelMetadata metadata, CompilerOptions options, EmittedNames names, PlanHash hash)
    {
        _plan = plan;
        _names = names;
        Hash = hash;
        Sha256 = metadata.Sha256;
        ModelName = options.ModelName;
        IsaName = options.Isa.Name;
        Name = CNames.Library(options.Native!.Name ?? options.ModelName);
        if (plan.Schedule.UsesStrings)
        {
            throw new ModelException(
                DiagnosticCodes.NativeUnsupported,
                $"Model '{NameSanitizer.Comment(options.ModelName)}' works on strings, for which the C interface has no type. Use the generated C# class, or cut the text operators off the model and pass numbers.");
        }

        var inputs = new CNames();
        var outputs = new CNames();
        var macros = new CNames();
        Inputs = names.Inputs.Select(b => Tensor(b, inputs, macros)).ToArray();
        Sizes = names.Sizes.Where(static s => !s.Variable.IsComputed).Select(s => new NativeSize(s.Variable, inputs.Member(s.Variable.Name))).ToArray();
        Outputs = names.Outputs.Select(b => Tensor(b, outputs, macros)).Select(t => t with
        {
            ShapeMember = t.Boundary.Shape.IsDynamic ? outputs.Member($"{t.Member}_shape") : null,
        }).ToArray();
        TakesWeights = options.Native.CallerWeights && plan.WeightBytes > 0;
    }

    /// <summary>With what all names begin: <c>digits</c> of <c>digits_run</c>.</summary>
    public string Name { get; }

    /// <summary>With what all macros begin: <c>DIGITS</c>.</summary>
    public string Macro => Name.ToUpperInvariant();

    /// <summary>Name of the model, as the user calls it.</summary>
    public string ModelName { get; }

    /// <summary>SHA-256 of the model file.</summary>
    public string Sha256 { get; }

    /// <summary>Name of the instruction set.</summary>
    public string IsaName { get; }

    /// <summary>Hash of the plan, which the header of packed weights repeats.</summary>
    public PlanHash Hash { get; }

    public IReadOnlyList<NativeTensor> Inputs { get; }

    public IReadOnlyList<NativeTensor> Outputs { get; }

    /// <summary>Dimensions that the caller chooses in each run, members of the inputs.</summary>
    public IReadOnlyList<NativeSize> Sizes { get; }

    /// <summary>Bytes of working memory.</summary>
    public long ArenaBytes => _plan.Arena.ArenaBytes;

    /// <summary>Bytes that keep their contents from run to run; 0 if there are none.</summary>
    public long StateBytes => _plan.StateBytes;

    /// <summary>Bytes of the packed weights with the header in front of them; 0 if there are none.</summary>
    public long WeightBytes => _plan.WeightBytes == 0 ? 0 : _plan.WeightBytes + Runtime.WeightBlobHeader.Length;

    /// <summary>Multiply-adds of one run.</summary>
    public long MultiplyAdds => _plan.MultiplyAdds;

    /// <summary>True if the caller passes the weights.</summary>
    public bool TakesWeights { get; }

    /// <summary>True if a run can meet an index out of range.</summary>
    public bool CanFail => _plan.Schedule.Steps.Any(static s => s.CanFail);

    /// <summary>True if the function that runs the model needs the structure of inputs.</summary>
    public bool HasInputs => Inputs.Count + Sizes.Count > 0;

    /// <summary>Counts that steps find.</summary>
    public IEnumerable<SizeVariable> Counts => _names.Sizes.Select(static s => s.Variable).Where(static v => v.IsComputed);

    /// <summary>Most dimensions of any tensor, at least 1.</summary>
    public int RankLimit => Inputs.Concat(Outputs).Select(static t => t.Boundary.Shape.Rank).Append(1).Max();

    /// <summary>The name of a file that holds the weights, where they are not in the library.</summary>
    public string WeightsFile => $"{Name}.weights";

    private static NativeTensor Tensor(BoundaryName boundary, CNames members, CNames macros)
    {
        string member = members.Member(boundary.Original);
        return new NativeTensor(boundary, member, macros.Macro(member));
    }
}

/// <summary>An input or output of the C interface.</summary>
/// <param name="Boundary">What generated C# calls it; its type and shape.</param>
/// <param name="Member">Member of the structure.</param>
/// <param name="Macro">Its part in names of macros.</param>
internal sealed record NativeTensor(BoundaryName Boundary, string Member, string Macro)
{
    /// <summary>Of an output whose shape a run decides: the member that receives the shape.</summary>
    public string? ShapeMember { get; init; }

    /// <summary>Bytes at the greatest shape.</summary>
    public long Bytes => Boundary.Shape.ElementCount * Boundary.Type.Size();

    /// <summary>True if there are never elements, so that the pointer does not matter.</summary>
    public bool IsEmpty => Boundary.Shape.ElementCount == 0;

    /// <summary>The type of an element in C.</summary>
    public string CType => Boundary.Type switch
    {
        ElementType.Float32 => "float",
        ElementType.Float64 => "double",
        ElementType.Float16 or ElementType.BFloat16 or ElementType.UInt16 => "uint16_t",
        ElementType.Int16 => "int16_t",
        ElementType.Int32 => "int32_t",
        ElementType.UInt32 => "uint32_t",
        ElementType.Int64 => "int64_t",
        ElementType.UInt64 => "uint64_t",
        ElementType.Int8 or ElementType.Int4 or ElementType.Int2 => "int8_t",
        _ => "uint8_t",
    };

    /// <summary>What C cannot say of an element; empty if its type says all.</summary>
    public string Note => Boundary.Type switch
    {
        ElementType.Float16 => "the bits of IEEE 754 binary16",
        ElementType.BFloat16 => "the upper 16 bits of an IEEE 754 binary32",
        ElementType.Bool => "0 or 1",
        ElementType.Int4 => "one element per byte, -8 to 7",
        ElementType.UInt4 => "one element per byte, 0 to 15",
        ElementType.Int2 => "one element per byte, -2 to 1",
        ElementType.UInt2 => "one element per byte, 0 to 3",
        _ when Boundary.Type.IsNarrowFloat() => "one element per byte, its bits",
        _ => string.Empty,
    };
}

/// <summary>A dimension that the caller chooses in each run.</summary>
/// <param name="Variable">The dimension.</param>
/// <param name="Member">Member of the inputs.</param>
internal sealed record NativeSize(SizeVariable Variable, string Member)
{
    /// <summary>The least value.</summary>
    public int Minimum => Variable.Minimum * Variable.Step;

    /// <summary>The greatest value.</summary>
    public int Maximum => Variable.Maximum * Variable.Step;
}
