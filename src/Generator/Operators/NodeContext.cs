using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>What <see cref="Operator.Upgrade"/> and <see cref="Operator.Infer"/> have in common: the node and its messages.</summary>
internal abstract class NodeContext
{
    protected NodeContext(Node node)
    {
        Node = node;
    }

    public Node Node { get; }

    public AttributeMap Attributes => Node.Attributes;

    public int Opset => Node.Opset;

    /// <summary>An error that names the node, operator, opset, input shapes, reason and next step.</summary>
    public ModelException Fail(string code, string reason, string nextStep = "Check the model with its exporter.") => new(code, Describe(Node, reason, nextStep));

    /// <summary>The text of <see cref="Fail"/>.</summary>
    public static string Describe(Node node, string reason, string nextStep)
    {
        string inputs = string.Join(", ", node.Inputs.Take(node.OperatorInputCount).Select(static (v, i) => v is null ? $"input {i} absent" : $"input {i} {v}"));
        string where = inputs.Length == 0 ? string.Empty : $" {char.ToUpperInvariant(inputs[0])}{inputs.Substring(1)}.";
        return $"{node} (opset {node.Opset}): {reason}.{where} {nextStep}";
    }
}

/// <summary>Access to a node that is being brought into its newest form; input types and shapes are known, outputs are not.</summary>
internal sealed class UpgradeContext : NodeContext
{
    private readonly Graph _graph;

    public UpgradeContext(Node node, Graph graph)
        : base(node)
    {
        _graph = graph;
    }

