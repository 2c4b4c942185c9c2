using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;

namespace AotCompiler.Ir;

/// <summary>One application of a function. Arguments are register numbers: operands first, then results in order.</summary>
internal sealed record ElementInstruction(ElementFunction Function, IReadOnlyList<int> Arguments, ElementType ResultType);

/// <summary>
/// A straight-line element-wise computation: registers 0 … OperandCount-1 are the operands, each instruction makes the
/// next one, and the last one is the result.
/// </summary>
internal sealed class ElementProgram
{
    public ElementProgram(IReadOnlyList<ElementType> operandTypes, IReadOnlyList<ElementInstruction> instructions)
    {
        OperandTypes = operandTypes;
        Instructions = instructions;
    }

    public IReadOnlyList<ElementType> OperandTypes { get; }

    public IReadOnlyList<ElementInstruction> Instructions { get; }

    public int OperandCount => OperandTypes.Count;

    public ElementType ResultType => Instructions.Count > 0 ? Instructions[Instructions.Count - 1].ResultType : OperandTypes[0];

    public bool IsCheap => Instructions.All(static i => i.Function.IsCheap);

    /// <summary>True if it can run on registers of f32: operands and result are f32, and all between can be held in f32 lanes.</summary>
    public bool SupportsVector => SupportsLanes && ResultType == ElementType.Float32 && OperandTypes.All(static t => t == ElementType.Float32);

    /// <summary>True if it can run on f32 lanes, into which operands are converted as they are loaded and from which the result is as it is stored.</summary>
    public bool SupportsLanes => OperandTypes.All(static t => t.FitsLanes())
        && Instructions.All(i => i.Function.SupportsVector(i.Arguments.Select(TypeOf).ToArray()));

    /// <summary>
    /// True if it can run on f64 lanes: operands and results are f64, or f32 that is widened as it is loaded; a result that is rounded to f32 is
    /// only stored.
    /// </summary>
    public bool SupportsDoubles => Instructions.Count > 0
        && (ResultType == ElementType.Float64 || OperandTypes.Contains(ElementType.Float64) || Instructions.Any(static i => i.ResultType == ElementType.Float64))
        && OperandTypes.All(static t => t is ElementType.Float32 or ElementType.Float64)
        && Instructions.Select(static (instruction, i) => (Instruction: instruction, Index: i)).All(i => i.Instruction.Function.SupportsDoubles(i.Instruction.Arguments.Select(TypeOf).ToArray())
            && (i.Instruction.ResultType == ElementType.Float64 || i.Index == Instructions.Count - 1));

    /// <summary>
    /// Bytes of the lanes in which it can run on vectors of the elements' own types (<see cref="NativeLanes"/>): those of the widest element,
    /// 1 if all are bools; 0 if it cannot.
    /// </summary>
    public int NativeBytes
    {
        get
        {
            IEnumerable<ElementType> types = OperandTypes.Concat(Instructions.Select(static i => i.ResultType));
            if (Instructions.Count == 0 || types.Any(static t => t is ElementType.Undefined or ElementType.String))
            {
                return 0;
            }

            int bytes = types.Max(static t => t.Size());
            bool fits = types.All(t => NativeLanes.Fits(t, bytes)) && Instructions.Select(static (instruction, i) => (Instruction: instruction, Index: i)).All(i =>
            {
                ElementType[] arguments = i.Instruction.Arguments.Select(TypeOf).ToArray();
                return i.Instruction.Function.SupportsNative(arguments, bytes)
                    && (i.Index == Instructions.Count - 1 || !i.Instruction.Function.RoundsWhenStored(arguments, bytes));
            });
            return fits ? bytes : 0;
        }
    }

    /// <summary>True if it can run on vectors of some kind.</summary>
    public bool RunsOnVectors => SupportsLanes || SupportsDoubles || NativeBytes > 0;

    /// <summary>A program of one function over as many operands.</summary>
    public static ElementProgram Single(ElementFunction function, IReadOnlyList<ElementType> operandTypes) => new(
        operandTypes,
        new[] { new ElementInstruction(function, Enumerable.Range(0, operandTypes.Count).ToArray(), function.ResultType(operandTypes)) });

    /// <summary>The identity on one operand, to which functions are appended.</summary>
    public static ElementProgram Identity(ElementType type) => new(new[] { type }, Array.Empty<ElementInstruction>());

    /// <summary>
    /// Appends a function. Each argument is null for "the result so far" or an index into <paramref name="newOperandTypes"/>,
    /// the operands the function brings along.
    /// </summary>
    public ElementProgram Append(ElementFunction function, IReadOnlyList<int?> arguments, IReadOnlyList<ElementType> newOperandTypes)
    {
        return Then(
            new ElementProgram(
                new[] { ResultType }.Concat(newOperandTypes).ToArray(),
                new[]
                {
                    new ElementInstruction(
                        function,
                        arguments.Select(static a => a is { } index ? index + 1 : 0).ToArray(),
                        function.ResultType(arguments.Select(a => a is { } index ? newOperandTypes[index] : ResultType).ToArray())),
                }));
    }

    /// <summary>Feeds the result into operand 0 of another program; its further operands come after this program's.</summary>
    public ElementProgram Then(ElementProgram next)
    {
        int ownOperands = OperandCount;
        int added = next.OperandCount - 1;
        int result = Instructions.Count > 0 ? ownOperands + added + Instructions.Count - 1 : 0;
        int MapOwn(int register) => register < ownOperands ? register : register + added;
        int MapNext(int register) => register == 0 ? result
            : register < next.OperandCount ? ownOperands + register - 1
            : ownOperands + added + Instructions.Count + register - next.OperandCount;

        return new ElementProgram(
            OperandTypes.Concat(next.OperandTypes.Skip(1)).ToArray(),
            Instructions.Select(i => i with { Arguments = i.Arguments.Select(MapOwn).ToArray() })
                .Concat(next.Instructions.Select(i => i with { Arguments = i.Arguments.Select(MapNext).ToArray() }))
                .ToArray());
    }

