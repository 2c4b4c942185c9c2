using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// Types and shapes of a node's outputs. Where sizes are known only at run time, the operator's one rule for numbers runs in
/// every sample of the sizes, and the expressions that explain its results become the shape.
/// </summary>
internal static class ShapeInference
{
    /// <summary>Infers all outputs of a node.</summary>
    /// <param name="node">The node; its inputs are inferred already.</param>
    /// <param name="graph">The graph, which gets the counts that the node finds in its data.</param>
    /// <exception cref="ModelException">The inputs do not fit, in some sample of the sizes, or no expression explains the outputs.</exception>
    public static void Run(Node node, Graph graph)
    {
        bool strange = node.Operator is RegionOperator region && region.SeesStrangeSizes(node);
        using (var inputs = new SampledInputs(node))
        {
            InferGreatest(node, graph, inputs);
            if (!inputs.Vary && node.ComputedSizes.Count == 0)
            {
                return;
            }

            if (strange)
            {
                throw LoweringFailure(node, "what it hands from one iteration to the next, or takes part by part, has dimensions that are known only at run time");
            }

            // Attributes that inference writes are those of the greatest sizes in the end.
            Shape[][] shapes = Sample(node, graph, inputs);
            inputs.Set(0);
            node.Operator.Infer(new InferContext(node, 0, graph));
            ElementType[] types = node.Outputs.Select(static v => v.Type).ToArray();
            Size[] known = inputs.Known(graph).Concat(node.ComputedSizes.Select(Size.Of)).ToArray();
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                node.Outputs[i].Type = types[i];
                node.Outputs[i].Shape = Fit(node, shapes.Select(s => s[i]).ToArray(), known);
            }
        }

        if (!node.Operator.FitsAlike(node))
        {
            throw LoweringFailure(node, "a dimension of its inputs is repeated at one size and not at another");
        }
    }

    /// <summary>The first output whose type or shape is not what inference gives, in some of the samples; null if all are right.</summary>
    public static string? FirstDifference(Node node, Graph graph)
    {
        (ElementType Type, Shape Shape)[] before = node.Outputs.Select(static v => (v.Type, v.Shape)).ToArray();
        string? problem = null;
        using (var inputs = new SampledInputs(node))
        {
            int count = inputs.Vary || node.ComputedSizes.Count > 0 ? SizeSamples.CheckCount : 1;
            for (int sample = count - 1; sample >= 0; sample--)
            {
                inputs.Set(sample);
                node.Operator.Infer(new InferContext(node, sample, graph));
                for (int i = 0; i < before.Length; i++)
                {
                    Value output = node.Outputs[i];
                    ElementType type = i == 0 && node.Epilogue is { } epilogue ? epilogue.ResultType : output.Type;
                    if (i == 0 && node.Epilogue is { } program && program.OperandTypes[0] != output.Type)
                    {
                        problem ??= "the epilogue expects another type";
                    }

                    if (type != before[i].Type || !output.Shape.Equals(before[i].Shape.At(sample)))
                    {
                        problem ??= $"output \"{output.Name}\" {output.Shape} {type.ShortName()} had {before[i].Type.ShortName()} {before[i].Shape.At(sample)}";
                    }
                }
            }
        }

        for (int i = 0; i < before.Length; i++)
        {
            (node.Outputs[i].Type, node.Outputs[i].Shape) = before[i];
        }

        return problem;
    }

    private static Shape[][] Sample(Node node, Graph graph, SampledInputs inputs)
    {
        var shapes = new Shape[SizeSamples.Count][];
        for (int sample = 0; sample < shapes.Length; sample++)
        {
            inputs.Set(sample);
            try
            {
                node.Operator.Infer(new InferContext(node, sample, graph));
            }
            catch (ModelException e)
            {
                throw AtSample(e, inputs, sample);
            }

            shapes[sample] = node.Outputs.Select(static v => v.Shape).ToArray();
        }

        return shapes;
    }

    /// <summary>Infers at the greatest sizes; shapes that do not fit there may fit at others.</summary>
    private static void InferGreatest(Node node, Graph graph, SampledInputs inputs)
    {
        inputs.Set(0);
        try
        {
            node.Operator.Infer(new InferContext(node, 0, graph));
        }
        catch (ModelException e) when (inputs.Variables.Count > 0 && e.Diagnostic.Code == DiagnosticCodes.ShapeMismatch)
        {
            throw AtSample(e, inputs, 0);
        }
    }

    private static ModelException AtSample(ModelException failure, SampledInputs inputs, int sample)
    {
        string sizes = string.Join(", ", inputs.Variables.Select(v => $"{v.Name} = {v.Samples[sample] * v.Step}"));
        return new ModelException(failure.Diagnostic.Code, $"With {sizes}: {failure.Diagnostic.Message} Narrow the range of the dimension, or give a step that its values are multiples of: {(inputs.Variables.Count > 0 ? inputs.Variables[0].Name : "size")}=32..512:32.") { DependsOnSizes = true };
    }

    private static Shape Fit(Node node, Shape[] samples, Size[] known)
    {
        var extents = new Extent[samples[0].Rank];
        if (samples.Any(s => s.Rank != extents.Length))
        {
            throw LoweringFailure(node, "the rank of an output depends on a size that is known only at run time");
        }

        for (int axis = 0; axis < extents.Length; axis++)
        {
            long[] values = samples.Select(s => (long)s[axis]).ToArray();
            Size size = SizeFitting.Find(values, known)
                ?? throw LoweringFailure(node, $"dimension {axis} of an output depends on run-time sizes in a way that is not supported (from {values[1]} to {values[0]})");
            if (values.Max() != values[0])
            {
                throw LoweringFailure(node, $"dimension {axis} of an output is not largest where the run-time sizes are");
            }

            extents[axis] = Extent.Of(size);
        }

        return new Shape(extents);
    }

    private static ModelException LoweringFailure(Node node, string reason) =>
        new(DiagnosticCodes.ShapeNotConstant, NodeContext.Describe(node, reason, "Give the dimension one value, or another range."));
}

