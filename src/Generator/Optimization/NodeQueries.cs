using AotCompiler.Ir;

namespace AotCompiler.Optimization;

/// <summary>Questions that patterns ask of nodes and values.</summary>
internal static class NodeQueries
{
    /// <summary>True for a node of that standard operator without an epilogue.</summary>
    public static bool Is(this Node node, string op) => node.Operator.Domain.Length == 0 && node.Operator.Name == op && node.Epilogue is null;

    /// <summary>The node that makes the value, if it is of that standard operator and the value is its first output.</summary>
    public static Node? MakerOf(this Value? value, string op) =>
        value?.Producer is { } node && node.Is(op) && ReferenceEquals(node.Output, value) ? node : null;

    /// <summary>The one element of a numeric constant at hand.</summary>
    public static bool TryScalar(this Value? value, out double scalar)
    {
        double? element = value is { Shape.ElementCount: 1, Type: not ElementType.Bool } ? ElementEvaluation.Uniform(value.Constant) : null;
        scalar = element ?? 0;
        return element is not null;
    }
}