    /// <summary>Type of a register.</summary>
    public ElementType TypeOf(int register) => register < OperandCount ? OperandTypes[register] : Instructions[register - OperandCount].ResultType;

    /// <summary>
    /// Writes the instructions as statements and returns the expression of the result. With <see cref="SupportsLanes"/> all
    /// registers are f32 lanes, with vectors of f64 those, else elements of their types.
    /// </summary>
    /// <param name="code">Where the statements go.</param>
    /// <param name="simd">Vector width, or scalar.</param>
    /// <param name="operands">Expressions of the operands, each evaluated once.</param>
    /// <param name="prefix">Start of the names of the locals that are declared.</param>
    /// <param name="isStored">True if the result is only stored, as an element of its type, to which the store rounds.</param>
    public string Emit(CodeWriter code, Simd simd, IReadOnlyList<string> operands, string prefix, bool isStored = false)
    {
        IReadOnlyList<string> registers = EmitRegisters(code, simd, operands, prefix, Instructions.Count - 1);
        return Instructions.Count == 0 ? registers[0] : Expression(simd, Instructions[Instructions.Count - 1], registers, isStored);
    }

    /// <summary>Writes the first instructions as statements and returns the names of all registers so far.</summary>
    /// <param name="code">Where the statements go.</param>
    /// <param name="simd">Vector width, or scalar.</param>
    /// <param name="operands">Expressions of the operands, each evaluated once.</param>
    /// <param name="prefix">Start of the names of the locals that are declared.</param>
    /// <param name="count">Number of instructions.</param>
    public IReadOnlyList<string> EmitRegisters(CodeWriter code, Simd simd, IReadOnlyList<string> operands, string prefix, int count)
    {
        bool lanes = SupportsLanes || AreDoubles(simd);
        var registers = new List<string>(operands);
        for (int i = 0; i < count; i++)
        {
            string name = $"{prefix}{i}";
            string type = lanes ? simd.Type : Instructions[i].ResultType.CSharpName();
            code.Line($"{type} {name} = {Expression(simd, Instructions[i], registers)};");
            registers.Add(name);
        }

        return registers;
    }

    /// <summary>Writes the instructions as statements over vectors of the elements' own types and returns the expression of the result.</summary>
    /// <param name="code">Where the statements go.</param>
    /// <param name="lanes">The vectors, with lanes of <see cref="NativeBytes"/>.</param>
    /// <param name="operands">Expressions of the operands, each evaluated once.</param>
    /// <param name="prefix">Start of the names of the locals that are declared.</param>
    public string EmitNative(CodeWriter code, NativeLanes lanes, IReadOnlyList<string> operands, string prefix)
    {
        var registers = new List<string>(operands);
        for (int i = 0; i < Instructions.Count; i++)
        {
            ElementInstruction instruction = Instructions[i];
            string value = instruction.Function.EmitNative(lanes, instruction.Arguments.Select(TypeOf).ToArray(), instruction.Arguments.Select(a => registers[a]).ToArray());
            if (i == Instructions.Count - 1)
            {
                return value;
            }

            code.Line($"{lanes.Type(instruction.ResultType)} {prefix}{i} = {value};");
            registers.Add($"{prefix}{i}");
        }

        return registers[0];
    }

    private static bool AreDoubles(Simd simd) => simd.HoldsDoubles && !simd.IsScalar;

    private string Expression(Simd simd, ElementInstruction instruction, IReadOnlyList<string> registers, bool isStored = false)
    {
        string[] arguments = instruction.Arguments.Select(a => registers[a]).ToArray();
        ElementType[] types = instruction.Arguments.Select(TypeOf).ToArray();
        return AreDoubles(simd) ? instruction.Function.EmitDoubles(simd, arguments)
            : !SupportsLanes ? instruction.Function.Emit(simd, types, arguments)
            : isStored ? instruction.Function.EmitUnrounded(simd, types, arguments)
            : instruction.Function.EmitLanes(simd, types, arguments);
    }

    /// <summary>The value for one element; integers and bools travel as doubles where they are exact, else as long.</summary>
    public double Evaluate(ReadOnlySpan<double> operands)
    {
        var registers = new double[OperandCount + Instructions.Count];
        operands.CopyTo(registers);
        for (int i = 0; i < Instructions.Count; i++)
        {
            ElementInstruction instruction = Instructions[i];
            registers[OperandCount + i] = ElementEvaluation.Apply(
                instruction.Function,
                instruction.Arguments.Select(a => registers[a]).ToArray(),
                instruction.Arguments.Select(TypeOf).ToArray(),
                instruction.ResultType);
        }

        return registers[registers.Length - 1];
    }

    /// <summary>Formula for comments, over operand names.</summary>
    public string Formula(IReadOnlyList<string> operands)
    {
        var registers = new List<string>(operands);
        foreach (ElementInstruction instruction in Instructions)
        {
            registers.Add(instruction.Function.Formula(instruction.Arguments.Select(a => registers[a]).ToArray()));
        }

        return registers[registers.Count - 1 < OperandCount ? 0 : registers.Count - 1];
    }

    /// <summary>Canonical text, equal exactly for equal programs.</summary>
    public string Key => string.Join(";", Instructions.Select(static i => $"{i.Function.Key}({string.Join(",", i.Arguments.Select(static a => $"{a}"))})"));
}
