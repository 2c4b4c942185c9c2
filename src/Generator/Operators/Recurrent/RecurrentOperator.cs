using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Operators.Recurrent;

/// <summary>
/// LSTM, GRU and RNN: X · Wᵀ of all steps is one matrix product; then one step per direction walks the sequence, in each step
/// multiplying the state by Rᵀ and applying the cell's gates.
/// </summary>
/// <remarks>
/// Opsets: 7 dropped output_sequence, 14 added layout, 22 added bfloat16. Types: f32; f64 as a Loop of its parts (<see cref="RecurrentLoop"/>). A sequence shorter than the longest leaves
/// zeros in Y and its last state in Y_h; lengths outside [0, T] are an error of the run. Clip bounds the
/// arguments of all activations but LSTM's h, as ONNX Runtime has it.
/// </remarks>
internal abstract class RecurrentOperator : Operator, IStructuralOperator
{
    protected RecurrentOperator(string name)
        : base(name)
    {
    }

    /// <summary>Weight matrices of a cell.</summary>
    public abstract int Gates { get; }

    /// <summary>True if the operator has a cell besides its state.</summary>
    public virtual bool HasCell => false;

    /// <summary>Names of the activations of one direction where the model gives none.</summary>
    public abstract IReadOnlyList<string> DefaultActivations { get; }

    public override (int Min, int Max) InputCount => (3, 6);

    public override (int Min, int Max) OutputCount => (1, 2);

    public override void Upgrade(UpgradeContext context) => context.Attributes.Remove("output_sequence");

    /// <summary>The kernels are those of f32.</summary>
    public bool IsStructural(NodeForm node) => node.Inputs.Count > 0 && node.Inputs[0] is TensorValue { Value.Type: ElementType.Float64 };

    public void Import(StructureContext context) => ComposedOperator.Import(context, this, Compose);

    public override void Infer(InferContext context)
    {
        context.RequireType(0, TypeSets.Floats);
        bool isProjected = context.Attributes.Flag(RecurrentForm.Projected, false);
        foreach (int i in isProjected ? new[] { 0, 2 } : new[] { 0, 1, 2 })
        {
            context.RequireRank(i, 3);
            context.RequireSameType(0, i);
        }

        ElementType type = context.Type(0);
        RecurrentForm form = CheckedForm(context, context.Shape(2)[2]);
        if (isProjected)
        {
            RequireShape(context, 0, "X", type, context.Shape(0).With(2, form.Directions * form.GateRows));
        }
        else
        {
            RequireShape(context, 1, "W", type, new Shape(form.Directions, form.GateRows, form.InputSize));
        }

        RequireShape(context, 2, "R", type, new Shape(form.Directions, form.GateRows, form.Hidden));
        context.SetOutput(0, type, context.MakeShape(form.SequenceShape.Dimensions.Select(static d => (long)d)));
        context.SetOutput(1, type, form.StateShape);
        context.SetOutput(2, type, form.StateShape);
        context.MakeShape(new long[] { form.Steps, form.Batch, form.GateRows });
    }

