using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Recurrent;

namespace AotCompiler.Operators.Microsoft;

/// <summary>DynamicQuantizeLSTM: LSTM with weights of codes. Inputs: x, the weights [directions, inputs, 4 · size] and [directions, size, 4 · size], bias,
/// lengths, first state and cell, peepholes, then scale and zero point of both weights, one for each direction or column.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeLSTM · Types: f32; weights u8, i8. The inputs of
/// all steps and the states of each are quantised too: <see cref="CodeProducts"/>.</remarks>
internal sealed class DynamicQuantizeLSTM : MicrosoftOperator
{
    public DynamicQuantizeLSTM()
        : base("DynamicQuantizeLSTM", 12, 12, 3)
    {
    }

    public override bool RoundsToCodes => true;

    private static RecurrentOperator Cell => (RecurrentOperator)OperatorRegistry.Get("LSTM");

    public override bool RequiresInput(int input) => input is < 3 or 8 or 10;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        for (int i = 0; i < 3; i++)
        {
            context.RequireRank(i, 3);
        }

        RecurrentForm form = Cell.CheckedForm(context, context.Shape(2)[1]);
        CheckWeights(context, form, 1, "W", form.InputSize, 8);
        CheckWeights(context, form, 2, "R", form.Hidden, 10);
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input is 0 or 4 or 5 or 6;

    protected override void Compose(Node node, Composer compose)
    {
        RecurrentForm form = Cell.FormOf(node, node.Required(2).Shape[1]);
        RecurrentLoop.Compose(compose, form, Cell, new CodeProducts(compose, form));
    }

    private static void CheckWeights(InferContext context, RecurrentForm form, int index, string role, int rows, int scale)
    {
        context.RequireType(index, ElementType.UInt8, ElementType.Int8);
        RecurrentOperator.RequireShape(context, index, role, context.Type(index), new Shape(form.Directions, rows, form.GateRows));
        for (int i = scale; i <= scale + 1; i++)
        {
            if (!context.Has(i))
            {
                continue;
            }

            context.RequireType(i, i == scale ? ElementType.Float32 : context.Type(index));
            var columns = new Shape(form.Directions, form.GateRows);
            if (!context.Shape(i).Equals(new Shape(form.Directions)) && !context.Shape(i).Equals(columns))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {i} of {role} must have the shape [{form.Directions}] or {columns}");
            }
        }
    }
}
