using System;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>Writes small weights as constant data: 64-bit words, which the C# compiler stores without any start-up work.</summary>
internal static class InlineWeightsEmitter
{
    private const int WordsPerLine = 8;

    public static string Write(ExecutionPlan plan, CompilerOptions options, EmittedNames names, CancellationToken cancellation)
    {
        byte[] bytes = WeightBlobWriter.ToBytes(plan, cancellation);
        var code = new CodeWriter();
        ModelEmitter.WriteFileHeader(code, options);
        using (ModelEmitter.OpenNamespace(code, options))
        using (code.Block($"partial class {names.ClassName}"))
        {
            code.Line($"// {Literal.Grouped(plan.WeightBytes)} bytes of weights as little-endian 64-bit words, in the order the steps read them.");
            code.Line("private static global::System.ReadOnlySpan<ulong> InlineWeights => new ulong[]");
            code.Line("{");
            foreach (Storage weight in plan.Weights)
            {
                code.Line($"    // @ {weight.Offset}: {NameSanitizer.Comment(weight.Name)}, {weight.Data!.Type.ToString().ToLowerInvariant()} {weight.Data.Shape}, {weight.Bytes} bytes");
                WriteWords(code, bytes.AsSpan((int)weight.Offset, (int)ArenaPlanner.RoundUp(weight.Bytes)));
            }

            code.Line("};");
        }

        return code.ToString();
    }

    private static void WriteWords(CodeWriter code, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var line = new StringBuilder();
        for (int i = 0; i < words.Length; i++)
        {
            line.Append(words[i] == 0 ? "0" : $"0x{words[i]:x}").Append(", ");
            if (i % WordsPerLine == WordsPerLine - 1 || i == words.Length - 1)
            {
                code.Line("    " + line.ToString().TrimEnd());
                line.Clear();
            }
        }
    }
}
