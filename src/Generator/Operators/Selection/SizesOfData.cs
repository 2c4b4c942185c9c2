using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Selection;

/// <summary>
/// Makes sizes of data: each element of a small tensor becomes a count of the node, so that shapes may depend on it. A run whose
/// element is outside its range ends with an error.
/// </summary>
/// <remarks>
/// Not of the standard. Attributes, one entry per element: <c>first</c> and <c>last</c> are the ends of the range, <c>step</c> divides all of
/// its numbers. An element whose range is one number is checked, and is no count. The output is the input, which only the plain evaluation reads.
/// </remarks>
internal sealed class SizesOfData : Operator
{
    /// <summary>Largest bound for which memory is planned without a declaration.</summary>
    public const int MaxBound = 1 << 16;

    public SizesOfData()
        : base(nameof(SizesOfData), InternalDomain)
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    public override bool FindsCounts => true;

    public override bool Checks => true;

    /// <summary>Adds the node that reads a value, and returns the value as an expression of its counts.</summary>
    /// <param name="graph">The graph that gets the node.</param>
    /// <param name="value">Whole numbers, of any type that can be read as such.</param>
    /// <param name="ranges">What each element can be, row-major.</param>
    public static Value Insert(Graph graph, Value value, IReadOnlyList<SizeRange> ranges)
    {
        AttributeMap attributes = new AttributeMap($"sizes of \"{value.Name}\"")
            .Set("first", ranges.Select(static r => r.First).ToArray())
            .Set("last", ranges.Select(static r => r.Last).ToArray())
            .Set("step", ranges.Select(static r => r.Step).ToArray());
        Operator definition = OperatorRegistry.Get(nameof(SizesOfData), InternalDomain);
        Node node = new GraphRewriter(graph).InsertNode(definition, value.Name, attributes, new Value?[] { value }, 1)[0].Producer!;
        var counts = new Queue<SizeVariable>(node.ComputedSizes);
        Size[] elements = ranges.Select(r => r.IsFixed ? Size.Of(r.First) : Size.Of(counts.Dequeue()) * Size.Of(r.Step)).ToArray();
        Tensor[] samples = Enumerable.Range(0, SizeSamples.Count).Select(s => Sample(value, elements, s)).ToArray();
        var result = new Value(graph.UniqueName(value.Name), value.Type, value.Shape);
        if (elements.All(static e => e.Constant is not null))
        {
            result.Constant = samples[0];
        }
        else
        {
            result.Sizes = new SizeTensor(samples, elements, isUndecided: false);
        }

        return result;
    }

    /// <summary>The value as an expression of counts where what it is computed from bounds its numbers; else null.</summary>
    public static Value? InsertBounded(Graph graph, Value value)
    {
        if (!value.Type.IsInteger() || ValueBounds.Of(value) is not { Low: >= 0, High: <= MaxBound } bounds)
        {
            return null;
        }

        var range = new SizeRange(bounds.Low, bounds.High);
        return Insert(graph, value, Enumerable.Repeat(range, (int)value.Shape.ElementCount).ToArray());
    }

    public override void Infer(InferContext context)
    {
        int count = 0;
        foreach (SizeRange range in Ranges(context.Node))
        {
            if (!range.IsFixed)
            {
                context.DeclaredSize(count++, range.First / range.Step, range.Last / range.Step);
            }
        }

        context.SetOutput(0, context.Type(0), context.Shape(0));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => new[] { inputs[0]! };

    public override IReadOnlyList<long>? CountsIn(Node node, IReadOnlyList<Tensor> results) => Ranges(node)
        .Select((r, i) => (Range: r, Value: (long)ElementEvaluation.Read(results[0], i)))
        .Where(static e => !e.Range.IsFixed)
        .Select(static e => e.Value / e.Range.Step)
        .ToArray();

    public override void Lower(Node node, LoweringContext context) =>
        context.Add(new SizesOfDataStep(node, context.ReadDense(node.Required(0)), Ranges(node)));

    private static SizeRange[] Ranges(Node node)
    {
        long[] first = node.Attributes.Ints("first")!;
        long[] last = node.Attributes.Ints("last")!;
        long[] step = node.Attributes.Ints("step")!;
        return first.Select((f, i) => new SizeRange(f, last[i], step[i])).ToArray();
    }

    private static Tensor Sample(Value value, Size[] elements, int sample)
    {
        var bytes = new byte[value.Shape.ElementCount * value.Type.Size()];
        for (int i = 0; i < elements.Length; i++)
        {
            ElementEvaluation.Write(bytes, value.Type, i, elements[i].Evaluate(v => v.Samples[sample]));
        }

        return Tensor.FromBytes(value.Type, value.Shape, bytes, value.Name);
    }
}