/// <summary>Gives a node's inputs the shapes, and where shapes depend on them the data, of one sample after the other; disposing restores them.</summary>
internal sealed class SampledInputs : System.IDisposable
{
    private readonly (Value Value, Shape Shape, Tensor? Constant)[] _inputs;
    private readonly Value[] _all;
    private readonly Node _node;

    public SampledInputs(Node node)
    {
        _node = node;
        _all = node.Inputs.Take(node.OperatorInputCount).OfType<Value>().ToArray();
        _inputs = node.Inputs.Take(node.OperatorInputCount)
            .OfType<Value>()
            .Distinct()
            .Where(static v => v.Shape.IsDynamic || v.Sizes is not null)
            .Select(static v => (v, v.Shape, v.Constant))
            .ToArray();
    }

    /// <summary>True if an input depends on sizes that are known only at run time.</summary>
    public bool Vary => _inputs.Length > 0;

    /// <summary>The sizes that the inputs' shapes depend on.</summary>
    public IReadOnlyList<SizeVariable> Variables => _inputs.SelectMany(static i => i.Shape.Extents)
        .Select(static e => e.Size)
        .Concat(_inputs.SelectMany(static i => i.Value.Sizes?.Elements ?? System.Array.Empty<Size>()))
        .SelectMany(static s => s?.Variables ?? System.Array.Empty<SizeVariable>())
        .Distinct()
        .OrderBy(static v => v.Ordinal)
        .ToArray();

    /// <summary>Gives the inputs the values of a sample.</summary>
    public void Set(int sample)
    {
        foreach ((Value value, Shape shape, Tensor? constant) in _inputs)
        {
            value.Shape = shape.At(sample);
            value.Constant = value.Sizes?.At(sample) ?? constant;
        }
    }

    /// <summary>
    /// Expressions that results are made of: the inputs' dimensions and elements, their numbers of elements, and the sizes themselves. The
    /// inputs have their own shapes again.
    /// </summary>
    public IEnumerable<Size> Known(Graph graph)
    {
        Restore();
        return _inputs.SelectMany(static i => i.Shape.Extents).Select(static e => e.Expression)
            .Concat(_inputs.SelectMany(static i => i.Value.Sizes?.Elements ?? System.Array.Empty<Size>()))
            .Concat(_inputs.Where(static i => i.Shape.IsDynamic).Select(static i => i.Shape.ElementSize))
            .Concat(_node.Operator.LikelySizes(_node))
            .Concat(graph.Sizes.Select(Size.Of))
            .Concat(Sums());
    }

    /// <summary>Lengths of all inputs side by side, along each axis; two of them are found without being told.</summary>
    private IEnumerable<Size> Sums()
    {
        if (_all.Length < 3 || _all.Any(v => v.Shape.Rank != _all[0].Shape.Rank))
        {
            yield break;
        }

        for (int axis = 0; axis < _all[0].Shape.Rank; axis++)
        {
            Size[] lengths = _inputs.Where(i => i.Shape.Extent(axis).IsDynamic).Select(i => i.Shape.Extent(axis).Expression).ToArray();
            if (lengths.Length > 2)
            {
                yield return _all.Aggregate(Size.Of(0), (sum, v) => sum + (_inputs.FirstOrDefault(i => ReferenceEquals(i.Value, v)) is { Shape: { } shape } ? shape : v.Shape).Extent(axis).Expression);
            }
        }
    }

    public void Dispose() => Restore();

    private void Restore()
    {
        foreach ((Value value, Shape shape, Tensor? constant) in _inputs)
        {
            (value.Shape, value.Constant) = (shape, constant);
        }
    }
}
