using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace AotCompiler.InProcess;

/// <summary>An input or output of a generated class.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="CSharpType">Element type of the span, for example <c>float</c>.</param>
/// <param name="ElementBytes">Bytes of one element.</param>
/// <param name="Length">Number of elements.</param>
public sealed record ModelSlot(string Name, string CSharpType, int ElementBytes, long Length)
{
    /// <summary>True if the number of elements is only the greatest: each run has its own.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>Of an output that is dynamic, the property of the class that reports its shape.</summary>
    public string? Dimensions { get; init; }

    /// <summary>Bytes of all elements.</summary>
    public long Bytes => Length * ElementBytes;

    /// <summary>True for strings, which are passed as such.</summary>
    public bool IsString => CSharpType == "string";
}

/// <summary>What is needed to call a generated class.</summary>
/// <param name="FullClassName">Name with namespace.</param>
/// <param name="Inputs">Inputs in the order of the parameters.</param>
/// <param name="Outputs">Outputs in the order of the parameters.</param>
/// <param name="ArenaBytes">Bytes of working memory.</param>
/// <param name="StateBytes">Bytes that keep their contents from run to run; 0 for a model without states.</param>
public sealed record ModelSignature(string FullClassName, IReadOnlyList<ModelSlot> Inputs, IReadOnlyList<ModelSlot> Outputs, long ArenaBytes, long StateBytes = 0)
{
    /// <summary>Number of dimensions that each run chooses: parameters of <c>Run</c> behind the tensors.</summary>
    public int DimensionCount { get; init; }

    /// <summary>Number of counts that the static <c>Run</c> reports behind the arena.</summary>
    public int CountCount { get; init; }

    /// <summary>Steps of a class that was generated to be profiled; null for others.</summary>
    public int? ProfiledSteps { get; init; }
}

/// <summary>Writes the class that calls a generated class through <see cref="ModelEntry"/>.</summary>
public static class ModelAdapter
{
    /// <summary>Name of an adapter class, in the global namespace.</summary>
    /// <param name="index">Position of the model among those of its assembly.</param>
    public static string ClassName(int index) => string.Create(CultureInfo.InvariantCulture, $"AotCompilerEntry{index}");

    /// <summary>The adapter's source.</summary>
    public static string Write(ModelSignature signature, int index = 0)
    {
        string model = $"global::{signature.FullClassName}";
        string[] spans = signature.Inputs.Select(static (slot, i) => Span("ReadOnlySpan", slot, "inputs", i))
            .Concat(signature.Outputs.Select(static (slot, i) => Span("Span", slot, "outputs", i)))
            .Concat(Enumerable.Range(0, signature.DimensionCount).Select(static i => string.Create(CultureInfo.InvariantCulture, $"Dimensions[{i}]")))
            .ToArray();
        IEnumerable<string> counts = Enumerable.Range(0, signature.CountCount).Select(static _ => "out int _");
        IEnumerable<string> copies = signature.Outputs.Select(static (o, i) => o.Dimensions is null ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"if (output == {i}) _model.{o.Dimensions}.CopyTo(target);"));
        string arena = string.Create(CultureInfo.InvariantCulture, $"new global::System.Span<byte>(arena, {signature.ArenaBytes})");
        bool hasState = signature.StateBytes > 0;
        string memory = hasState ? string.Create(CultureInfo.InvariantCulture, $"{arena}, new global::System.Span<byte>(_state.Pointer, {signature.StateBytes})") : arena;
        string field = hasState ? string.Create(CultureInfo.InvariantCulture, $"private readonly global::AotCompiler.Runtime.ModelArena _state = new global::AotCompiler.Runtime.ModelArena({signature.StateBytes});") : string.Empty;
        return $$"""
            public sealed unsafe class {{ClassName(index)}} : global::AotCompiler.InProcess.ModelEntry
            {
                private readonly {{model}} _model;
                {{field}}

                public {{ClassName(index)}}(int threads = 1)
                {
                    _model = new {{model}}(threads);
                }

                public override void Run(byte** inputs, byte** outputs)
                {
                    _model.Run({{string.Join(", ", spans)}});
                }

                public override void RunIn(byte** inputs, byte** outputs, byte* arena)
                {
                    {{model}}.Run({{string.Join(", ", spans.Append(memory).Concat(counts))}});
                }

                public override void Reset()
                {
                    {{(hasState ? "_model.Reset(); _state.Clear();" : string.Empty)}}
                }

                public override void CopyDimensions(int output, int[] target)
                {
                    {{string.Join(" ", copies)}}
                }

                public override void Dispose()
                {
                    _model.Dispose();
                    {{(hasState ? "_state.Dispose();" : string.Empty)}}
                }
            {{Profiled(signature, spans)}}
            }
            """;
    }

    private static string Profiled(ModelSignature signature, string[] spans) => signature.ProfiledSteps is not { } steps ? string.Empty : $$"""

                public override void RunProfiled(byte** inputs, byte** outputs, long* timestamps)
                {
                    _model.RunProfiled({{string.Join(", ", spans.Append(string.Create(CultureInfo.InvariantCulture, $"new global::System.Span<long>(timestamps, {steps + 1})")))}});
                }
            """;

    private static string Span(string kind, ModelSlot slot, string pointers, int index) => slot.IsString
        ? kind == "Span" ? string.Create(CultureInfo.InvariantCulture, $"OutputStrings[{index}]") : string.Create(CultureInfo.InvariantCulture, $"new global::System.ReadOnlySpan<string>(InputStrings[{index}], 0, {Length(slot, pointers, index)})")
        : string.Create(CultureInfo.InvariantCulture, $"new global::System.{kind}<{slot.CSharpType}>({pointers}[{index}], {Length(slot, pointers, index)})");

    private static string Length(ModelSlot slot, string pointers, int index) =>
        slot.IsDynamic && pointers == "inputs" ? string.Create(CultureInfo.InvariantCulture, $"InputLengths[{index}]") : slot.Length.ToString(CultureInfo.InvariantCulture);
}
