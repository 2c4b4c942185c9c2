using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>
/// Writes the C functions of a model: they check what the caller passes, call the steps and return numbers. They depend on
/// primitives and pointers alone, not on the public class, so that they compile with a .NET runtime and without one.
/// </summary>
/// <remarks>
/// The symbol <see cref="FreestandingSymbol"/> chooses how functions are exported: without it by the attribute that NativeAOT
/// knows, with it by the one that its compiler takes from the core library that it compiles against.
/// </remarks>
internal sealed class NativeExportsEmitter
{
    /// <summary>Defined where the code is compiled without the .NET runtime.</summary>
    public const string FreestandingSymbol = "AOTC_FREESTANDING";

    /// <summary>Name of the nested class.</summary>
    public const string ClassName = "Native";

    private const int AlignmentMask = 63;

    private readonly ExecutionPlan _plan;
    private readonly CompilerOptions _options;
    private readonly EmittedNames _names;
    private readonly NativeInterface _native;
    private readonly string? _weightType;
    private readonly CodeWriter _code = new();

    public NativeExportsEmitter(ExecutionPlan plan, CompilerOptions options, EmittedNames names, NativeInterface native, string? weightType)
    {
        _plan = plan;
        _options = options;
        _names = names;
        _native = native;
        _weightType = weightType;
    }

    private bool HasState => _native.StateBytes > 0;

    /// <summary>The file's text.</summary>
    public string Write()
    {
        ModelEmitter.WriteFileHeader(_code, _options);
        _code.Line("using System.Runtime.CompilerServices;");
        _code.Line("using System.Runtime.Intrinsics;");
        _code.Line($"#if !{FreestandingSymbol}");
        _code.Line("using System.Runtime.InteropServices;");
        _code.Line("#endif");
        _code.Line();
        using (ModelEmitter.OpenNamespace(_code, _options))
        using (_code.Block($"unsafe partial class {_names.ClassName}"))
        {
            _code.Line($"/// <summary>The functions that {_native.Name}.h declares. All memory is the caller's; nothing is allocated, thrown or kept.</summary>");
            using (_code.Block($"internal static class {ClassName}"))
            {
                WriteStructures();
                WriteRun();
                WriteReset();
                WriteInformation();
                WriteErrors();
                WriteWeights();
            }
        }

        return _code.ToString();
    }

    private void WriteStructures()
    {
        _code.Line($"/// <summary>The structure <c>{_native.Name}_inputs</c>.</summary>");
        using (_code.Block("internal struct Inputs"))
        {
            foreach (NativeTensor tensor in _native.Inputs)
            {
                _code.Line($"public {tensor.Boundary.Type.CSharpName()}* {tensor.Boundary.Member};   // {tensor.Member}: {tensor.Boundary.Describe}");
            }

            foreach (NativeSize size in _native.Sizes)
            {
                _code.Line($"public int Dimension{size.Variable.Ordinal};   // {size.Member}");
            }
        }

        _code.Line();
        _code.Line($"/// <summary>The structure <c>{_native.Name}_outputs</c>.</summary>");
        using (_code.Block("internal struct Outputs"))
        {
            foreach (NativeTensor tensor in _native.Outputs)
            {
                _code.Line($"public {tensor.Boundary.Type.CSharpName()}* {tensor.Boundary.Member};   // {tensor.Member}: {tensor.Boundary.Describe}");
            }

            for (int i = 0; i < _native.Outputs.Count; i++)
            {
                for (int axis = 0; _native.Outputs[i].ShapeMember is { } member && axis < _native.Outputs[i].Boundary.Shape.Rank; axis++)
                {
                    _code.Line($"public int {ShapeField(i, axis)};   // {member}[{axis}]");
                }
            }
        }

        _code.Line();
    }

    private static string ShapeField(int output, int axis) => $"Shape{output}_{axis}";

    private void WriteExport(string function, string result, string method, string parameters, string arguments)
    {
        _code.Line($"#if {FreestandingSymbol}");
        _code.Line($"[global::System.Runtime.RuntimeExport(\"{_native.Name}_{function}\")]");
        _code.Line("#else");
        _code.Line($"[UnmanagedCallersOnly(EntryPoint = \"{_native.Name}_{function}\")]");
        _code.Line("#endif");
        using (_code.Block($"private static {result} Export{method}({parameters})"))
        {
            _code.Line($"return {method}({arguments});");
        }

        _code.Line();
    }

    private IEnumerable<string> MemoryNames => new[] { "arena" }
        .Concat(HasState ? new[] { "state" } : Array.Empty<string>())
        .Concat(_native.TakesWeights ? new[] { "weights" } : Array.Empty<string>());

