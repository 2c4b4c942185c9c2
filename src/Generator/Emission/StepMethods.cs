using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>
/// The methods of all steps for one vector width. Steps whose code is equal but for the memory it works on share a method;
/// compact ones also if it differs in trip counts and strides, which are parameters then.
/// </summary>
internal sealed class StepMethods
{
    /// <summary>Numbers that a method may have as parameters: a call with more would be as long as the code it saves.</summary>
    private const int MaxNumbers = 16;

    private readonly Dictionary<Step, StepMethod> _byStep = new();
    private readonly Dictionary<Step, StepBody> _bodies = new();

    private StepMethods(IReadOnlyList<StepMethod> all)
    {
        All = all;
        foreach (StepMethod method in all)
        {
            foreach (StepBody body in method.Bodies)
            {
                _byStep[body.Step] = method;
                _bodies[body.Step] = body;
            }
        }
    }

    /// <summary>All methods, in the order of the first step of each.</summary>
    public IReadOnlyList<StepMethod> All { get; }

    public StepMethod MethodOf(Step step) => _byStep[step];

    public StepBody BodyOf(Step step) => _bodies[step];

    /// <summary>Writes the bodies of all steps and finds those that are the same.</summary>
    public static StepMethods Find(ExecutionPlan plan, EmittedNames names, Simd simd, SizeTable sizes, CancellationToken cancellation)
    {
        var bodies = new List<StepBody>();
        foreach (Step step in plan.Schedule.Steps.Where(static s => s is not (RegionStep or RegionMark)))
        {
            cancellation.ThrowIfCancellationRequested();
            bodies.Add(StepBody.Write(step, plan, simd, sizes));
        }

        IEnumerable<IReadOnlyList<StepBody>> groups = bodies
            .GroupBy(static b => b.Key(withNumbers: false), StringComparer.Ordinal)
            .SelectMany(static g => Groups(g.ToArray()));
        return new StepMethods(groups.Select(g => StepMethod.Of(g, names)).OrderBy(static m => m.First.Index).ToArray());
    }

    /// <summary>Bodies that are equal but for numbers: one method for all if that has few enough of them, else one for each set of numbers.</summary>
    private static IEnumerable<IReadOnlyList<StepBody>> Groups(IReadOnlyList<StepBody> bodies) =>
        NumberParameters.Find(bodies).Count <= MaxNumbers
            ? new[] { bodies }
            : bodies.GroupBy(static b => b.Key(withNumbers: true), StringComparer.Ordinal).Select(static g => (IReadOnlyList<StepBody>)g.ToArray());
}

/// <summary>A method that one or more steps call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bodies">The bodies of the steps, equal but for operands, remarks and the numbers that are parameters.</param>
/// <param name="Numbers">The numbers that are parameters.</param>
internal sealed record StepMethod(string Name, IReadOnlyList<StepBody> Bodies, NumberParameters Numbers)
{
    /// <summary>The first step that calls it.</summary>
    public Step First => Bodies[0].Step;

    /// <summary>True if several steps call it.</summary>
    public bool IsCommon => Bodies.Count > 1;

    public static StepMethod Of(IReadOnlyList<StepBody> bodies, EmittedNames names)
    {
        Step first = bodies[0].Step;
        string name = bodies.Count == 1 ? names.Steps[first.Index] : $"Kernel{first.Index}_{NameSanitizer.PascalCase(Stem(first))}";
        return new StepMethod(name, bodies, NumberParameters.Find(bodies));
    }

    private static string Stem(Step step)
    {
        string type = step.GetType().Name;
        return step.Node?.Operator.Name ?? type.Substring(0, type.Length - "Step".Length);
    }
}

/// <summary>The numbers in which the bodies of a method differ; those that are equal in each body are one parameter.</summary>
internal sealed class NumberParameters
{
    private readonly IReadOnlyList<int> _positions;

    private NumberParameters(IReadOnlyList<string> texts, IReadOnlyList<int> positions)
    {
        Texts = texts;
        _positions = positions;
    }

    /// <summary>How many there are.</summary>
    public int Count => _positions.Count;

    /// <summary>What stands in the code for each number: a literal, or the name of a parameter.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The parameters' names.</summary>
    public IEnumerable<string> Names => _positions.Select(static (_, i) => Name(i));

    /// <summary>The arguments of the call for one of the bodies.</summary>
    public IEnumerable<string> Arguments(StepBody body) => _positions.Select(p => $"{body.Numbers[p]}");

    public static NumberParameters Find(IReadOnlyList<StepBody> bodies)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var positions = new List<int>();
        var texts = new List<string>();
        for (int i = 0; i < bodies[0].Numbers.Count; i++)
        {
            long[] values = bodies.Select(b => b.Numbers[i]).ToArray();
            if (values.All(v => v == values[0]) || !bodies[0].Uses(i))
            {
                texts.Add($"{values[0]}");
                continue;
            }

            string row = string.Join(",", values);
            if (!names.TryGetValue(row, out string? name))
            {
                names[row] = name = Name(positions.Count);
                positions.Add(i);
            }

            texts.Add(name);
        }

        return new NumberParameters(texts, positions);
    }

    private static string Name(int number) => $"number{number}";
}
