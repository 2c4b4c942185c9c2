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

    /// <summary>True if the other operands must broadcast to operand 0 and not the other way round.</summary>
    protected virtual bool IsUnidirectional => false;

    /// <summary>The arguments of the function, in order; the node's other inputs parameterise it.</summary>
    public IReadOnlyList<Value> Operands(Node node) => OperandIndexes(node).Select(node.Required).ToArray();

    /// <summary>Numbers of the inputs that are <see cref="Operands"/>: all, unless an operator takes constant ones as parameters.</summary>
    protected virtual IEnumerable<int> OperandIndexes(Node node) => Enumerable.Range(0, node.OperatorInputCount);

    public override void Upgrade(UpgradeContext context) => context.Attributes.Remove("consumed_inputs");

    public override void Infer(InferContext context)
    {
        context.RequireType(0, AllowedTypes.ToArray());
        CheckInputs(context);
        IReadOnlyList<Value> operands = Operands(context.Node);
        Shape shape = operands[0].Shape;
        foreach (Value operand in operands.Skip(1))
        {
            shape = Shape.Broadcast(shape, operand.Shape) ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, "the shapes do not broadcast");
        }

        if (IsUnidirectional && !shape.Equals(operands[0].Shape))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the inputs do not broadcast to the shape of input 0");
        }

        ElementType type = Function(context.Node).ResultType(operands.Select(static v => v.Type).ToArray());
        context.SetOutput(0, type, context.MakeShape(shape.Dimensions.Select(static d => (long)d)));
    }

    public override bool FitsAlike(Node node) => Operands(node).All(v => v.Shape.BroadcastsTo(node.Output.Shape));

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) => new[]
    {
        ElementEvaluation.Map(Function(node), node.Output.Shape, node.Output.Type, OperandIndexes(node).Select(i => inputs[i]!).ToArray()),
    };

    public override bool AcceptsEpilogue(Node node, ElementProgram program) => true;

    /// <summary>
    /// Rows shorter than a vector are computed an element at a time where each lies apart: a costly function then rather fills a dense
    /// buffer, which is copied.
    /// </summary>
    public override bool WritesStrided(Node node) => node.Output.Shape.Rank == 0
        || node.Output.Shape[node.Output.Shape.Rank - 1] >= Layout.BlockSize
        || (Function(node).IsCheap && node.Epilogue is not { IsCheap: false });

    /// <summary>Blocked if an operand is, but for few channels of which nobody wants blocks: most lanes would be empty.</summary>
    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts)
    {
        IReadOnlyList<Value> operands = AllOperands(node);
        bool blocked = LayoutQuery.CanBlock(node.Output)
            && operands.Any(v => layouts.IsBlocked(v) && v.Shape.Equals(node.Output.Shape))
            && operands.All(v => ElementwiseOperands.CanBlock(v, node.Output.Shape))
            && !(node.Output.Shape[1] <= Layout.BlockSize / 2 && operands.Count(layouts.IsBlocked) == 1 && layouts.EndsPlain(node.Output));
        return blocked ? LayoutKind.Blocked : LayoutKind.Plain;
    }

    public override ElementFunction? FunctionOf(Node node) => Function(node);

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) =>
        node.Inputs[input] is { } value && AllOperands(node).Contains(value) && Program(node).SupportsLanes ? ByteUse.Accepts : ByteUse.None;

    public override bool MakesBytes(Node node, LayoutQuery layouts) => Program(node).SupportsLanes;

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

    /// <summary>Fails unless attributes are valid and the inputs' types fit each other; by default all types must be equal.</summary>
    protected virtual void CheckInputs(InferContext context)
    {
        for (int i = 1; i < context.Node.OperatorInputCount; i++)
        {
            if (context.Has(i))
            {
                context.RequireSameType(0, i);
            }
        }
    }

    /// <summary>Puts an input in the place of the node, if the node does not change its shape or type.</summary>
    protected static bool TryReplaceByInput(Node node, int input, GraphRewriter rewriter)
    {
        Value value = node.Required(input);
        if (!value.Shape.Equals(node.Output.Shape) || value.Type != node.Output.Type || node.Epilogue is not null)
        {
            return false;
        }

        rewriter.ReplaceNode(node, value);
        return true;
    }

    /// <summary><see cref="Operands"/>, then the epilogue's.</summary>
    public IReadOnlyList<Value> AllOperands(Node node) => Operands(node).Concat(node.EpilogueOperands).ToArray();
}