    /// <summary>The form of a node, whose attributes, bias, lengths, states and peepholes it checks.</summary>
    /// <param name="context">The node; its input 0 has three dimensions.</param>
    /// <param name="hidden">Hidden units.</param>
    /// <exception cref="ModelException">The node's attributes or those inputs are wrong.</exception>
    public RecurrentForm CheckedForm(InferContext context, int hidden)
    {
        int directions = RecurrentForm.DirectionCount(context.Node);
        if (directions == 0 || RecurrentActivation.Resolve(context.Node, DefaultActivations) is null)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, directions == 0
                ? "attribute 'direction' is none of forward, reverse and bidirectional"
                : $"attribute 'activations' must name {DefaultActivations.Count} known functions for each direction");
        }

        RecurrentForm form = FormOf(context.Node, hidden);
        if (context.Attributes.Int("hidden_size", form.Hidden) != form.Hidden || form.Clip < 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "attribute 'hidden_size' is not that of R, or 'clip' is negative");
        }

        ElementType type = context.Type(0);
        RequireShape(context, 3, "B", type, new Shape(directions, 2 * form.GateRows));
        RequireShape(context, 4, "sequence_lens", ElementType.Int32, new Shape(form.Batch));
        RequireShape(context, 5, "initial_h", type, form.StateShape);
        RequireShape(context, 6, "initial_c", type, form.StateShape);
        RequireShape(context, 7, "P", type, new Shape(directions, 3 * form.Hidden));
        return form;
    }

    /// <summary>Dimensions and attributes of a node that has so many hidden units.</summary>
    public RecurrentForm FormOf(Node node, int hidden) => new(node, Gates, hidden, RecurrentActivation.Resolve(node, DefaultActivations)!);

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        RecurrentForm form = FormOf(node);
        return new RecurrentOracle(form, inputs, (RecurrentOracle oracle, int direction) => EvaluateCell(oracle, form, direction)).Run(node.Outputs.Count);
    }

    public override void Lower(Node node, LoweringContext context)
    {
        RecurrentForm form = FormOf(node);
        TensorView?[] outputs = Enumerable.Range(0, 3).Select(i => IsWanted(node, i, context.Graph) ? context.Allocate(node.Outputs[i]) : null).ToArray();
        int together = RecurrentStep.MostTogether(form, node.Input(4) is not null);
        TensorView? Optional(int index) => node.Input(index) is { } value ? context.ReadDense(value) : null;
        TensorView? Initial(int index) => ElementEvaluation.Uniform(node.Input(index)?.Constant) == 0 ? null : Optional(index);
        bool takesTogether = TakesDirectionsTogether(node, form, context);
        var directions = new List<RecurrentStep>();
        for (int d = 0; d < form.Directions; d++)
        {
            var operands = new RecurrentOperands(
                form.Steps > 0 && form.Batch > 0 && form.Hidden > 0 ? Project(node, form, d, context) : context.Scratch($"{node.Name}.projection", ElementType.Float32, new Shape(0)),
                Recurrence(node, form, d, context),
                new RecurrentPanels(IsStream: node.Required(2).Constant is not null),
                Optional(3),
                Optional(4),
                Initial(5),
                Initial(6),
                Optional(7),
                outputs[0],
                outputs[1],
                outputs[2],
                context.Scratch($"{node.Name}.state", ElementType.Float32, new Shape(together, 3, form.Hidden)),
                context.Scratch($"{node.Name}.sums", ElementType.Float32, new Shape(RecurrentProduct.MaxRows, form.Gates, Layout.BlockSize)));
            directions.Add(CreateStep(node, form, d, operands));
            if (!takesTogether)
            {
                context.Add(directions[d]);
            }
        }

        if (takesTogether)
        {
            context.Add(new BidirectionalStep(node, directions[0], directions[1]));
        }
    }

    /// <summary>True if threads may take a direction each: both projections are in memory then. Sequences with lengths are shared themselves.</summary>
    private static bool TakesDirectionsTogether(Node node, RecurrentForm form, LoweringContext context) =>
        form.Directions == 2 && node.Input(4) is null && context.Options.SpendsOnThreads && RecurrentStep.KeepsStateLocal(form, hasLengths: false);

    /// <summary>Computes one step of one sequence: <see cref="RecurrentOracle.State"/> and cell from the sums of the gates.</summary>
    protected abstract void EvaluateCell(RecurrentOracle oracle, RecurrentForm form, int direction);

    /// <summary>Writes one step of all sequences from the sums of the gates: the next state, and the next cell or null.</summary>
    public abstract (Value State, Value? Cell) ComposeCell(RecurrentCell cell, RecurrentForm form);

    /// <summary>The kernel of one direction.</summary>
    protected abstract RecurrentStep CreateStep(Node node, RecurrentForm form, int direction, RecurrentOperands operands);

    private static bool IsWanted(Node node, int output, Graph graph) => output < node.Outputs.Count
        && (node.Outputs[output].Uses.Count > 0 || graph.IsOutput(node.Outputs[output]));

    /// <summary>Fails unless an input that is there has a type and shape.</summary>
    public static void RequireShape(InferContext context, int index, string role, ElementType type, Shape shape)
    {
        if (!context.Has(index))
        {
            return;
        }

        context.RequireType(index, type);
        if (!context.Shape(index).Equals(shape))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {index} ('{role}') must have the shape {shape}");
        }
    }

    /// <summary>X · Wᵀ of one direction, [T, B, gates · hidden].</summary>
    private static TensorView Project(Node node, RecurrentForm form, int direction, LoweringContext context)
    {
        TensorView x = context.ReadPlain(node.Required(0));
        if (form.IsProjected && !x.Layout.IsContiguousInside)
        {
            x = context.ReadDense(node.Required(0));
        }

        TensorView left = form.BatchFirst ? x.With(x.Layout.Transpose(new[] { 1, 0, 2 })) : x;
        if (form.IsProjected)
        {
            return left.With(left.Layout.Slice(2, direction * form.GateRows, form.GateRows));
        }

        TensorView output = context.Scratch($"{node.Name}.projection", ElementType.Float32, new Shape(new[] { form.StepTrip, form.BatchTrip, form.GateRows }));
        if (form.InputSize == 0)
        {
            // The sum over no features; a product without terms has no kernel.
            return context.Weight(ElementEvaluation.Fill(ElementType.Float32, output.Shape, 0), $"{node.Name}.projection");
        }

        Value w = node.Required(1);
        int first = direction * form.GateRows;
        RightOperand right;
        if (w.Constant is { } constant)
        {
            right = MatrixLowering.Constant(constant, node.Name, form.InputSize, form.GateRows, (k, n) => ((first + n) * form.InputSize) + k, $"W{direction}", 1, context);
        }
        else
        {
            TensorView view = context.ReadPlain(w);
            right = new RightOperand(context.CopyToPanels(w, view.With(view.Layout.Slice(0, direction, 1))), null);
        }

        MatrixLowering.Lower(node, $"{node.Operator.Name} inputs", output, left, right, null, null, Array.Empty<Value>(), context);
        return output;
    }

    /// <summary>Rᵀ of one direction in panels of 16 units, as <see cref="RecurrentPanels"/> says.</summary>
    private static TensorView Recurrence(Node node, RecurrentForm form, int direction, LoweringContext context)
    {
        Value r = node.Required(2);
        if (r.Constant is { } constant)
        {
            return context.Weight(RecurrentPanels.Pack(constant, form, direction), $"{node.Name}.recurrence");
        }

        TensorView view = context.ReadDense(r);
        Layout gates = view.Layout.Slice(0, direction, 1).TryReshape(new Shape(form.Gates, form.Hidden, form.Hidden))!;
        return context.CopyToPanels(r, view.With(gates));
    }

    private RecurrentForm FormOf(Node node) => FormOf(node, node.Required(2).Shape[2]);

    private void Compose(Node node, Composer composer)
    {
        RecurrentForm form = FormOf(node);
        RecurrentLoop.Compose(composer, form, this, new RealProducts(composer, form));
    }
}
