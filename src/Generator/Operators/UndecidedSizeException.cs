using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// A node needs to know data that only a run has, since a shape or axis follows from them. Whoever imports the node may find out what
/// they can be at most, and try again.
/// </summary>
internal sealed class UndecidedSizeException : ModelException
{
    /// <param name="node">The node.</param>
    /// <param name="index">Its input that is data.</param>
    /// <param name="role">What the specification calls the input.</param>
    public UndecidedSizeException(Node node, int index, string role)
        : base(DiagnosticCodes.ShapeNotConstant, Describe(node, index, role, "Bind the model's free dimensions, or export it with constant shapes."))
    {
        Node = node;
        Index = index;
        Role = role;
    }

    /// <summary>The node, which may be a part of what the model's node consists of.</summary>
    public Node Node { get; }

    /// <summary>Number of the input.</summary>
    public int Index { get; }

    /// <summary>What the specification calls the input.</summary>
    public string Role { get; }

    /// <summary>The data.</summary>
    public Value Value => Node.Required(Index);

    /// <summary>The same error with another next step.</summary>
    public ModelException With(string nextStep) => new(DiagnosticCodes.ShapeNotConstant, Describe(Node, Index, Role, nextStep));

    private static string Describe(Node node, int index, string role, string nextStep) =>
        NodeContext.Describe(node, $"input {index} ('{role}') decides a shape or axis but is only known at run time", nextStep);
}
