using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>An operator that applies one function to each element of its broadcast inputs. A member of the family is its function.</summary>
internal abstract class ElementwiseOperator : Operator
{
    protected ElementwiseOperator(string name, string domain = "")
        : base(name, domain)
    {
    }

    /// <summary>The function, with the node's attributes as parameters.</summary>
    public abstract ElementFunction Function(Node node);

    /// <summary>Element types of input 0 that are allowed.</summary>
    protected virtual IReadOnlyList<ElementType> AllowedTypes => TypeSets.Floats;

    /// <summary>The inputs the function is applied to, a prefix of all; others parameterise it.</summary>
    public virtual IReadOnlyList<Value> Operands(Node node) => node.Inputs.Take(node.OperatorInputCount).Select(static v => v!).ToArray();

    public override void Infer(InferContext context)
    {
        context.RequireType(0, AllowedTypes.ToArray());
        CheckOperandTypes(context);
        IReadOnlyList<Value> operands = Operands(context.Node);
        Shape shape = operands[0].Shape;
        foreach (Value operand in operands.Skip(1))
        {
            shape = Shape.Broadcast(shape, operand.Shape) ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, "the shapes do not broadcast");
        }

        ElementType type = Function(context.Node).ResultType(operands.Select(static v => v.Type).ToArray());
        context.SetOutput(0, type, context.MakeShape(shape.Dimensions.Select(static d => (long)d)));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => new[]
    {
        ElementEvaluation.Map(Function(node), node.Output.Shape, node.Output.Type, inputs.Take(Operands(node).Count).Select(static t => t!).ToArray()),
    };

    public override bool AcceptsEpilogue(Node node, ElementProgram program) => true;

    public override bool WritesStrided(Node node) => true;

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts)
    {
        IReadOnlyList<Value> operands = AllOperands(node);
        bool blocked = LayoutQuery.CanBlock(node.Output)
            && operands.Any(v => layouts.IsBlocked(v) && v.Shape.Equals(node.Output.Shape))
            && operands.All(v => ElementwiseOperands.CanBlock(v, node.Output.Shape));
        return blocked ? LayoutKind.Blocked : LayoutKind.Plain;
    }

    public override void Lower(Node node, LoweringContext context)
    {
        ElementwiseOperands.Lower(node, Program(node), AllOperands(node), context);
    }

    /// <summary>The function and the epilogue as one program over <see cref="Operands"/>, then the epilogue's operands.</summary>
    public ElementProgram Program(Node node)
    {
        ElementProgram program = ElementProgram.Single(Function(node), Operands(node).Select(static v => v.Type).ToArray());
        return node.Epilogue is { } epilogue ? program.Then(epilogue) : program;
    }

    /// <summary>Fails unless the inputs' types fit each other; by default all must be equal.</summary>
    protected virtual void CheckOperandTypes(InferContext context)
    {
        for (int i = 1; i < Operands(context.Node).Count; i++)
        {
            context.RequireSameType(0, i);
        }
    }

    private IReadOnlyList<Value> AllOperands(Node node) => Operands(node).Concat(node.EpilogueOperands).ToArray();
}

/// <summary>Sets of element types that families of operators share.</summary>
internal static class TypeSets
{
    public static readonly ElementType[] Floats = { ElementType.Float32, ElementType.Float64 };

    public static readonly ElementType[] Integers =
    {
        ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.Int8, ElementType.UInt16, ElementType.Int16, ElementType.UInt32, ElementType.UInt64,
    };

    public static readonly ElementType[] Numbers = Floats.Concat(Integers).ToArray();

    public static readonly ElementType[] All = Numbers.Concat(new[] { ElementType.Bool }).ToArray();
}
