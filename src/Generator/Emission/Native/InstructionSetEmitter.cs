using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>
/// Writes what joins code of several instruction sets in one freestanding library: each set's steps are compiled by themselves and
/// exported as one function; the functions of the C interface, compiled for the least demanding set, call the best that the
/// processor has.
/// </summary>
internal static class InstructionSetEmitter
{
    /// <summary>The run of one width as a function of other objects.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">The options that the steps were written with.</param>
    /// <param name="simd">The width.</param>
    /// <param name="symbol">Name of the function.</param>
    public static SourceFile WriteExport(ExecutionPlan plan, CompilerOptions options, Simd simd, string symbol)
    {
        var names = new EmittedNames(plan, options);
        string[] parameters = StepsEmitter.RunParameters(plan, options, names).ToArray();
        return WriteFile(options, names, "Export", code =>
        {
            code.Line($"[global::System.Runtime.RuntimeExport({Literal.Of(symbol)})]");
            using (code.Block($"private static int ExportSteps({string.Join(", ", parameters)})"))
            {
                code.Line($"return Steps{simd.Suffix}.Run({Arguments(parameters)});");
            }
        });
    }

    /// <summary>Stands in for the steps of all widths: calls the function of the best instruction set that the processor has.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">The options that the C interface was written with.</param>
    /// <param name="levelFunction">Function that returns the processor's level.</param>
    /// <param name="choices">The least level that each set's function needs, and its name; the least demanding first, which is called if none fits.</param>
    public static SourceFile WriteChoice(
        ExecutionPlan plan, CompilerOptions options, string levelFunction, IReadOnlyList<(int Level, string Symbol)> choices)
    {
        var names = new EmittedNames(plan, options);
        string[] parameters = StepsEmitter.RunParameters(plan, options, names).ToArray();
        string declared = string.Join(", ", parameters);
        string arguments = Arguments(parameters);
        return WriteFile(options, names, "Choice", code =>
        {
            WriteImport(code, levelFunction, "Level", string.Empty);
            foreach ((int level, string symbol) in choices)
            {
                WriteImport(code, symbol, $"RunLevel{level}", declared);
            }

            foreach (Simd simd in options.Isa.Widths)
            {
                using (code.Block($"private static class Steps{simd.Suffix}"))
                using (code.Block($"internal static int Run({declared})"))
                {
                    code.Line("int level = Level();");
                    foreach ((int level, string _) in choices.Skip(1).Reverse())
                    {
                        using (code.Block($"if (level >= {level})"))
                        {
                            code.Line($"return RunLevel{level}({arguments});");
                        }

                        code.Line();
                    }

                    code.Line($"return RunLevel{choices[0].Level}({arguments});");
                }

                code.Line();
            }
        });
    }

    private static void WriteImport(CodeWriter code, string symbol, string method, string parameters)
    {
        code.Line("[MethodImpl(MethodImplOptions.InternalCall)]");
        code.Line($"[global::System.Runtime.RuntimeImport(\"*\", {Literal.Of(symbol)})]");
        code.Line($"private static extern int {method}({parameters});");
        code.Line();
    }

    private static string Arguments(string[] parameters) => string.Join(", ", parameters.Select(static p => p.Substring(p.LastIndexOf(' ') + 1)));

    private static SourceFile WriteFile(CompilerOptions options, EmittedNames names, string part, Action<CodeWriter> writeMembers)
    {
        var code = new CodeWriter();
        ModelEmitter.WriteFileHeader(code, options);
        code.Line("using System.Runtime.CompilerServices;");
        code.Line();
        using (ModelEmitter.OpenNamespace(code, options))
        using (code.Block($"unsafe partial class {names.ClassName}"))
        {
            writeMembers(code);
        }

        return new SourceFile($"{names.HintPrefix}.{part}.g.cs", code.ToString());
    }
}
