using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Elements of views as f32 lanes, whatever they are stored as: numbers of the type itself, or whole numbers as bytes.</summary>
internal static class StoredLanes
{
    /// <summary>The lanes behind a pointer.</summary>
    public static string Load(Simd simd, TensorView view, string pointer) => Centred(simd, view, simd.Load(pointer, view.Type));

    /// <summary>The lanes behind a pointer as they are stored, bytes with their zero.</summary>
    public static string LoadRaw(Simd simd, TensorView view, string pointer) => simd.Load(pointer, view.Type);

    /// <summary>Lanes whose elements lie <paramref name="stride"/> apart, from element <paramref name="index"/> on.</summary>
    public static string Load(Simd simd, TensorView view, string pointer, string index, long stride) =>
        Centred(simd, view, simd.LoadStrided(pointer, index, stride, view.Type));

    /// <summary>One element in all lanes.</summary>
    public static string Broadcast(Simd simd, TensorView view, string pointer) =>
        Centred(simd, view, simd.Broadcast(Simd.Scalar.Load(pointer, view.Type)));

    /// <summary>A scalar expression of an element of the view's type as the number it stands for.</summary>
    public static string Scalar(TensorView view, string element) => Centred(Simd.Scalar, view, $"(float){element}");

    /// <summary>Writes a program's statements and returns the expression of its result as lanes of what the view stores.</summary>
    /// <param name="program">The program.</param>
    /// <param name="writer">Where the statements go.</param>
    /// <param name="simd">Vector width, or scalar.</param>
    /// <param name="operands">Expressions of the operands.</param>
    /// <param name="prefix">Start of the names of the locals that are declared.</param>
    /// <param name="target">The view.</param>
    public static string EmitResult(ElementProgram program, StepWriter writer, Simd simd, IReadOnlyList<string> operands, string prefix, TensorView target)
    {
        string result = program.Emit(writer.Code, simd, operands, prefix, isStored: target.Zero is null);
        return target.Zero is null or 0 ? result : $"({result} + {simd.Constant(target.Zero.Value)})";
    }

    /// <summary>Writes a program's statements and the store of its result.</summary>
    /// <param name="program">The program; null for the identity of the first operand.</param>
    /// <param name="writer">Where the statements go.</param>
    /// <param name="simd">Vector width, or scalar.</param>
    /// <param name="operands">Expressions of the operands.</param>
    /// <param name="prefix">Start of the names of the locals that are declared.</param>
    /// <param name="target">The view.</param>
    /// <param name="pointer">Where in the view.</param>
    public static void EmitStore(ElementProgram? program, StepWriter writer, Simd simd, IReadOnlyList<string> operands, string prefix, TensorView target, string pointer)
    {
        program ??= ElementProgram.Identity(ElementType.Float32);
        if (target.Zero is { } zero && Rounding(program, zero, out int lowest) is { } centred)
        {
            EmitRounded(program, program.Instructions.Count - 2, centred, centred.ZeroPoint - lowest, writer, simd, operands, prefix, pointer);
            return;
        }

        int last = program.Instructions.Count - 1;
        if (target.Zero is null && last >= 0 && target.Type == program.ResultType && program.Instructions[last].Function.Rounding is { } rounding)
        {
            EmitRounded(program, last, rounding, rounding.ZeroPoint, writer, simd, operands, prefix, pointer);
            return;
        }

        writer.Line(simd.Store(pointer, EmitResult(program, writer, simd, operands, prefix, target), target.Type));
    }

    /// <summary>Writes a program up to an instruction that rounds, and the store that rounds instead.</summary>
    private static void EmitRounded(
        ElementProgram program, int instruction, CodeRounding rounding, float zeroPoint, StepWriter writer, Simd simd, IReadOnlyList<string> operands, string prefix, string pointer)
    {
        IReadOnlyList<string> registers = program.EmitRegisters(writer.Code, simd, operands, prefix, instruction);
        string value = rounding.Unrounded(simd, program.Instructions[instruction].Arguments.Select(a => registers[a]).ToArray());
        writer.Line($"ElementStorage.StoreRounded({value}, {zeroPoint}, {pointer});");
    }

    /// <summary>
    /// How the program rounds if it ends by making codes and taking their zero point off again: bytes are rounded, saturated and
    /// stored at once.
    /// </summary>
    private static CodeRounding? Rounding(ElementProgram program, int zero, out int lowest)
    {
        lowest = 0;
        int count = program.Instructions.Count;
        if (count < 2
            || program.Instructions[count - 1] is not { Function.WholeRange: { } range } centring
            || !centring.Arguments.SequenceEqual(new[] { program.OperandCount + count - 2 })
            || program.Instructions[count - 2].Function.Rounding is not { } rounding)
        {
            return null;
        }

        // The byte of the lowest code is 0.
        lowest = (int)program.Instructions[count - 2].ResultType.Range().Low;
        return range.Low == -zero ? rounding : null;
    }

    private static string Centred(Simd simd, TensorView view, string lanes) =>
        view.Zero is null or 0 ? lanes : $"({lanes} - {simd.Constant(view.Zero.Value)})";
}
