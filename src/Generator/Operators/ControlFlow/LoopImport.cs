using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Takes a Loop apart: unrolls it, or makes it a node.</summary>
internal static class LoopImport
{
    /// <summary>Nodes up to which a loop of constant trip count is unrolled.</summary>
    private const int MaxUnrolledNodes = 64;

    /// <summary>Iterations for which memory is planned without a declaration.</summary>
    private const int MaxCapacity = 1 << 16;

    /// <summary>Forms of sequences that are tried: each state may have one tensor at first, then tensors of several lengths.</summary>
    private const int MaxForms = 8;

    /// <summary>Iterations up to which a loop is unrolled that cannot be a node.</summary>
    private const int MaxIterations = 4096;

    public static void Run(StructureContext context, Loop definition)
    {
        Value? trips = CheckScalar(context, 0, "M", ElementType.Int64);
        Value? condition = CheckScalar(context, 1, "cond", ElementType.Bool);
        ModelValue[] states = context.Inputs.Skip(2).Select((v, i) => v ?? throw context.Fail(DiagnosticCodes.GraphMalformed, $"required input {i + 2} is absent")).ToArray();
        long? count = trips is null ? long.MaxValue : trips.Constant?.ToInt64Array()[0];
        bool canUnroll = count is not null && condition is null or { IsConstant: true };
        bool areTensors = states.All(static s => s is TensorValue);
        if (canUnroll && (count <= MaxUnrolledNodes / Math.Max(1, context.BodyNodes("body")) || !areTensors))
        {
            try
            {
                Unroll(context, count!.Value, condition, states);
                return;
            }
            catch (ModelException e) when (e.Diagnostic.Code is DiagnosticCodes.ShapeNotConstant)
            {
                // Whether it goes on is known only at run time.
            }
        }

        try
        {
            MakeNode(context, definition, trips, condition, states, canUnroll);
        }
        catch (ModelException e) when (canUnroll && e.Diagnostic.Code is DiagnosticCodes.ShapeNotConstant or DiagnosticCodes.ShapeMismatch)
        {
            // The shapes differ from one iteration to the next, or depend on its number.
            try
            {
                Unroll(context, count!.Value, condition, states);
            }
            catch (ModelException other) when (other.Diagnostic.Code == DiagnosticCodes.ShapeNotConstant)
            {
                throw e;
            }
        }
    }

    private static Value? CheckScalar(StructureContext context, int index, string role, ElementType type)
    {
        Value? value = context.OptionalTensor(index);
        return value is null || (value.Type == type && value.Shape.ElementCount == 1)
            ? value
            : throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {index} ('{role}') must be one {type.ShortName()}");
    }