    private void WriteRun()
    {
        string parameters = string.Join(", ", new[] { "Inputs* inputs", "Outputs* outputs" }.Concat(MemoryNames.Select(static n => $"void* {n}")));
        WriteExport("run", "int", "Run", parameters, string.Join(", ", new[] { "inputs", "outputs" }.Concat(MemoryNames)));
        _code.Line($"/// <summary>Runs the model once; returns 0 or an error of {_native.Name}.h.</summary>");
        using (_code.Block($"internal static int Run({parameters})"))
        {
            WriteMemoryChecks();
            WriteTensors();
            WriteSizes();
            WriteSteps();
            WriteShapes();
            Return(NativeError.Ok);
        }

        _code.Line();
    }

    private void Return(NativeError error) => _code.Line($"return {(int)error};{(error == NativeError.Ok ? string.Empty : $"   // {error}")}");

    private void Fail(string condition, NativeError error)
    {
        using (_code.Block($"if ({condition})"))
        {
            Return(error);
        }

        _code.Line();
    }

    private void WriteMemoryChecks()
    {
        string[] blocks = (_native.ArenaBytes > 0 ? new[] { "arena" } : Array.Empty<string>()).Concat(MemoryNames.Skip(1)).ToArray();
        string[] required = (_native.HasInputs ? new[] { "inputs" } : Array.Empty<string>()).Append("outputs").Concat(blocks).ToArray();
        Fail(string.Join(" || ", required.Select(static n => $"{n} == null")), NativeError.NullPointer);
        if (blocks.Length > 0)
        {
            Fail(string.Join(" || ", blocks.Select(static n => $"((ulong){n} & {AlignmentMask}) != 0")), NativeError.Alignment);
        }

        if (_plan.WeightBytes == 0)
        {
            return;
        }

        bool hasHeader = _native.TakesWeights || _weightType is not null;
        _code.Line($"byte* weightBytes = {(_native.TakesWeights ? "(byte*)weights" : "Weights()")};");
        if (hasHeader)
        {
            // The header's words 1 and 2, behind the signature.
            Fail(
                $"((ulong*)weightBytes)[1] != 0x{_native.Hash.High:x16}UL || ((ulong*)weightBytes)[2] != 0x{_native.Hash.Low:x16}UL",
                NativeError.Weights);
            _code.Line($"weightBytes += {Runtime.WeightBlobHeader.Length};");
        }
    }

    private void WriteTensors()
    {
        var pointers = new List<(string Local, NativeTensor Tensor)>();
        foreach ((string group, string local, IReadOnlyList<NativeTensor> tensors) in new[] { ("inputs", "input", _native.Inputs), ("outputs", "output", _native.Outputs) })
        {
            for (int i = 0; i < tensors.Count; i++)
            {
                _code.Line($"byte* {local}{i} = (byte*){group}->{tensors[i].Boundary.Member};");
                pointers.Add(($"{local}{i}", tensors[i]));
            }
        }

        string[] needed = pointers.Where(static p => !p.Tensor.IsEmpty).Select(static p => $"{p.Local} == null").ToArray();
        if (needed.Length > 0)
        {
            Fail(string.Join(" || ", needed), NativeError.NullPointer);
        }

        // One test for all tensors of a type's alignment.
        string[] aligned = pointers.Where(static p => !p.Tensor.IsEmpty && p.Tensor.Boundary.Type.Size() > 1)
            .GroupBy(static p => Math.Min(8, p.Tensor.Boundary.Type.Size()))
            .Select(static g => $"(({string.Join(" | ", g.Select(static p => $"(ulong){p.Local}"))}) & {g.Key - 1}) != 0")
            .ToArray();
        if (aligned.Length > 0)
        {
            Fail(string.Join(" || ", aligned), NativeError.Alignment);
        }
    }

    private void WriteSizes()
    {
        foreach (NativeSize size in _native.Sizes)
        {
            int step = size.Variable.Step;
            string name = SizeTable.Name(size.Variable);
            _code.Line($"int {name} = inputs->Dimension{size.Variable.Ordinal};");
            Fail($"{name} < {size.Minimum} || {name} > {size.Maximum}{(step == 1 ? string.Empty : $" || {name} % {step} != 0")}", NativeError.Dimension);
            if (step != 1)
            {
                _code.Line($"{name} /= {step};");
            }
        }

        foreach (SizeVariable count in _native.Counts)
        {
            _code.Line($"int {SizeTable.Name(count)} = 0;");
        }
    }

    private void WriteSteps()
    {
        IEnumerable<string> arguments = StepsEmitter.Bases(_plan, _names)
            .Select(b => b switch
            {
                "arena" or "state" => $"(byte*){b}",
                "weights" => _plan.WeightBytes > 0 ? "weightBytes" : "null",
                _ => b,
            })
            .Concat(_names.Sizes.Select(static s => $"{(s.Variable.IsComputed ? "&" : string.Empty)}{SizeTable.Name(s.Variable)}"))
            .Concat(_options.Profile ? new[] { "null" } : Array.Empty<string>());
        if (_native.CanFail)
        {
            _code.Line("int failed;");
        }

        StepsEmitter.WriteDispatch(_code, _options.Isa, _native.CanFail ? "failed = " : string.Empty, string.Join(", ", arguments));
        if (_native.CanFail)
        {
            Fail("failed != 0", NativeError.Index);
        }
    }

    private void WriteShapes()
    {
        for (int i = 0; i < _native.Outputs.Count; i++)
        {
            Shape shape = _native.Outputs[i].Boundary.Shape;
            for (int axis = 0; _native.Outputs[i].ShapeMember is not null && axis < shape.Rank; axis++)
            {
                _code.Line($"outputs->{ShapeField(i, axis)} = {shape.Extent(axis).Expression.Format(SizeTable.Name)};");
            }
        }
    }

    private void WriteReset()
    {
        if (!HasState)
        {
            return;
        }

        WriteExport("reset", "int", "Reset", "void* state", "state");
        _code.Line("/// <summary>Begins a new stream: the next run finds zeros where the last one left its states.</summary>");
        using (_code.Block("internal static int Reset(void* state)"))
        {
            Fail("state == null", NativeError.NullPointer);
            Fail($"((ulong)state & {AlignmentMask}) != 0", NativeError.Alignment);
            using (_code.Block($"for (int i = 0; i < {_native.StateBytes / sizeof(ulong)}; i++)"))
            {
                _code.Line("((ulong*)state)[i] = 0;");
            }

            _code.Line();
            Return(NativeError.Ok);
        }

        _code.Line();
    }

    private void WriteInformation()
    {
        WriteExport("info", "void*", "Information", string.Empty, string.Empty);
        _code.Line($"/// <summary>The structure <c>{_native.Name}_info_t</c>.</summary>");
        WriteDataPointer("Information", "void*", "ulong", "InformationWords");
        byte[] bytes = new NativeInformation(_native).ToBytes();
        IEnumerable<string> words = Enumerable.Range(0, bytes.Length / sizeof(ulong)).Select(i => $"0x{BitConverter.ToUInt64(bytes, i * sizeof(ulong)):x}");
        WriteData("InformationWords", "ulong", words, 8);
    }

    private void WriteErrors()
    {
        WriteExport("error", "void*", "Error", "int error", "error");
        _code.Line("/// <summary>What an error means: ASCII that ends with a zero.</summary>");
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block("internal static void* Error(int error)"))
        {
            using (_code.Block("switch (error)"))
            {
                foreach (NativeError error in NativeErrors.All)
                {
                    _code.Line($"case {(int)error}:");
                    _code.Line($"    fixed (byte* text = {error}Text) return text;");
                }
            }

            _code.Line();
            _code.Line("fixed (byte* text = UnknownText) return text;");
        }

        _code.Line();
        foreach (NativeError error in NativeErrors.All)
        {
            WriteText($"{error}Text", NativeErrors.Text(error));
        }

        WriteText("UnknownText", "unknown error");
    }

