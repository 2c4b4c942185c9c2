using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Compiler.Printing;

/// <summary>The optimised graph as data.</summary>
internal sealed record GraphDescription
{
    public required string Name { get; init; }

    public required IReadOnlyList<ValueDescription> Inputs { get; init; }

    public required IReadOnlyList<ValueDescription> Outputs { get; init; }

    /// <summary>Nodes in the order of execution.</summary>
    public required IReadOnlyList<NodeDescription> Nodes { get; init; }

    /// <summary>Constants that nodes read, in the order of first use.</summary>
    public required IReadOnlyList<ConstantDescription> Constants { get; init; }

    /// <summary>Describes a graph.</summary>
    public static GraphDescription Of(Graph graph)
    {
        IEnumerable<Value> read = graph.Nodes.SelectMany(static n => n.Inputs).Concat(graph.Outputs.Select(static o => o.Value)).OfType<Value>();
        return new GraphDescription
        {
            Name = graph.Name,
            Inputs = graph.Inputs.Select(static v => ValueDescription.Of(v.Name, v)).ToArray(),
            Outputs = graph.Outputs.Select(static o => ValueDescription.Of(o.Name, o.Value)).ToArray(),
            Nodes = graph.Nodes.Select(NodeDescription.Of).ToArray(),
            Constants = read.Where(static v => v.IsConstant).Distinct().Select(ConstantDescription.Of).ToArray(),
        };
    }
}

/// <summary>A tensor that is computed or given.</summary>
internal sealed record ValueDescription(string Name, string Type, IReadOnlyList<int> Shape)
{
    public static ValueDescription Of(string name, Value value) => new(name, value.Type.ShortName(), value.Shape.Dimensions);
}

/// <summary>A tensor that is known at compile time.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Recipe">How the data come about.</param>
internal sealed record ConstantDescription(string Name, string Type, IReadOnlyList<int> Shape, string Recipe)
{
    public static ConstantDescription Of(Value value) => new(value.Name, value.Type.ShortName(), value.Shape.Dimensions, value.Constant!.Recipe);
}

/// <summary>A node of the optimised graph.</summary>
internal sealed record NodeDescription
{
    public required string Name { get; init; }

    public required string Operator { get; init; }

    /// <summary>Names of the values that are read; null where an optional input is absent. Operands of the epilogue come last.</summary>
    public required IReadOnlyList<string?> Inputs { get; init; }

    public required IReadOnlyList<ValueDescription> Outputs { get; init; }

    /// <summary>Attribute values as text.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Element-wise functions that run on the result before it is stored, in order.</summary>
    public required IReadOnlyList<string> Epilogue { get; init; }

    public static NodeDescription Of(Node node) => new()
    {
        Name = node.Name,
        Operator = node.Operator.Name,
        Inputs = node.Inputs.Select(static v => v?.Name).ToArray(),
        Outputs = node.Outputs.Select(static v => ValueDescription.Of(v.Name, v)).ToArray(),
        Attributes = node.Attributes.Names.ToDictionary(static name => name, name => Format(node.Attributes.Raw(name)!)),
        Epilogue = node.Epilogue?.Instructions.Select(static i => i.Function.Key).ToArray() ?? System.Array.Empty<string>(),
    };

    private static string Format(object value) => value is Tensor tensor ? tensor.ToString() : AttributeMap.Format(value);
}
