using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;

namespace AotCompiler.Import;

/// <summary>
/// Finds ranges that a model can be imported with where it cannot with those that the user gave: the least minimum, for windows that
/// must fit, or else a step, for shapes that are divided and must fit together again.
/// </summary>
internal static class RangeAdvice
{
    /// <summary>Minima and steps that are tried first: powers of two up to this.</summary>
    private const int Most = 128;

    /// <summary>The failure, with ranges near the given ones that work, if any are found.</summary>
    /// <param name="failure">Why the model cannot be imported with the ranges of the options.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The user's choices.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ModelException Complete(ModelException failure, OnnxModel model, CompilerOptions options, CancellationToken cancellation)
    {
        DimensionBinding[] given = options.Dimensions.ToArray();
        bool Works(IEnumerable<DimensionBinding?> bindings)
        {
            cancellation.ThrowIfCancellationRequested();
            DimensionBinding[] complete = bindings.OfType<DimensionBinding>().ToArray();
            return complete.Length == given.Length && Imports(model, options with { Dimensions = new EquatableArray<DimensionBinding>(complete) }, cancellation);
        }

        DimensionBinding[]? fromMinimum = FromMinimum(given, Works);
        DimensionBinding[]? found = fromMinimum ?? FromStep(given, Works);
        if (found is null)
        {
            return failure;
        }

        // Not every dimension need be the reason.
        for (int i = 0; i < found.Length; i++)
        {
            DimensionBinding[] relaxed = found.Select((b, at) => at == i ? given[i] : b).ToArray();
            found = !found[i].Equals(given[i]) && Works(relaxed) ? relaxed : found;
        }

        string ranges = string.Join(", ", found.Where((b, i) => !b.Equals(given[i])).Select(static b => $"{b.Name}={b.Minimum}..{b.Value}{(b.Step > 1 ? $":{b.Step}" : string.Empty)}"));
        return new ModelException(failure.Diagnostic.Code, $"{failure.Diagnostic.Message} {(fromMinimum is null ? "Steps that work" : "The smallest sizes that work")}: {ranges}.");
    }

    private static DimensionBinding[]? FromMinimum(DimensionBinding[] given, Func<IEnumerable<DimensionBinding?>, bool> works)
    {
        int fails = 1;
        int least = 2;
        while (least <= Most && !works(given.Select(b => AtLeast(b, least))))
        {
            fails = least;
            least *= 2;
        }

        if (least > Most)
        {
            return null;
        }

        while (least - fails > 1)
        {
            int middle = (fails + least) / 2;
            (fails, least) = works(given.Select(b => AtLeast(b, middle))) ? (fails, middle) : (middle, least);
        }

        return given.Select(b => AtLeast(b, least)!).ToArray();
    }

    private static DimensionBinding[]? FromStep(DimensionBinding[] given, Func<IEnumerable<DimensionBinding?>, bool> works)
    {
        for (int step = 2; step <= Most; step *= 2)
        {
            DimensionBinding?[] bindings = given.Select(b => InSteps(b, step)).ToArray();
            if (works(bindings))
            {
                return bindings.OfType<DimensionBinding>().ToArray();
            }
        }

        return null;
    }

    /// <summary>The range from a minimum on; null if nothing is left of it.</summary>
    private static DimensionBinding? AtLeast(DimensionBinding binding, int minimum)
    {
        if (!binding.IsRange || binding.Minimum >= minimum)
        {
            return binding;
        }

        int first = RoundUp(minimum, binding.Step);
        return first < binding.Value ? binding with { Minimum = first } : null;
    }

    /// <summary>The multiples of a step in a range; null if they are fewer than two.</summary>
    private static DimensionBinding? InSteps(DimensionBinding binding, int step)
    {
        if (!binding.IsRange || binding.Step % step == 0)
        {
            return binding;
        }

        int common = step % binding.Step == 0 ? step : binding.Step * step;
        int first = RoundUp(binding.Minimum!.Value, common);
        int last = binding.Value / common * common;
        return first < last ? binding with { Minimum = first, Value = last, Step = common } : null;
    }

    private static int RoundUp(int value, int step) => (value + step - 1) / step * step;

    /// <summary>True if a model can be imported.</summary>
    internal static bool Imports(OnnxModel model, CompilerOptions options, CancellationToken cancellation)
    {
        try
        {
            GraphImporter.Import(model, options, new List<ModelDiagnostic>(), cancellation);
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
    }
}