    private void WriteWeights()
    {
        if (_plan.WeightBytes == 0 || _native.TakesWeights)
        {
            return;
        }

        _code.Line("// Read-only data of the library.");
        if (_weightType is null)
        {
            WriteDataPointer("Weights", "byte*", "ulong", "InlineWeights");
            return;
        }

        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block("private static byte* Weights()"))
        {
            // As in the public class: an editor sees no weights before the first build.
            _code.Line(_options.WeightsPending ? "return null;" : $"fixed (void* data = &global::{_weightType}.Data) return (byte*)data;");
        }
    }

    /// <summary>A method of its own for an address of static data: the 32-bit ARM code generator loses it where it is the start of a loop.</summary>
    private void WriteDataPointer(string method, string type, string element, string data)
    {
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block($"{(method == "Weights" ? "private" : "internal")} static {type} {method}()"))
        {
            _code.Line($"fixed ({element}* data = {data}) return ({type})data;");
        }

        _code.Line();
    }

    private void WriteText(string name, string text)
    {
        _code.Line($"// {text}");
        WriteData(name, "byte", Encoding.ASCII.GetBytes(text).Append((byte)0).Select(static b => $"{b}"), 24);
    }

    private void WriteData(string name, string type, IEnumerable<string> values, int perLine)
    {
        _code.Line($"private static global::System.ReadOnlySpan<{type}> {name} => new {type}[]");
        _code.Line("{");
        string[] all = values.ToArray();
        for (int i = 0; i < all.Length; i += perLine)
        {
            _code.Line($"    {string.Join(", ", all.Skip(i).Take(perLine))},");
        }

        _code.Line("};");
        _code.Line();
    }
}
