using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Native.Freestanding;
using AotCompiler.Cli.Numerics;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Freestanding.Ilc;
using AotCompiler.Freestanding.Targets;

namespace AotCompiler.Freestanding.Tests.Support;

/// <summary>A model as freestanding code, with a C program around it that reads the inputs and writes the outputs.</summary>
internal sealed class FreestandingModel : IDisposable
{
    private static readonly Lazy<IlcCompiler> _ilc = new(static () => IlcPackage.Find("dotnet", PackageSources.Default, static _ => { }, CancellationToken.None));

    private FreestandingModel(string folder, FreestandingOutput output)
    {
        Folder = folder;
        Output = output;
    }

    /// <summary>Folder with the library, the header and the program.</summary>
    public string Folder { get; }

    public FreestandingOutput Output { get; }

    public CompilationResult Result => Output.Result;

    private NativeInterface Native => Result.Code!.Native!;

    /// <summary>Messages of the compiler go nowhere.</summary>
    public static Terminal Quiet => new(TextWriter.Null, TextWriter.Null);

    /// <summary>Builds a model of the repository.</summary>
    public static FreestandingModel Build(string name, FreestandingTarget target, string set, FreestandingKind kind = FreestandingKind.Object) =>
        Build(TestModels.Read(name), TestModels.Options(name) with { Native = new NativeOptions(name.Replace('-', '_')) }, target, set, kind);

    /// <summary>Builds a model.</summary>
    public static FreestandingModel Build(ModelSource source, CompilerOptions options, FreestandingTarget target, string set, FreestandingKind kind)
    {
        FreestandingOutput output = BackEnd(o => source.Compile(o, Quiet, CancellationToken.None)).Build(Request(options, target.Name, set, kind), CancellationToken.None);
        string folder = Directory.CreateTempSubdirectory("aotc-test-").FullName;
        File.WriteAllBytes(Path.Combine(folder, output.FileName), output.Bytes);
        var model = new FreestandingModel(folder, output);
        File.WriteAllText(Path.Combine(folder, model.Native.Name + ".h"), CHeaderWriter.Write(model.Native));
        File.WriteAllText(Path.Combine(folder, "program.c"), model.Program());
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "native")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return model;
    }

    /// <summary>The back end with the pinned machine-code compiler.</summary>
    public static FreestandingBackEnd BackEnd(Func<CompilerOptions, CompilationResult> compile) => new(compile, _ilc.Value);

    /// <summary>A request for a target's instruction sets, named with commas between.</summary>
    public static FreestandingRequest Request(CompilerOptions options, string target, string sets, FreestandingKind kind = FreestandingKind.Object)
    {
        FreestandingTarget processor = FreestandingTarget.TryParse(target)!;
        return new FreestandingRequest(options, processor, processor.InstructionSets.Where(s => sets.Split(',').Contains(s.Name)).ToArray(), kind);
    }

    /// <summary>The same model compiled by the just-in-time compiler, run on the same inputs: the bytes of the outputs.</summary>
    public static byte[] RunJit(ModelSource source, CompilerOptions options, out byte[] inputs)
    {
        using ModelSession session = ModelSession.Open(source, options with { Native = null }, 1, Quiet, CancellationToken.None);
        IReadOnlyDictionary<string, TensorData> tensors = GeneratedInputs.For(session.Plan.Schedule.Graph);
        session.SetInputs(tensors);
        session.Run();
        inputs = session.Plan.Schedule.Graph.Inputs.SelectMany(i => tensors[i.Name].Data).ToArray();
        return session.GetOutputs().SelectMany(static o => o.Data.Data).ToArray();
    }

    /// <summary>Links the program without any library and runs it.</summary>
    /// <returns>The bytes of the outputs, one after the other.</returns>
    public byte[] Run(Machine machine, byte[] inputs)
    {
        Link(machine);
        if (machine == Machine.CortexM4)
        {
            return RunBoard(machine, inputs);
        }

        return machine.Emulator is null
            ? Tool.Run(Folder, Path.Combine(Folder, "program"), [], inputs)
            : Tool.Run(Folder, machine.Emulator, ["-cpu", "max", "./program"], inputs);
    }

    /// <summary>Links the program.</summary>
    public void Link(Machine machine, params string[] more) => Tool.Run(
        Folder,
        machine.Compiler,
        ["-nostdlib", "-static", "-O1", "-fno-builtin", "-ffreestanding", .. machine.CompilerOptions, "program.c", machine == Machine.CortexM4 ? "cortex-m.c" : "linux.c", Output.FileName, .. more, "-o", "program"]);

    /// <summary>A board without an operating system; its debugger reads and writes files.</summary>
    private byte[] RunBoard(Machine machine, byte[] inputs)
    {
        File.WriteAllBytes(Path.Combine(Folder, "input.bin"), inputs);
        Tool.Run(Folder, machine.Emulator!, ["-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none", "-semihosting-config", "enable=on,target=native", "-kernel", "program"]);
        return File.ReadAllBytes(Path.Combine(Folder, "output.bin"));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Program()
    {
        var text = new StringBuilder($"#include \"{Native.Name}.h\"\n#include \"system.h\"\n");
        string macro = Native.Macro;
        text.Append($"static _Alignas(64) unsigned char arena[{macro}_ARENA_SIZE + 64];\n");
        if (Native.StateBytes > 0)
        {
            text.Append($"static _Alignas(64) unsigned char state[{macro}_STATE_SIZE];\n");
        }

        foreach (NativeTensor tensor in Native.Inputs.Concat(Native.Outputs))
        {
            text.Append($"static {tensor.CType} {tensor.Member}_data[{macro}_{tensor.Macro}_LENGTH + 1];\n");
        }

        text.Append($"static {Native.Name}_inputs inputs;\nstatic {Native.Name}_outputs outputs;\n\nint main(void)\n{{\n");
        foreach (NativeTensor tensor in Native.Inputs)
        {
            text.Append($"    read_all({tensor.Member}_data, {tensor.Bytes}ul);\n    inputs.{tensor.Member} = {tensor.Member}_data;\n");
        }

        foreach (NativeTensor tensor in Native.Outputs)
        {
            text.Append($"    outputs.{tensor.Member} = {tensor.Member}_data;\n");
        }

        text.Append($"    int status = {Native.Name}_run(&inputs, &outputs, arena{(Native.StateBytes > 0 ? ", state" : string.Empty)});\n");
        text.Append("    if (status != 0)\n    {\n        return status;\n    }\n\n");
        foreach (NativeTensor tensor in Native.Outputs)
        {
            text.Append($"    write_all({tensor.Member}_data, {tensor.Bytes}ul);\n");
        }

        return text.Append("    return 0;\n}\n").ToString();
    }
}
