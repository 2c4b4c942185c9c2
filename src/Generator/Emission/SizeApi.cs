using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Emission;

/// <summary>
/// What sizes that are known only at run time add to the generated class: a parameter of <c>Run</c> for each that the caller chooses,
/// its check, the expected lengths of spans, and properties that report the sizes of outputs.
/// </summary>
internal sealed class SizeApi
{
    private readonly EmittedNames _names;

    public SizeApi(EmittedNames names)
    {
        _names = names;
    }

    /// <summary>Sizes that the caller chooses.</summary>
    public IReadOnlyList<SizeName> Chosen => _names.Sizes.Where(static s => !s.Variable.IsComputed).ToArray();

    /// <summary>True if steps find counts in their data.</summary>
    public bool HasCounts => Counts.Count > 0;

    /// <summary>Parameters of all methods that run the model.</summary>
    public IEnumerable<string> ChosenParameters => Chosen.Select(static s => $"int {s.Parameter}");

    /// <summary>Parameters through which the static method reports counts that sizes of outputs depend on.</summary>
    public IEnumerable<string> CountParameters => Reported.Select(static s => $"out int {s.Parameter}");

    /// <summary>Arguments of the steps' <c>Run</c>, as <see cref="StepsEmitter.SizeParameters"/> declares them.</summary>
    public IEnumerable<string> RunArguments => _names.Sizes.Select(s => s.Variable.IsComputed ? $"counts + {Number(s)}" : SizeTable.Name(s.Variable));

    private IReadOnlyList<SizeName> Counts => _names.Sizes.Where(static s => s.Variable.IsComputed).ToArray();

    private IEnumerable<SizeName> Reported => Counts.Where(s => _names.Outputs.Any(o => o.Shape.Extents.Any(e => e.Size?.Variables.Contains(s.Variable) ?? false)));

    /// <summary>Name of the property that reports an output's shape.</summary>
    public static string Dimensions(BoundaryName output) => $"{output.Member}Dimensions";

    /// <summary>Elements of a tensor for documentation: a number or a formula of the parameters.</summary>
    public string Count(Shape shape) => shape.IsDynamic
        ? $"<c>{NameSanitizer.Xml(shape.ElementSize.Format(InParameters))}</c>"
        : Literal.Grouped(shape.ElementCount);

    /// <summary>Elements of a tensor in code; counts that are not known yet are at their maxima.</summary>
    public string Length(Shape shape) => shape.ElementSize.Format(static v => v.IsComputed ? $"{v.Maximum}" : SizeTable.Name(v));

    /// <summary>Writes what documentation says of the sizes.</summary>
    /// <param name="code">Where it goes.</param>
    /// <param name="isStatic">True for the method that reports counts by parameters.</param>
    public void WriteDocumentation(CodeWriter code, bool isStatic)
    {
        foreach (SizeName size in Chosen)
        {
            string step = size.Variable.Step == 1 ? string.Empty : $", a multiple of {size.Variable.Step}";
            code.Line($"/// <param name=\"{size.Parameter}\">Dimension \"{NameSanitizer.Xml(NameSanitizer.Comment(size.Variable.Name))}\" of this run: {Minimum(size)} to {Maximum(size)}{step}.</param>");
        }

        foreach (SizeName count in isStatic ? Reported : Enumerable.Empty<SizeName>())
        {
            code.Line($"/// <param name=\"{count.Parameter}\">Receives the count that node \"{NameSanitizer.Xml(NameSanitizer.Comment(count.Variable.Name))}\" found.</param>");
        }
    }

    /// <summary>Writes the checks of the sizes that the caller chooses, and locals for what the code computes with.</summary>
    public void WriteGuards(CodeWriter code)
    {
        foreach (SizeName size in Chosen)
        {
            int step = size.Variable.Step;
            string multiple = step == 1 ? string.Empty : $" || {size.Parameter} % {step} != 0";
            using (code.Block($"if ({size.Parameter} < {Minimum(size)} || {size.Parameter} > {Maximum(size)}{multiple})"))
            {
                code.Line($"ModelGuard.ThrowDimension(nameof({size.Parameter}), {size.Parameter}, {Minimum(size)}, {Maximum(size)}, {step});");
            }

            code.Line();
            code.Line($"int {SizeTable.Name(size.Variable)} = {size.Parameter}{(step == 1 ? string.Empty : $" / {step}")};");
        }
    }

    /// <summary>Further condition for a run on several threads: that its sizes are large enough; empty if all are.</summary>
    /// <param name="share">What the product of the sizes has to be of its greatest value.</param>
    public string LeastForThreads(double share)
    {
        double largest = Chosen.Aggregate(1.0, static (product, s) => product * s.Variable.Maximum);
        long least = (long)System.Math.Ceiling(share * largest);
        return Chosen.Count == 0 || least <= Chosen.Aggregate(1.0, static (product, s) => product * s.Variable.Minimum)
            ? string.Empty
            : $" && {string.Join(" * ", Chosen.Select(static (s, i) => $"{(i == 0 ? "(long)" : string.Empty)}{SizeTable.Name(s.Variable)}"))} >= {least}";
    }

    /// <summary>Writes the memory for counts.</summary>
    public void WriteCounts(CodeWriter code)
    {
        if (HasCounts)
        {
            code.Line($"int* counts = stackalloc int[{Counts.Count}];");
        }
    }

    /// <summary>Writes the results of the parameters that report counts.</summary>
    public void WriteCountResults(CodeWriter code)
    {
        foreach (SizeName count in Reported)
        {
            code.Line($"{count.Parameter} = counts[{Number(count)}];");
        }
    }

    /// <summary>Writes the properties that report the actual shapes of outputs.</summary>
    public void WriteProperties(CodeWriter code)
    {
        for (int i = 0; i < _names.Outputs.Count; i++)
        {
            BoundaryName output = _names.Outputs[i];
            if (output.Shape.IsDynamic)
            {
                code.Line($"private readonly int[] _dimensions{i} = new int[{output.Shape.Rank}];");
                code.Line();
                code.Line($"/// <summary>Shape of <c>{output.Parameter}</c> in the last run.</summary>");
                code.Line($"public global::System.ReadOnlySpan<int> {Dimensions(output)} => _dimensions{i};");
                code.Line();
            }
        }
    }

    /// <summary>Writes what sets those properties at the end of a run.</summary>
    public void WriteDimensions(CodeWriter code)
    {
        for (int i = 0; i < _names.Outputs.Count; i++)
        {
            Shape shape = _names.Outputs[i].Shape;
            for (int axis = 0; shape.IsDynamic && axis < shape.Rank; axis++)
            {
                code.Line($"_dimensions{i}[{axis}] = {shape.Extent(axis).Expression.Format(InRun)};");
            }
        }
    }

    private static int Minimum(SizeName size) => size.Variable.Minimum * size.Variable.Step;

    private static int Maximum(SizeName size) => size.Variable.Maximum * size.Variable.Step;

    private int Number(SizeName count) => Counts.ToList().IndexOf(count);

    /// <summary>A variable in terms of the parameters of <c>Run</c>.</summary>
    private string InParameters(SizeVariable variable)
    {
        SizeName name = _names.Sizes.First(s => ReferenceEquals(s.Variable, variable));
        return variable.IsComputed ? $"{variable.Maximum}" : variable.Step == 1 ? name.Parameter : $"({name.Parameter} / {variable.Step})";
    }

    private string InRun(SizeVariable variable)
    {
        SizeName name = _names.Sizes.First(s => ReferenceEquals(s.Variable, variable));
        return variable.IsComputed ? $"counts[{Number(name)}]" : InParameters(variable);
    }
}