    private static void Unroll(StructureContext context, long count, Value? start, ModelValue[] states)
    {
        int collected = context.Outputs.Count - states.Length;
        List<Value>[] parts = Enumerable.Range(0, Math.Max(0, collected)).Select(static _ => new List<Value>()).ToArray();
        bool condition = start?.Constant is not { } constant || constant.Bytes[0] != 0;
        for (long i = 0; i < count && condition; i++)
        {
            if (i == MaxIterations)
            {
                throw context.FailNotConstant($"the loop must be unrolled, since its values change their shapes or are sequences, and runs more than {MaxIterations} times");
            }

            IReadOnlyList<ModelValue> results = context.Inline("body", new ModelValue[]
            {
                new TensorValue(context.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { i }), "iteration")),
                True(context),
            }.Concat(states).ToArray());
            CheckCount(context, results.Count, states.Length);
            condition = i == count - 1 || NextCondition(context, results[0]);
            states = results.Skip(1).Take(states.Length).ToArray();
            for (int k = 0; k < parts.Length; k++)
            {
                parts[k].Add(PartOf(context, results[1 + states.Length + k], k));
            }
        }

        for (int i = 0; i < states.Length; i++)
        {
            context.SetOutput(i, states[i]);
        }

        for (int k = 0; k < parts.Length; k++)
        {
            context.SetOutput(states.Length + k, new TensorValue(Collect(context, parts[k])));
        }
    }

    public static void CheckCount(StructureContext context, int results, int states)
    {
        if (results < 1 + states || results - 1 < context.Outputs.Count)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"the body has {results} outputs where it needs {1 + Math.Max(states, context.Outputs.Count)}");
        }
    }

    private static bool NextCondition(StructureContext context, ModelValue result) => result is TensorValue { Value: { Type: ElementType.Bool } value }
        ? (value.Constant ?? throw context.FailNotConstant("the loop must be unrolled, since its values change their shapes or are sequences, but its condition is only known at run time")).Bytes[0] != 0
        : throw context.Fail(DiagnosticCodes.GraphMalformed, "the body's first output must be one bool");

    public static Value PartOf(StructureContext context, ModelValue result, int index) => result is TensorValue tensor
        ? tensor.Value
        : throw context.Fail(DiagnosticCodes.GraphMalformed, $"collected output {index} is {result.Describe()}; it must be a tensor");

    /// <summary>The parts along a new first dimension.</summary>
    private static Value Collect(StructureContext context, IReadOnlyList<Value> parts)
    {
        if (parts.Count == 0)
        {
            throw context.FailNotConstant("the loop runs zero times, so that the type of what it collects is not known");
        }

        if (parts.Any(p => p.Type != parts[0].Type || !p.Shape.Equals(parts[0].Shape)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "what the iterations collect has different shapes");
        }

        Value axis = context.Constant(Tensor.Vector(0), "axes");
        return context.Insert("Concat", parts.Select(p => context.Insert("Unsqueeze", new[] { p, axis })), ("axis", 0L));
    }

    private static void MakeNode(StructureContext context, Loop definition, Value? trips, Value? condition, ModelValue[] states, bool canUnroll)
    {
        if (states.FirstOrDefault(static s => s is OptionalValue) is { } strange)
        {
            throw context.FailNotConstant($"the loop's state is {strange.Describe()}, and how often it runs is only known at run time");
        }

        int attempts = 0;
        var joined = new Dictionary<int, JoinForm>();
        while (true)
        {
            try
            {
                ModelValue[] formed = states.All(static s => s is TensorValue) ? states : LoopSequences.Stack(context, states, joined);
                MakeNode(context, definition, trips, condition, formed, new LoopGrowth(context, trips, formed), canUnroll);
                return;
            }
            catch (VaryingStateException e)
            {
                if (++attempts > MaxForms)
                {
                    throw context.FailNotConstant($"the lengths of the tensors in state {e.State}, a sequence, do not settle");
                }

                joined[e.State] = e.Form;
            }
        }
    }

    private static void MakeNode(StructureContext context, Loop definition, Value? trips, Value? condition, ModelValue[] states, LoopGrowth growth, bool canUnroll)
    {
        Value[] initial = states.SelectMany(static s => s.Tensors).ToArray();
        ClosedBody body = growth.Close(always => canUnroll && always);
        Value[] results = body.Graph.Outputs.Select(static o => o.Value).ToArray();
        bool always = (condition is null || IsTrue(condition)) && IsTrue(results[0]);
        if (always && trips is null)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "the loop never ends: it has no trip count, and its condition is always true");
        }

        bool open = results.Length - 1 > initial.Length && (!always || trips?.Constant is null);
        long capacity = open ? Capacity(context, trips, "the loop collects values") : -1;
        long count = trips?.Constant is { } constant ? Math.Max(0, constant.ToInt64Array()[0]) : -1;
        var form = new LoopForm(body.Graph, initial.Length, 0, count, capacity, Array.Empty<bool>(), new bool[results.Length - 1 - initial.Length]) { Sizes = growth.Sizes };
        IEnumerable<string> names = states.SelectMany((s, i) => s.Tensors.Select(_ => context.OutputName(i)))
            .Concat(Enumerable.Range(states.Length, form.Collected).Select(context.OutputName));
        var outputs = new Queue<Value>(Insert(context, definition, form, new[] { trips, condition }.Concat(initial), body, names));
        for (int i = 0; i < states.Length + form.Collected; i++)
        {
            context.SetOutput(i, i < states.Length ? states[i].With(outputs) : new TensorValue(outputs.Dequeue()));
        }
    }

    /// <summary>Most iterations of a loop whose results are as large as it runs often: as declared, or as the trip count or what bounds it says.</summary>
    public static long Capacity(StructureContext context, Value? trips, string reason)
    {
        long known = trips is null ? long.MaxValue : trips.KnownAtMaximum?.ToInt64Array()[0] ?? ValueBounds.Of(trips)?.High ?? long.MaxValue;
        return context.DeclaredTrips() is { } declared ? Math.Min(declared, Math.Max(0, known))
            : known <= MaxCapacity ? Math.Max(0, known)
            : throw context.Fail(
                DiagnosticCodes.ShapeNotConstant,
                $"{reason}, and how often it runs is only known at run time",
                $"Declare the most iterations: Dimensions=\"{context.Name}.trips=100\" on the project item, or --dim {context.Name}.trips=100.");
    }

    /// <summary>Adds the node of a loop whose body is complete, with names for its outputs.</summary>
    public static IReadOnlyList<Value> Insert(StructureContext context, Loop definition, LoopForm form, IEnumerable<Value?> inputs, ClosedBody body, IEnumerable<string> names) =>
        context.InsertNode(definition, form.ToAttributes(context.Name), inputs.Concat(body.Captures.Select(static c => c.Outer)), names);

    /// <summary>What the condition is inside the body: it would not run otherwise.</summary>
    public static TensorValue True(StructureContext context) =>
        new(context.Constant(Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new byte[] { 1 }, "true"), "condition"));

    public static bool IsTrue(Value condition) => condition.Constant is { } constant && constant.Bytes[0] != 0;
}