    /// <summary>Turns an integer-list attribute into constant input <paramref name="index"/>, as newer versions have it.</summary>
    public void AttributeToInput(string attribute, int index)
    {
        if (Attributes.Raw(attribute) is not { } raw)
        {
            return;
        }

        Tensor tensor = raw switch
        {
            long[] ints => Tensor.Vector(ints),
            long single => Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { single }),
            float single => Tensor.Scalar(single),
            float[] floats => Tensor.Create(ElementType.Float32, new Shape(floats.Length), floats),
            _ => throw Fail(DiagnosticCodes.GraphMalformed, $"attribute '{attribute}' has an unexpected kind"),
        };
        Attributes.Remove(attribute);
        SetInput(index, tensor, attribute);
    }

    /// <summary>Puts a Reshape before input <paramref name="index"/>.</summary>
    public void ReshapeInput(int index, Shape shape)
    {
        var rewriter = new GraphRewriter(_graph);
        Node.SetInput(index, rewriter.Reshape(Node.Required(index), shape, $"{Node.Name}.reshape{index}"));
    }

    /// <summary>Replaces input 2, whole factors of all axes of input 0, by input 3, the lengths that they give.</summary>
    public void ScalesToSizes()
    {
        string name = $"{Node.Name}.sizes";
        Value lengths = Folded("Shape", name, Node.Required(0));
        Value factors = Folded("Cast", name, Node.Required(2), ("to", (long)(int)ElementType.Int64));
        Value sizes = new GraphRewriter(_graph).Insert("Mul", name, new[] { lengths, factors });
        FoldSizes(sizes);
        Node.SetInputs(Node.Input(0), Node.Input(1), null, sizes);
    }

    private Value Folded(string op, string name, Value input, params (string Name, object Value)[] attributes)
    {
        Value result = GraphRewriter.Fold(new GraphRewriter(_graph).Insert(op, name, new[] { input }, attributes));
        FoldSizes(result);
        return result;
    }

    private void FoldSizes(Value value)
    {
        if (value.Producer is { } node && SizeFolding.TryFold(node, _graph))
        {
            node.Remove();
        }
    }

    /// <summary>Converts input <paramref name="index"/> to a type.</summary>
    public void CastInput(int index, ElementType type)
    {
        Value source = Node.Required(index);
        if (source.Type != type)
        {
            var rewriter = new GraphRewriter(_graph);
            Node.SetInput(index, GraphRewriter.Fold(rewriter.Insert("Cast", $"{Node.Name}.cast{index}", new[] { source }, ("to", (long)(int)type))));
        }
    }

    /// <summary>Converts input <paramref name="index"/> to f32, which has all its values, if it is of floats narrower than 16 bits.</summary>
    public void WidenNarrowFloat(int index)
    {
        if (Node.Input(index) is { } value && value.Type.IsNarrowFloat())
        {
            CastInput(index, ElementType.Float32);
        }
    }

    /// <summary>Repeats each element of input <paramref name="index"/> along an axis, and cuts the axis off at a length.</summary>
    public void RepeatInput(int index, int axis, int count, Extent length)
    {
        var rewriter = new GraphRewriter(_graph);
        Value source = Node.Required(index);
        if (source.Shape.IsDynamic || length.IsDynamic)
        {
            Node.SetInput(index, Repeated(rewriter, source, axis, count, length));
            return;
        }

        int[] split = source.Shape.Dimensions.Take(axis + 1).Append(1).Concat(source.Shape.Dimensions.Skip(axis + 1)).ToArray();
        int[] spread = (int[])split.Clone();
        spread[axis + 1] = count;
        string name = $"{Node.Name}.blocks{index}";
        Value repeated = rewriter.Reshape(source, new Shape(split), name);
        Value shape = rewriter.Constant(Tensor.Vector(spread.Select(static d => (long)d).ToArray()), $"{name}.shape");
        repeated = GraphRewriter.Fold(rewriter.Insert("Expand", name, new[] { repeated, shape }));
        repeated = rewriter.Reshape(repeated, source.Shape.With(axis, checked(source.Shape[axis] * count)), name);
        Value start = rewriter.Constant(Tensor.Vector(0), $"{name}.start");
        Value end = rewriter.Constant(Tensor.Vector(length.Maximum), $"{name}.end");
        Value along = rewriter.Constant(Tensor.Vector(axis), $"{name}.axis");
        Node.SetInput(index, GraphRewriter.Fold(rewriter.Insert("Slice", name, new[] { repeated, start, end, along })));
    }

    /// <summary>The same of sizes that only a run knows: element i of the axis is read at ⌊i / count⌋, which each run checks.</summary>
    private Value Repeated(GraphRewriter rewriter, Value source, int axis, int count, Extent length)
    {
        string name = $"{Node.Name}.blocks";
        Value Number(long value) => rewriter.SizeValue(checked((int)value), ElementType.Int64, name);
        Value positions = rewriter.Insert("Range", name, new[] { Number(0), rewriter.SizeValue(length, ElementType.Int64, name), Number(1) });
        Value blocks = GraphRewriter.Fold(rewriter.Insert("Div", name, new[] { positions, Number(count) }));
        return rewriter.Insert("Gather", name, new[] { source, blocks }, ("axis", (long)axis));
    }

    /// <summary>Makes input <paramref name="index"/> a constant.</summary>
    public void SetInput(int index, Tensor tensor, string role)
    {
        List<Value?> inputs = Node.Inputs.ToList();
        while (inputs.Count <= index)
        {
            inputs.Add(null);
        }

        inputs[index] = Value.FromConstant(_graph.UniqueName($"{Node.Name}.{role}"), tensor);
        Node.SetInputs(inputs.ToArray());
    }
}

/// <summary>Access to a node whose outputs get their types and shapes.</summary>
internal sealed class InferContext : NodeContext
{
    /// <summary>The sample in which inputs have the shapes of one interpreted run.</summary>
    public const int Actual = -1;

    private readonly int _sample;
    private readonly Graph _graph;

    /// <summary>For a node that stands in no graph: all of its sizes are known.</summary>
    public InferContext(Node node)
        : this(node, 0, new Graph(string.Empty))
    {
    }

