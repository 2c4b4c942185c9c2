using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotCompiler.Cli.Data;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Cli.Native;

/// <summary>
/// Writes the entry point of a native program: what its files hold, and the call of the model's C function. The public class with
/// its threads and exceptions stays out of the program.
/// </summary>
internal static class ProgramWriter
{
    /// <summary>The text of <c>Program.cs</c>.</summary>
    public static string Write(CompilationResult result, string name)
    {
        NativeInterface native = result.Code!.Native!;
        string type = $"global::{result.Code.FullClassName}.{NativeExportsEmitter.ClassName}";
        string[] files = OutputFileNames.For(native.Outputs.Select(static o => o.Boundary.Original));
        var text = new StringBuilder($$"""
            using AotCompiler.Host;
            using AotCompiler.Onnx;

            internal static unsafe class Program
            {
                private static int Main(string[] arguments) => HostProgram.Run(arguments, {{Literal.Of(name)}}, Inputs, Outputs, new HostModel(&Run, {{native.ArenaBytes}}, {{native.StateBytes}}));

                private static int Run(byte** inputs, byte** outputs, byte* arena, byte* state)
                {
                    {{type}}.Inputs given = default;
                    {{type}}.Outputs results = default;

            """);
        for (int i = 0; i < native.Inputs.Count; i++)
        {
            text.Append($"        given.{native.Inputs[i].Boundary.Member} = ({native.Inputs[i].Boundary.Type.CSharpName()}*)inputs[{i}];\n");
        }

        foreach (NativeSize size in native.Sizes)
        {
            text.Append($"        given.Dimension{size.Variable.Ordinal} = {size.Maximum};\n");
        }

        for (int i = 0; i < native.Outputs.Count; i++)
        {
            text.Append($"        results.{native.Outputs[i].Boundary.Member} = ({native.Outputs[i].Boundary.Type.CSharpName()}*)outputs[{i}];\n");
        }

        return text.Append($$"""
                    return {{type}}.Run(&given, &results, arena{{(native.StateBytes > 0 ? ", state" : string.Empty)}});
                }

                private static HostSlot[] Inputs => new HostSlot[]
                {
            {{Slots(native.Inputs, null)}}    };

                private static HostSlot[] Outputs => new HostSlot[]
                {
            {{Slots(native.Outputs, files)}}    };
            }

            """).ToString();
    }

    private static string Slots(IReadOnlyList<NativeTensor> tensors, string[]? files) => string.Concat(tensors.Select((t, i) =>
    {
        Shape shape = t.Boundary.Shape;
        string dimensions = shape.Rank == 0 ? "new long[0]" : $"new long[] {{ {string.Join(", ", shape.Dimensions)} }}";
        return $"        new HostSlot({Literal.Of(t.Boundary.Original)}, (OnnxDataType){(int)t.Boundary.Type}, {dimensions}, {Literal.Of(files?[i] ?? string.Empty)}),\n";
    }));
}
