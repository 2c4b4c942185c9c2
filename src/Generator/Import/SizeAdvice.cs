using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;

namespace AotCompiler.Import;

/// <summary>Finds sizes that a model can be imported with where its shapes do not fit together with those that the user gave.</summary>
internal static class SizeAdvice
{
    /// <summary>How many times larger than the given sizes, and multiples of what numbers, are tried: powers of two up to this.</summary>
    private const int Most = 64;

    /// <summary>The failure, with the sizes that were given and larger ones that work, if any are found.</summary>
    /// <param name="failure">Why the model cannot be imported with the sizes of the options.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The user's choices.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ModelException Complete(ModelException failure, OnnxModel model, CompilerOptions options, CancellationToken cancellation)
    {
        DimensionBinding[] given = options.Dimensions.ToArray();
        if (given.All(static b => b.IsRange))
        {
            return failure;
        }

        bool Works(DimensionBinding[] bindings)
        {
            cancellation.ThrowIfCancellationRequested();
            return RangeAdvice.Imports(model, options with { Dimensions = new EquatableArray<DimensionBinding>(bindings) }, cancellation);
        }

        string sizes = $"{failure.Diagnostic.Message} That is so with {Join(given.Where(static b => !b.IsRange))}";
        DimensionBinding[]? found = Candidates(given).FirstOrDefault(Works);
        if (found is null)
        {
            return new ModelException(failure.Diagnostic.Code, $"{sizes}.");
        }

        // Not every dimension need be the reason.
        for (int i = 0; i < found.Length; i++)
        {
            DimensionBinding[] relaxed = found.Select((b, at) => at == i ? given[i] : b).ToArray();
            found = !found[i].Equals(given[i]) && Works(relaxed) ? relaxed : found;
        }

        return new ModelException(failure.Diagnostic.Code, $"{sizes}; it works with {Join(found.Where((b, i) => !b.Equals(given[i])))}.");
    }

    /// <summary>Sizes rounded up to multiples first, since these are nearest to what was given, then their multiples.</summary>
    private static IEnumerable<DimensionBinding[]> Candidates(DimensionBinding[] given)
    {
        for (int step = 2; step <= Most; step *= 2)
        {
            if (given.Any(b => !b.IsRange && b.Value % step != 0))
            {
                yield return given.Select(b => b.IsRange ? b : b with { Value = (b.Value + step - 1) / step * step }).ToArray();
            }
        }

        for (int times = 2; times <= Most; times *= 2)
        {
            if (given.All(b => b.IsRange || b.Value <= int.MaxValue / times))
            {
                yield return given.Select(b => b.IsRange ? b : b with { Value = b.Value * times }).ToArray();
            }
        }
    }

    private static string Join(IEnumerable<DimensionBinding> bindings) => string.Join(", ", bindings.Select(b => $"{b.Name}={b.Value}"));
}
