using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>
/// Evaluates nodes that compute with sizes which are known only at run time: in each sample by the operator's own oracle. The
/// expressions behind the results replace the node; where there are none, the node stays and only shapes profit.
/// </summary>
internal static class SizeFolding
{
    /// <summary>Traces a node's outputs; true if expressions replace all of them, so that the caller removes the node.</summary>
    public static bool TryFold(Node node, Graph graph)
    {
        if (!node.Operator.IsPure || node.Epilogue is not null || node.ComputedSizes.Count > 0 || !Depends(node) || node.Outputs.Any(static v => !Traceable(v)))
        {
            return false;
        }

        var samples = new Tensor[SizeSamples.Count][];
        Size[] known;
        using (var inputs = new SampledInputs(node))
        {
            for (int sample = 0; sample < samples.Length; sample++)
            {
                inputs.Set(sample);
                samples[sample] = NodeEvaluation.Evaluate(node, node.Operator.Operands(node, static v => v.Constant!)).ToArray();
            }

            known = inputs.Known(graph).ToArray();
        }

        bool undecided = IsUndecided(node);
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            Tensor[] tensors = samples.Select(s => s[i]).ToArray();
            node.Outputs[i].Sizes = new SizeTensor(tensors, undecided ? null : Elements(tensors, known), undecided);
        }

        if (node.Outputs.Any(static v => v.Sizes!.Elements is null))
        {
            return false;
        }

        foreach (Value output in node.Outputs)
        {
            MakeConstant(output);
        }

        return true;
    }

    /// <summary>What turns out the same for all sizes is a constant like any other: what reads it as one needs to know of no sizes.</summary>
    private static void MakeConstant(Value value)
    {
        if (value.Sizes!.Elements!.All(static e => e.Constant is not null))
        {
            value.Constant = value.Sizes.At(0);
            value.Sizes = null;
        }
    }

    /// <summary>True if the node reads nothing but constants and sizes, and at least one size.</summary>
    private static bool Depends(Node node)
    {
        bool any = false;
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is not { } input)
            {
                continue;
            }

            if (node.Operator.ReadsData(i) && !input.IsConstant && input.Sizes is null)
            {
                return false;
            }

            any |= input.Sizes is not null || (input.Shape.IsDynamic && !node.Operator.ReadsData(i));
        }

        return any;
    }

    private static bool Traceable(Value value) => !value.Shape.IsDynamic && value.Shape.ElementCount <= SizeTensor.MaxElements
        && (value.Type.IsInteger() || value.Type is ElementType.Float32 or ElementType.Float64 or ElementType.Bool);

    /// <summary>
    /// True for truth values whose operands may be equal at a size that is no sample, and for what is made of such.
    /// </summary>
    private static bool IsUndecided(Node node)
    {
        SizeTensor[] sizes = node.Inputs.OfType<Value>().Select(static v => v.Sizes).OfType<SizeTensor>().ToArray();
        bool fixedInputs = sizes.All(static s => s.Elements is { } elements && elements.All(static e => e.Constant is not null));
        return sizes.Any(static s => s.IsUndecided)
            || (!fixedInputs && node.Outputs.Any(static v => v.Type == ElementType.Bool) && !node.Operator.DecidesSizes(node));
    }

    private static IReadOnlyList<Size>? Elements(Tensor[] samples, Size[] known)
    {
        var elements = new Size[samples[0].Shape.ElementCount];
        for (int e = 0; e < elements.Length; e++)
        {
            double[] values = samples.Select(s => ElementEvaluation.Read(s, e)).ToArray();
            if (values.Any(static v => v != System.Math.Floor(v) || System.Math.Abs(v) > 1L << 52))
            {
                return null;
            }

            if (SizeFitting.Find(values.Select(static v => (long)v).ToArray(), known) is not { } size)
            {
                return null;
            }

            elements[e] = size;
        }

        return elements;
    }
}