    /// <param name="node">The node.</param>
    /// <param name="sample">The sample of the run-time sizes that the inputs' shapes are given in.</param>
    /// <param name="graph">The graph.</param>
    public InferContext(Node node, int sample, Graph graph)
        : base(node)
    {
        _sample = sample;
        _graph = graph;
    }

    /// <summary>
    /// A dimension that the node finds in its data at run time: for <c>SetOutput</c>, in every sample another number.
    /// </summary>
    /// <remarks>The count may be 0. Two at least are planned for, since a dimension that is always 1 would be taken for a fixed one.</remarks>
    /// <param name="index">Number of the count among those of the node.</param>
    /// <param name="bound">What it can be at most, in the present sample.</param>
    public int ComputedSize(int index, long bound)
    {
        bound = Math.Max(2, bound);
        if (bound > int.MaxValue)
        {
            throw Fail(DiagnosticCodes.TooLarge, $"a dimension that depends on the data may have up to {bound} elements; the limit is {int.MaxValue}", "Reduce the bound dimensions.");
        }

        if (_sample == Actual)
        {
            return (int)bound;
        }

        if (index == Node.ComputedSizes.Count)
        {
            var samples = new long[SizeSamples.Count];
            var variable = new SizeVariable(Node.Name, 0, checked((int)bound), _graph.Sizes.Count, samples, isComputed: true);
            _graph.Sizes.Add(variable);
            Node.ComputedSizes.Add(variable);
        }

        // One element at least, since inference treats what is empty on its own.
        SizeVariable size = Node.ComputedSizes[index];
        size.Samples[_sample] = SizeSamples.CountIn(_sample, size.Ordinal, bound);
        return (int)size.Samples[_sample];
    }

    /// <summary>A count of the node that is known to lie in a range: as <see cref="ComputedSize"/>, but no dimension of its results.</summary>
    /// <param name="index">Number of the count among those of the node.</param>
    /// <param name="minimum">What it is at least.</param>
    /// <param name="maximum">What it is at most.</param>
    public void DeclaredSize(int index, long minimum, long maximum)
    {
        if (_sample != Actual && index == Node.ComputedSizes.Count)
        {
            int ordinal = _graph.Sizes.Count;
            int least = checked((int)minimum);
            int most = checked((int)Math.Max(2, maximum));

            // Inference treats what is empty on its own.
            long[] samples = SizeSamples.Values(Math.Max(1, least), most, ordinal % SizeSamples.Shares, SizeSamples.Shares);
            var variable = new SizeVariable(Node.Name, least, most, ordinal, samples, isComputed: true);
            _graph.Sizes.Add(variable);
            Node.ComputedSizes.Add(variable);
        }
    }

    /// <summary>A shape that contains expressions, such as a body's, in the present sample.</summary>
    public Shape At(Shape shape) => _sample == Actual ? shape.AtMaximum : shape.At(_sample);

    /// <summary>True if the inputs have the shapes of one interpreted run, which the shapes in bodies do not have.</summary>
    public bool IsActual => _sample == Actual;

    /// <summary>The data of an input that decides a size; null if the size is found at run time, as it stays once it is so.</summary>
    public Tensor? Known(int index) => Node.ComputedSizes.Count > 0 ? null : Input(index).Constant;

    /// <summary>Operator input <paramref name="index"/>, which the importer has proved to be there.</summary>
    public Value Input(int index) => Node.Required(index);

    public bool Has(int index) => Node.Input(index) is not null;

    public Shape Shape(int index) => Input(index).Shape;

    public ElementType Type(int index) => Input(index).Type;

    /// <summary>Sets type and shape of an output; outputs that the model leaves out are ignored.</summary>
    public void SetOutput(int index, ElementType type, Shape shape)
    {
        if (index < Node.Outputs.Count)
        {
            Node.Outputs[index].Type = type;
            Node.Outputs[index].Shape = shape;
        }
    }

