using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Ir;

/// <summary>One place where a value is read: input <paramref name="Index"/> of <paramref name="Node"/>.</summary>
internal readonly record struct Use(Node Node, int Index);

/// <summary>An edge of the graph: a tensor with a known element type and shape, made by one node or given from outside.</summary>
internal sealed class Value
{
    private readonly List<Use> _uses = new();

    public Value(string name, ElementType type, Shape shape)
    {
        Name = name;
        Type = type;
        Shape = shape;
    }

    /// <summary>Name from the model; unique in the graph; never used as code.</summary>
    public string Name { get; set; }

    public ElementType Type { get; set; }

    public Shape Shape { get; set; }

    /// <summary>The data, if the value is known at compile time.</summary>
    public Tensor? Constant { get; set; }

    /// <summary>What is known of the data where they depend on nothing but sizes that are known at run time; null for others.</summary>
    public SizeTensor? Sizes { get; set; }

    /// <summary>True if the data are expressions of sizes, so that no node makes them.</summary>
    public bool IsSizeExpression => Sizes?.Elements is not null && Producer is null;

    /// <summary>The run-time sizes that the shape or the data consist of.</summary>
    public IEnumerable<SizeVariable> SizeVariables => Shape.IsDynamic || Sizes is not null
        ? Shape.Extents.Select(static e => e.Size).Concat(Sizes?.Elements ?? System.Array.Empty<Size>()).OfType<Size>().SelectMany(static s => s.Variables)
        : System.Array.Empty<SizeVariable>();

    /// <summary>The data as far as shapes depend on them: those of a constant, or those that sizes have at their maxima; null if they are neither.</summary>
    public Tensor? KnownAtMaximum => Constant ?? Sizes?.At(0);

    /// <summary>The node that makes the value; null for graph inputs and constants.</summary>
    public Node? Producer { get; internal set; }

    /// <summary>All reads of the value by nodes, in no particular order; graph outputs are not among them.</summary>
    public IReadOnlyList<Use> Uses => _uses;

    public bool IsConstant => Constant is not null;

    /// <summary>Makes a constant value.</summary>
    public static Value FromConstant(string name, Tensor tensor) => new(name, tensor.Type, tensor.Shape) { Constant = tensor };

    /// <summary>For example <c>"conv1" [1, 8, 28, 28] f32</c>.</summary>
    public override string ToString() => $"\"{Name}\" {Shape} {Type.ShortName()}";

    internal void AddUse(Node node, int index) => _uses.Add(new Use(node, index));

    internal void RemoveUse(Node node, int index) => RemoveUse(_uses.LastIndexOf(new Use(node, index)));

    /// <summary>Order does not matter, so the last entry fills the gap: values with very many uses stay cheap to edit.</summary>
    private void RemoveUse(int position)
    {
        if (position >= 0)
        {
            _uses[position] = _uses[_uses.Count - 1];
            _uses.RemoveAt(_uses.Count - 1);
        }
    }
}
