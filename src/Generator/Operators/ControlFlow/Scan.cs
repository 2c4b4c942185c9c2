using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Scan: a body that walks along an axis of some tensors, hands states from one part to the next and collects results.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Scan.html. Opset 8 has a batch dimension in front of everything, and sequence
/// lengths as input 0, which may be data; 9 dropped both and added axes. Becomes a <see cref="Loop"/> along the first dimension; other axes are transposed.
/// </remarks>
internal sealed class Scan : StructuralOperator
{
    public Scan()
        : base("Scan")
    {
    }

    public override int Since => 8;

    public override (int Min, int Max) InputCount => (0, int.MaxValue);

    public override (int Min, int Max) OutputCount => (1, int.MaxValue);

    public override void Import(StructureContext context)
    {
        int first = context.Opset == 8 ? 1 : 0;
        Value[] inputs = Enumerable.Range(first, Math.Max(0, context.Inputs.Count - first)).Select(context.Tensor).ToArray();
        long walked = context.Attributes.Int("num_scan_inputs", 0);
        if (walked < 1 || walked > inputs.Length || context.BodyInputs("body") != inputs.Length)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"it has {inputs.Length} states and tensors to walk, {walked} of them tensors, and its body {context.BodyInputs("body")} inputs");
        }

        int states = inputs.Length - (int)walked;
        if (first == 0)
        {
            Set(context, Walk(context, inputs, states));
            return;
        }

        WalkBatch(context, context.OptionalTensor(0), inputs, states);
    }

    /// <summary>Opset 8: every element of the batch for itself. Where the run has a smaller batch than the greatest, its last element again, which is cut off.</summary>
    private static void WalkBatch(StructureContext context, Value? lengths, Value[] inputs, int states)
    {
        Extent batch = inputs[0].Shape.Rank > 0 ? inputs[0].Shape.Extent(0) : 0;
        if (batch.Maximum < 1 || batch.Maximum > 64 || inputs.Any(v => v.Shape.Rank == 0 || v.Shape.Extent(0) != batch))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "all inputs must have the same batch, of 1 to 64, as their first dimension");
        }

        if (lengths is not null && !(lengths.Type is ElementType.Int64 or ElementType.Int32 && lengths.Shape.Rank == 1 && lengths.Shape.Extent(0) == batch))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the sequence lengths must be one i64 for each element of the batch");
        }

        var results = new List<IReadOnlyList<Value>>();
        for (int b = 0; b < batch.Maximum; b++)
        {
            Value index = batch.IsDynamic
                ? context.Dimension(Extent.Of(Size.Min(Size.Of(b), batch.Expression - Size.Of(1))))
                : context.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { (long)b }), "batch");
            Value[] own = inputs.Select(v => context.Insert("Gather", new[] { v, index }, ("axis", 0L))).ToArray();
            results.Add(lengths is null ? Walk(context, own, states) : WalkBeginning(context, context.Insert("Gather", new[] { lengths, index }, ("axis", 0L)), own, states));
        }

        Value axis = context.Constant(Tensor.Vector(0), "axes");
        Set(context, results[0].Select((_, i) =>
        {
            Value all = context.Insert("Concat", results.Select(r => context.Insert("Unsqueeze", new[] { r[i], axis })), ("axis", 0L));
            return batch.IsDynamic ? context.Insert("Slice", new[] { all, context.Constant(Tensor.Vector(0), "start"), context.SizeVector(new[] { batch.Expression }), axis }) : all;
        }).ToArray());
    }

    /// <summary>Walks along the first so many parts; what is collected of the others is 0.</summary>
    private static IReadOnlyList<Value> WalkBeginning(StructureContext context, Value count, Value[] inputs, int states)
    {
        Extent whole = inputs[states].Shape.Rank > 0 ? inputs[states].Shape.Extent(0) : 0;
        if (count.Constant is { } known && (known.ToInt64Array()[0] < 0 || known.ToInt64Array()[0] > whole.Maximum))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"a sequence length is {known.ToInt64Array()[0]}, outside [0, {whole.Maximum}]");
        }

        Value size = count.IsConstant || count.Sizes?.Elements is not null ? count : context.SizesIn(count, new[] { new SizeRange(0, whole.Maximum) });
        Value axis = context.Constant(Tensor.Vector(0), "axes");
        Value end = context.Insert("Unsqueeze", new[] { context.Insert("Cast", new[] { size }, ("to", (long)(int)ElementType.Int64)), axis });
        Value Beginning(Value walked) => context.Insert("Slice", new[] { walked, context.Constant(Tensor.Vector(0), "start"), end, axis });
        IReadOnlyList<Value> results = Walk(context, inputs.Select((v, i) => i < states ? v : Beginning(v)).ToArray(), states);
        return results.Select((v, i) => i < states ? v : Filled(context, v, whole)).ToArray();
    }

    /// <summary>The value with zeros behind it, so that its first dimension has a length.</summary>
    private static Value Filled(StructureContext context, Value value, Extent length)
    {
        Size[] pads = Enumerable.Repeat(Size.Of(0), 2 * value.Shape.Rank).ToArray();
        pads[value.Shape.Rank] = length.Expression - value.Shape.Extent(0).Expression;
        return pads[value.Shape.Rank].Constant == 0 ? value : context.Insert("Pad", new[] { value, context.SizeVector(pads) });
    }

    private static void Set(StructureContext context, IReadOnlyList<Value> results)
    {
        for (int i = 0; i < results.Count; i++)
        {
            context.SetOutput(i, new TensorValue(results[i]));
        }
    }

    private static IReadOnlyList<Value> Walk(StructureContext context, Value[] inputs, int states)
    {
        Value[] walked = MoveAxes(context, inputs.Skip(states).ToArray());
        Extent length = walked[0].Shape.Extent(0);
        if (walked.Any(v => v.Shape.Extent(0) != length))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the tensors to walk have different lengths");
        }

        IEnumerable<Value> parts = walked.Select(static v => new Value("part", v.Type, new Shape(v.Shape.Extents.Skip(1))));
        ClosedBody body = context.CloseRepeated(
            "body",
            inputs.Take(states).Concat(parts).Select(static v => (ModelValue)new TensorValue(new Value(v.Name, v.Type, v.Shape))).ToArray(),
            readsIteration: false);
        Value[] results = body.Outputs.Select(o => o is TensorValue t ? t.Value : throw context.Fail(DiagnosticCodes.GraphMalformed, $"the body returns {o.Describe()}; it must be a tensor")).ToArray();
        if (results.Length < states || context.Outputs.Count > results.Length)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"the body has {results.Length} outputs for {states} states and {context.Outputs.Count} outputs of the node");
        }

        Value always = Value.FromConstant(body.Graph.UniqueName("condition"), Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new byte[] { 1 }, "true"));
        body.Graph.Outputs.AddRange(new[] { always }.Concat(results).Select(static v => new GraphOutput(v.Name, v)));
        int collected = results.Length - states;
        bool[] reversedInputs = Flags(context, context.Opset == 8 ? "directions" : "scan_input_directions", walked.Length);
        bool[] reversedOutputs = Flags(context, "scan_output_directions", collected);
        var form = new LoopForm(body.Graph, states, walked.Length, length.IsDynamic ? -1 : length.Maximum, -1, reversedInputs, reversedOutputs);
        var definition = (Loop)OperatorRegistry.Get("Loop");
        IReadOnlyList<Value> outputs = LoopImport.Insert(context, definition, form, new Value?[] { length.IsDynamic ? context.Dimension(length) : null, null }.Concat(inputs.Take(states)).Concat(walked), body, Enumerable.Range(0, form.States + form.Collected).Select(context.OutputName));
        return outputs.Take(states).Concat(outputs.Skip(states).Select((v, i) => MoveAxisBack(context, v, i, collected))).ToArray();
    }

    /// <summary>The tensors with the axis that is walked in front.</summary>
    private static Value[] MoveAxes(StructureContext context, Value[] tensors)
    {
        long[] axes = Axes(context, "scan_input_axes", tensors.Length);
        return tensors.Select((v, i) =>
        {
            int axis = Shape.TryNormalizeAxis(axes[i], v.Shape.Rank, out int normalized)
                ? normalized
                : throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the axis {axes[i]} to walk is outside {v}");
            return axis == 0 ? v : Transpose(context, v, Enumerable.Range(0, v.Shape.Rank).Where(a => a != axis).Prepend(axis));
        }).ToArray();
    }

    private static Value MoveAxisBack(StructureContext context, Value value, int index, int collected)
    {
        long given = Axes(context, "scan_output_axes", collected)[index];
        if (!Shape.TryNormalizeAxis(given, value.Shape.Rank, out int axis))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the axis {given} of collected output {index} is outside {value}");
        }

        return axis == 0 ? value : Transpose(context, value, Enumerable.Range(1, axis).Append(0).Concat(Enumerable.Range(axis + 1, value.Shape.Rank - axis - 1)));
    }

    private static Value Transpose(StructureContext context, Value value, IEnumerable<int> permutation) =>
        context.Insert("Transpose", new[] { value }, ("perm", permutation.Select(static p => (long)p).ToArray()));

    private static long[] Axes(StructureContext context, string attribute, int count)
    {
        long[] axes = context.Attributes.Ints(attribute) ?? new long[count];
        return axes.Length == count ? axes : throw context.Fail(DiagnosticCodes.GraphMalformed, $"the attribute '{attribute}' has {axes.Length} entries where {count} are needed");
    }

    private static bool[] Flags(StructureContext context, string attribute, int count) => Axes(context, attribute, count).Select(static f => f != 0).ToArray();
}
