using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>A function of one argument, given by delegates.</summary>
internal sealed class UnaryFunction : ElementFunction
{
    private readonly Func<double, double> _evaluate;
    private readonly Func<Simd, string, string> _emit;
    private readonly Func<long, long>? _evaluateInteger;
    private readonly Func<ElementType, string, string>? _emitOther;
    private readonly string _formula;

    /// <param name="key">Name with parameters.</param>
    /// <param name="formula">For comments, with {0} for the argument.</param>
    /// <param name="evaluate">Value in double precision.</param>
    /// <param name="emit">Expression on f32, scalar or vector.</param>
    /// <param name="isCheap">See <see cref="ElementFunction.IsCheap"/>.</param>
    /// <param name="evaluateInteger">Value on integers; null if not defined.</param>
    /// <param name="emitOther">Scalar expression for types other than f32; null if not defined.</param>
    public UnaryFunction(
        string key,
        string formula,
        Func<double, double> evaluate,
        Func<Simd, string, string> emit,
        bool isCheap = false,
        Func<long, long>? evaluateInteger = null,
        Func<ElementType, string, string>? emitOther = null)
    {
        Key = key;
        _formula = formula;
        _evaluate = evaluate;
        _emit = emit;
        IsCheap = isCheap;
        _evaluateInteger = evaluateInteger;
        _emitOther = emitOther;
    }

    public override string Key { get; }

    public override int Arity => 1;

    public override bool IsCheap { get; }

    public override bool SupportsIntegers => _evaluateInteger is not null;

    public override double Evaluate(ReadOnlySpan<double> arguments) => _evaluate(arguments[0]);

    public override long EvaluateInteger(ReadOnlySpan<long> arguments) =>
        _evaluateInteger is null ? base.EvaluateInteger(arguments) : _evaluateInteger(arguments[0]);

    public override string Emit(Simd simd, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments) => types[0] == ElementType.Float32
        ? _emit(simd, arguments[0])
        : _emitOther is null ? throw new NotSupportedException($"{Key} on {types[0].ShortName()}") : _emitOther(types[0], arguments[0]);

    public override string Formula(IReadOnlyList<string> arguments) => string.Format(System.Globalization.CultureInfo.InvariantCulture, _formula, arguments[0]);
}

/// <summary>A function of two or more arguments of one type, given by delegates; the result has that type or is bool.</summary>
internal sealed class NaryFunction : ElementFunction
{
    private readonly string _formula;

    public NaryFunction(string key, int arity, string formula)
    {
        Key = key;
        Arity = arity;
        _formula = formula;
    }

    public delegate double RealFunction(ReadOnlySpan<double> arguments);

    public delegate long IntegerFunction(ReadOnlySpan<long> arguments);

    public override string Key { get; }

    public override int Arity { get; }

    public override bool IsCheap => Cheap;

    /// <summary>Value in double precision.</summary>
    public RealFunction Real { get; init; } = static _ => throw new NotSupportedException();

    /// <summary>Value on integers and bools; null if not defined.</summary>
    public IntegerFunction? Integer { get; init; }

    /// <summary>Expression on f32, scalar or vector.</summary>
    public Func<Simd, IReadOnlyList<string>, string> Float { get; init; } = static (_, _) => throw new NotSupportedException();

    /// <summary>Scalar expression for types other than f32; null if not defined.</summary>
    public Func<ElementType, IReadOnlyList<string>, string>? Other { get; init; }

    public bool Cheap { get; init; }

    /// <summary>Type of the result; null for that of the last argument.</summary>
    public ElementType? Result { get; init; }

    public override bool SupportsIntegers => Integer is not null;

    public override ElementType ResultType(IReadOnlyList<ElementType> arguments) => Result ?? arguments[arguments.Count - 1];

    public override double Evaluate(ReadOnlySpan<double> arguments) => Real(arguments);

    public override long EvaluateInteger(ReadOnlySpan<long> arguments) => Integer is null ? base.EvaluateInteger(arguments) : Integer(arguments);

    public override string Emit(Simd simd, IReadOnlyList<ElementType> types, IReadOnlyList<string> arguments) => types.All(static t => t == ElementType.Float32)
        ? Float(simd, arguments)
        : Other is null ? throw new NotSupportedException($"{Key} on {types[0].ShortName()}") : Other(types[types.Count - 1], arguments);

    public override string Formula(IReadOnlyList<string> arguments) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, _formula, arguments.Cast<object>().ToArray());
}
