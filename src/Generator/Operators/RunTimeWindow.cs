using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>Windows over dimensions that are known only at run time.</summary>
internal static class RunTimeWindow
{
    /// <summary>The halo of all sizes that a node's input can have: zero cells that let every tap read without a check.</summary>
    /// <param name="node">The node.</param>
    /// <param name="halo">The halo at the sizes that input 0 has at the moment.</param>
    /// <exception cref="ModelException">The padding before the input depends on its size.</exception>
    public static Halo WidestHalo(Node node, Func<Halo> halo)
    {
        Halo widest = halo();
        ForAllSizes(node, () =>
        {
            Halo other = halo();
            if (!other.Before.SequenceEqual(widest.Before))
            {
                throw Varies(node);
            }

            widest = Halo.Max(widest, other);
        });
        return widest;
    }

    /// <summary>Fails if the padding depends on the size of the input.</summary>
    public static void RequireFixedPadding(Node node, Func<SpatialWindow> window)
    {
        SpatialWindow greatest = window();
        ForAllSizes(node, () =>
        {
            SpatialWindow other = window();
            if (!other.PadsBefore.SequenceEqual(greatest.PadsBefore) || !other.PadsAfter.SequenceEqual(greatest.PadsAfter))
            {
                throw Varies(node);
            }
        });
    }

    private static void ForAllSizes(Node node, Action check)
    {
        if (!node.Required(0).Shape.IsDynamic)
        {
            return;
        }

        using var inputs = new SampledInputs(node);
        for (int i = 0; i < SizeSamples.Count; i++)
        {
            inputs.Set(i);
            check();
        }
    }

    private static ModelException Varies(Node node) => LoweringContext.Fail(
        node,
        DiagnosticCodes.FeatureUnsupported,
        "its padding (auto_pad) is distributed differently for different sizes",
        "Give the range a step that is a multiple of the strides, or the dimension one value.");
}
