using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Writes elements to where an index selects: <c>y[walk(i) + Σ index·stride] ⊕= u[i]</c>, in rows wherever the index is the same for a whole
/// row. Indices are checked; updates are applied in row-major order.
/// </summary>
internal sealed class ScatterStep : Step
{
    /// <summary>Values of the attribute reduction.</summary>
    public static readonly string[] Reductions = { "none", "add", "mul", "min", "max" };

    private readonly TensorView _updates;
    private readonly IndexedOperand _indices;
    private readonly IndexedOperand _output;
    private readonly IReadOnlyList<IndexComponent> _components;
    private readonly string _reduction;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="updates">What is written; its own dimensions are the loops.</param>
    /// <param name="indices">i32 or i64 index tuples.</param>
    /// <param name="output">What is written to; it holds the data already. The loops do not move it along indexed axes.</param>
    /// <param name="components">The numbers of an index tuple.</param>
    /// <param name="reduction">One of <see cref="Reductions"/>.</param>
    public ScatterStep(Node node, TensorView updates, IndexedOperand indices, IndexedOperand output, IReadOnlyList<IndexComponent> components, string reduction)
        : base(node, node.Name)
    {
        _updates = updates;
        _indices = indices;
        _output = output;
        _components = components;
        _reduction = reduction;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => new[] { _updates, _indices.View, _output.View };

    public override IReadOnlyList<TensorView> Writes => new[] { _output.View };

    public override bool CanFail => true;

    public override string Kernel => $"scatter {_reduction}, {_components.Count} checked {(_components.Count == 1 ? "index" : "indices")}";

    public override string Summary => $"{Node!.Operator.Name}, y[index] = u";

    public override bool UsesStrings => _updates.Type == ElementType.String && !Copies;

    private bool Copies => _reduction == "none";

    public override void Emit(StepWriter writer)
    {
        (string, string) u = IndexComponent.Declare(writer, _updates, "u", asBits: Copies);
        (string, string) at = IndexComponent.Declare(writer, _indices.View, "index", asBits: false);
        (string, string) y = IndexComponent.Declare(writer, _output.View, "y", asBits: Copies);
        writer.Line("int error = 0;");
        LoopNest nest = LoopNest.Build(_updates.Layout.Dimensions(), _indices.Dimensions, _output.Dimensions);
        nest.EmitOuter(writer, new[] { u, at, y }, rows =>
        {
            string row = writer.Name("row");
            if (nest.InnerStride(1) == 0)
            {
                writer.Line($"{y.Item2} {row} = {rows[2]} + {IndexComponent.Offset(writer, _components, rows[1])};");
                EmitRow(writer, nest, rows[0], row);
                return;
            }

            using (writer.For("i", nest.InnerTrip))
            {
                string tuple = $"({rows[1]} + (i * {nest.InnerStride(1)}L))";
                writer.Line($"{y.Item2} {row} = {rows[2]} + (i * {nest.InnerStride(2)}L) + {IndexComponent.Offset(writer, _components, tuple)};");
                writer.Line($"*{row} = {Combined($"*{row}", $"{rows[0]}[i * {nest.InnerStride(0)}L]")};");
            }
        });
        writer.Line("return error;");
    }

    private void EmitRow(StepWriter writer, LoopNest nest, string source, string target)
    {
        if (Copies)
        {
            RowCopy.Emit(writer, _updates.Type, source, nest.InnerStride(0), target, nest.InnerStride(2), nest.InnerTrip);
            return;
        }

        if (nest.InnerStride(0) == 1 && nest.InnerStride(2) == 1 && _updates.Type.Size() >= sizeof(int))
        {
            VectorLoop.Emit(writer, nest.InnerTrip, (width, index) => EmitCombined(writer, width.Native(_updates.Type), VectorLoop.At(source, index), VectorLoop.At(target, index)), _updates.Type.Size());
            return;
        }

        using (writer.For("i", nest.InnerTrip))
        {
            string element = $"{target}[i * {nest.InnerStride(2)}L]";
            writer.Line($"{element} = {Combined(element, $"{source}[i * {nest.InnerStride(0)}L]")};");
        }
    }

    private void EmitCombined(StepWriter writer, Simd simd, string source, string target)
    {
        (string old, string update) = (simd.Load(target), simd.Load(source));
        writer.Line(simd.Store(target, simd.IsScalar ? Combined(old, update) : _reduction switch
        {
            "add" => $"{old} + {update}",
            "mul" => $"{old} * {update}",
            "min" => simd.Min(old, update),
            _ => simd.Max(old, update),
        }));
    }

    /// <summary>Bools are added by "or" and multiplied by "and", as in ONNX Runtime. Integers narrower than 32 bits are computed as int and wrap when they are stored.</summary>
    private string Combined(string old, string update)
    {
        string type = _updates.Type.CSharpName();
        string math = _updates.Type == ElementType.Float32 ? "global::System.MathF" : "global::System.Math";
        if (UsesStrings)
        {
            return JoinedText(old, update);
        }

        if (_updates.Type == ElementType.Bool && !Copies)
        {
            return $"(byte)({old} {(_reduction is "add" or "max" ? "|" : "&")} {update})";
        }

        return _reduction switch
        {
            "add" => $"({type})({old} + {update})",
            "mul" => $"({type})({old} * {update})",
            "min" => $"{math}.Min({old}, {update})",
            "max" => $"{math}.Max({old}, {update})",
            _ => update,
        };
    }

    /// <summary>The number of the string that two make.</summary>
    private string JoinedText(string old, string update)
    {
        string Text(string number) => $"{StepWriter.Strings}.Text({number})";
        return _reduction == "add"
            ? $"{StepWriter.Strings}.Intern(string.Concat({Text(old)}, {Text(update)}))"
            : $"string.CompareOrdinal({Text(update)}, {Text(old)}) {(_reduction == "min" ? "<" : ">")} 0 ? {update} : {old}";
    }
}