    /// <summary>The constant behind an input that shapes depend on.</summary>
    public Tensor RequireConstant(int index, string role) => Input(index).Sizes is { IsUndecided: true }
        ? throw Fail(
            DiagnosticCodes.ShapeNotConstant,
            $"input {index} ('{role}') decides a shape or axis but depends on a comparison of run-time sizes that not all of them answer alike",
            "Give the dimension one value, or another range.")
        : Input(index).Constant ?? throw new UndecidedSizeException(Node, index, role);

    /// <summary>The integers behind an input that shapes depend on.</summary>
    public long[] RequireInts(int index, string role)
    {
        RequireType(index, ElementType.Int64, ElementType.Int32);
        return RequireConstant(index, role).ToInt64Array();
    }

    /// <summary>Fails unless the input has one of the types.</summary>
    public void RequireType(int index, params ElementType[] allowed)
    {
        if (!allowed.Contains(Type(index)))
        {
            throw Fail(
                DiagnosticCodes.TypeUnsupported,
                $"input {index} has element type {Type(index).ShortName()}; supported: {string.Join(", ", allowed.Select(static t => t.ShortName()))}",
                "Convert the model to a supported type.");
        }
    }

    /// <summary>Fails unless the inputs have the same type.</summary>
    public void RequireSameType(int first, int second)
    {
        if (Type(first) != Type(second))
        {
            throw Fail(DiagnosticCodes.ShapeMismatch, $"inputs {first} and {second} have different element types");
        }
    }

    /// <summary>Fails unless the input has the rank.</summary>
    public void RequireRank(int index, int rank)
    {
        if (Shape(index).Rank != rank)
        {
            throw Fail(DiagnosticCodes.ShapeMismatch, $"input {index} must have {rank} dimensions, it has {Shape(index).Rank}");
        }
    }

    /// <summary>An axis brought into 0..rank-1.</summary>
    public int Axis(long axis, int rank) => Ir.Shape.TryNormalizeAxis(axis, rank, out int normalized)
        ? normalized
        : throw Fail(DiagnosticCodes.ShapeMismatch, $"axis {axis} is outside [-{rank}, {rank - 1}]");

    /// <summary>Axes brought into 0..rank-1, without duplicates, ascending.</summary>
    public int[] Axes(IEnumerable<long> axes, int rank)
    {
        int[] result = axes.Select(a => Axis(a, rank)).OrderBy(static a => a).ToArray();
        for (int i = 1; i < result.Length; i++)
        {
            if (result[i] == result[i - 1])
            {
                throw Fail(DiagnosticCodes.ShapeMismatch, $"axis {result[i]} is listed twice");
            }
        }

        return result;
    }

    /// <summary>A shape from computed dimensions; fails where one is negative or the tensor is beyond 2³¹-1 elements.</summary>
    public Shape MakeShape(IEnumerable<long> dimensions)
    {
        long[] list = dimensions.ToArray();
        double count = 1;
        foreach (long dimension in list)
        {
            count *= dimension;
            if (dimension < 0 || dimension > int.MaxValue)
            {
                throw Fail(DiagnosticCodes.ShapeMismatch, $"the output would have the shape [{string.Join(", ", list.Select(static d => $"{d}"))}]");
            }
        }

        if (count > int.MaxValue)
        {
            throw Fail(DiagnosticCodes.TooLarge, $"the output would have {count:0} elements; the limit is {int.MaxValue}", "Reduce the bound dimensions.");
        }

        return new Shape(list.Select(static d => (int)d));
    }

    /// <summary>The common shape of inputs under multidirectional broadcasting.</summary>
    public Shape Broadcast(params int[] indexes)
    {
        Shape result = Shape(indexes[0]);
        foreach (int index in indexes.Skip(1))
        {
            result = Ir.Shape.Broadcast(result, Shape(index)) ?? throw Fail(DiagnosticCodes.ShapeMismatch, "the shapes do not broadcast");
        }

        return MakeShape(result.Dimensions.Select(static d => (long)d));
    }
}
