using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Planning;

namespace AotCompiler.Emission;

/// <summary>Writes the public class: documentation, memory map, constants, and the methods that check and run.</summary>
internal sealed class ApiEmitter
{
    /// <summary>A gain about as large as what it costs to wake a thread.</summary>
    private const double BriefNanoseconds = 25_000;

    private readonly ExecutionPlan _plan;
    private readonly ModelMetadata _metadata;
    private readonly CompilerOptions _options;
    private readonly EmittedNames _names;
    private readonly PlanHash _hash;
    private readonly string? _weightType;
    private readonly SizeApi _sizes;
    private readonly CodeWriter _code = new();

    public ApiEmitter(ExecutionPlan plan, ModelMetadata metadata, CompilerOptions options, EmittedNames names, PlanHash hash, string? weightType)
    {
        _plan = plan;
        _metadata = metadata;
        _options = options;
        _names = names;
        _hash = hash;
        _weightType = weightType;
        _sizes = new SizeApi(names);
    }

    private IEnumerable<BoundaryName> Boundaries => _names.Inputs.Concat(_names.Outputs);

    private bool HasTeam => _plan.Phases.Count > 0;

    private bool UsesStrings => _plan.Schedule.UsesStrings;

    private bool HasState => _plan.StateBytes > 0;

    private bool CanFail => _plan.Schedule.Steps.Any(static s => s.CanFail);

    /// <summary>The file's text.</summary>
    public string Write()
    {
        ModelEmitter.WriteFileHeader(_code, _options);
        WriteMap();
        _code.Line("using System.Runtime.CompilerServices;");
        _code.Line("using System.Runtime.Intrinsics;");
        _code.Line("using AotCompiler.Runtime;");
        _code.Line();
        using (ModelEmitter.OpenNamespace(_code, _options))
        {
            WriteClassDocumentation();
            using (_code.Block($"{(_options.IsPublic ? "public" : "internal")} sealed unsafe partial class {_names.ClassName} : global::System.IDisposable"))
            {
                WriteConstants();
                WriteLifetime();
                WriteRun();
                WriteStaticRun();
                WriteProfiledRun();
                WriteExecute();
            }
        }

        return _code.ToString();
    }

    private void WriteMap()
    {
        ArenaLayout arena = _plan.Arena;
        _code.Line($"// Model:    {NameSanitizer.Comment(_options.ModelName)}, SHA-256 {_metadata.Sha256}");
        _code.Line($"//           ai.onnx opset {_metadata.Opset}{(_metadata.Producer.Length > 0 ? $", made by {NameSanitizer.Comment(_metadata.Producer)}" : string.Empty)}");
        _code.Line($"// Compiler: AotCompiler {ModelEmitter.CompilerVersion}, target {_options.Isa.Name} (vectors of {string.Join(", ", _options.Isa.Widths.Select(static w => w.Suffix))} bits)");
        _code.Line($"// Work:     {_plan.Schedule.Steps.Count} steps, {Literal.Grouped(_plan.MultiplyAdds)} multiply-adds");
        _code.Line($"// Weights:  {Literal.Grouped(_plan.WeightBytes)} bytes, {(_weightType is null ? "inline" : "packed at build time")}, plan {_hash}");
        _code.Line($"// Arena:    {Literal.Grouped(arena.ArenaBytes)} bytes, 64-byte aligned ({Literal.Grouped(arena.BytesWithoutReuse)} without reuse; lower bound {Literal.Grouped(arena.LowerBound)})");
        Dictionary<Storage, TensorView> views = _plan.Schedule.Steps.SelectMany(static s => s.Writes)
            .GroupBy(static v => v.Storage)
            .ToDictionary(static g => g.Key, static g => g.First());
        int width = System.Math.Min(40, _plan.Buffers.Select(static b => NameSanitizer.Comment(b.Storage.Name).Length).DefaultIfEmpty(0).Max());
        foreach (ArenaBuffer buffer in _plan.Buffers)
        {
            string name = NameSanitizer.Comment(buffer.Storage.Name).PadRight(width);
            string contents = views.TryGetValue(buffer.Storage, out TensorView? view) ? $"{view.Shape} {view.Type.ShortName()}" : "scratch";
            _code.Line($"//   {name}  {contents,-24} {Literal.Grouped(buffer.Storage.Bytes),12} B @ {Literal.Grouped(buffer.Storage.Offset),12}   live in steps {buffer.FirstStep}..{buffer.LastStep}");
        }

        _code.Line();
    }

    private void WriteClassDocumentation()
    {
        _code.Line($"/// <summary>The ONNX model <c>{NameSanitizer.Xml(NameSanitizer.Comment(_options.ModelName))}</c>, compiled ahead of time.</summary>");
        _code.Line("/// <remarks>");
        foreach (BoundaryName input in _names.Inputs)
        {
            _code.Line($"/// Input <c>{input.Parameter}</c>: {input.Describe} (\"{NameSanitizer.Xml(NameSanitizer.Comment(input.Original))}\").<br/>");
        }

        foreach (BoundaryName output in _names.Outputs)
        {
            _code.Line($"/// Output <c>{output.Parameter}</c>: {output.Describe} (\"{NameSanitizer.Xml(NameSanitizer.Comment(output.Original))}\").<br/>");
        }

        foreach (GraphState state in _plan.Schedule.Graph.States)
        {
            _code.Line($"/// State \"{NameSanitizer.Xml(NameSanitizer.Comment(state.Input.Name))}\": {state.Input.Type.ShortName()} {state.Input.Shape}, kept from run to run.<br/>");
        }

        _code.Line("/// An instance owns its working memory and must not run on two threads at once, however many it uses itself: make one for each; instances share the weights and run side by side.");
        _code.Line("/// </remarks>");
    }

    private void WriteConstants()
    {
        Constant("string", "ModelName", Literal.Of(_options.ModelName), "Name of the model.");
        Constant("string", "ModelSha256", Literal.Of(_metadata.Sha256), "SHA-256 of the ONNX file, lower-case hexadecimal.");
        Constant("int", "Opset", $"{_metadata.Opset}", "Version of the ai.onnx operator set the model uses.");
        Constant("string", "Producer", Literal.Of(_metadata.Producer), "Program that made the ONNX file.");
        Constant("int", "ArenaBytes", $"{_plan.Arena.ArenaBytes}", "Bytes of working memory of one run.");
        Constant("int", "ArenaAlignment", "64", "Alignment in bytes that working memory must have.");
        if (HasState)
        {
            Constant("int", "StateBytes", $"{_plan.StateBytes}", "Bytes of memory that keep their contents from run to run.");
        }

        Constant("int", "WeightBytes", $"{_plan.WeightBytes}", "Bytes of the packed weights.");
        foreach (BoundaryName boundary in Boundaries)
        {
            string most = boundary.Shape.IsDynamic ? "at most, " : string.Empty;
            Constant("int", $"{boundary.Member}Length", $"{boundary.Shape.ElementCount}", $"Elements of <c>{boundary.Parameter}</c>, {most}{boundary.Describe}.");
            _code.Line($"/// <summary>Shape of <c>{boundary.Parameter}</c>{(boundary.Shape.IsDynamic ? " at most" : string.Empty)}: {boundary.Describe}.</summary>");
            string dimensions = boundary.Shape.Rank == 0 ? "new int[0]" : $"new int[] {{ {string.Join(", ", boundary.Shape.Dimensions.Select(static d => $"{d}"))} }}";
            _code.Line($"public static global::System.ReadOnlySpan<int> {boundary.Member}Shape => {dimensions};");
            _code.Line();
            WriteKeys(boundary);
        }
    }

    private void WriteKeys(BoundaryName boundary)
    {
        if (boundary.Keys is not { } keys)
        {
            return;
        }

        _code.Line($"private static readonly string[] s_{boundary.Parameter.TrimStart('@')}Keys = {{ {string.Join(", ", keys.Select(Literal.Of))} }};");
        _code.Line();
        _code.Line($"/// <summary>The keys of the maps that the last dimension of <c>{boundary.Parameter}</c> stands for, in its order.</summary>");
        _code.Line($"public static global::System.ReadOnlySpan<string> {boundary.Member}Keys => s_{boundary.Parameter.TrimStart('@')}Keys;");
        _code.Line();
    }

    private void Constant(string type, string name, string value, string summary)
    {
        _code.Line($"/// <summary>{summary}</summary>");
        _code.Line($"public const {type} {name} = {value};");
        _code.Line();
    }

    private void WriteLifetime()
    {
        if (_plan.WeightBytes > 0)
        {
            string source = _weightType is null
                ? "WeightStore.Align(global::System.Runtime.InteropServices.MemoryMarshal.AsBytes(InlineWeights))"
                : $"WeightStore.Check(in global::{_weightType}.Data, 0x{_hash.High:x16}UL, 0x{_hash.Low:x16}UL, WeightBytes, ModelName)";
            if (_weightType is not null && _options.WeightsPending)
            {
                _code.Line("// The weights are not packed yet, so this is only what an editor shows. The next build packs them and writes this file again.");
                source = "null";
            }
            else
            {
                _code.Line("// Read-only, 64-byte aligned, shared by all instances.");
            }

            _code.Line($"private static readonly byte* s_weights = {source};");
            _code.Line();
        }

        _code.Line("private readonly ModelArena _arena = new ModelArena(ArenaBytes);");
        _code.Line();
        if (HasState)
        {
            _code.Line("private readonly ModelArena _state = new ModelArena(StateBytes);");
            _code.Line();
        }

        _sizes.WriteProperties(_code);
        WriteStrings();
        WriteConstructor();
        _code.Line();
        _code.Line("/// <summary>Frees the working memory and ends the threads.</summary>");
        using (_code.Block("public void Dispose()"))
        {
            if (HasTeam)
            {
                using (_code.Block("if (_team != null)"))
                {
                    _code.Line("_team.Dispose();");
                }

                _code.Line();
            }

            _code.Line("_arena.Dispose();");
            if (HasState)
            {
                _code.Line("_state.Dispose();");
            }
        }

        _code.Line();
        if (HasState)
        {
            _code.Line("/// <summary>Begins a new stream: the next run finds zeros where the last one left its states.</summary>");
            using (_code.Block("public void Reset()"))
            {
                _code.Line("_state.Clear();");
            }

            _code.Line();
        }
    }

    private void WriteConstructor()
    {
        if (HasTeam)
        {
            _code.Line("// Null if one thread does everything.");
            _code.Line("private readonly ThreadTeam _team;");
            _code.Line();
        }

        _code.Line("/// <summary>Makes an instance with its own working memory of <see cref=\"ArenaBytes\"/> bytes.</summary>");
        _code.Line("/// <param name=\"threads\">Threads that a run uses, the caller's included. Results do not depend on it. The others sleep between runs.");
        _code.Line(HasTeam ? "/// More than the model has use for are not started.</param>" : "/// This model is too small to have use for more than one: none is started.</param>");
        _code.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\"><paramref name=\"threads\"/> is below 1.</exception>");
        using (_code.Block($"public {_names.ClassName}(int threads = 1)"))
        using (_code.Block("if (threads != 1)"))
        {
            if (!HasTeam)
            {
                _code.Line("ThreadTeam.CheckCount(threads);");
                return;
            }

            Simd[] widths = _options.Isa.Widths.ToArray();
            string method = string.Concat(widths.Select((w, i) =>
                $"{(i == widths.Length - 1 ? string.Empty : $"{w.Class}.IsHardwareAccelerated ? ")}new ShareMethod(Steps{w.Suffix}.{ShareEmitter.MethodName}){(i == widths.Length - 1 ? string.Empty : " : ")}"));
            string isBrief = _plan.GainOfThreads < BriefNanoseconds ? ", true" : string.Empty;
            _code.Line($"_team = ThreadTeam.Create(threads, {ShareEmitter.Table(_plan)}, {method}{isBrief});");
        }
    }

    /// <summary>The table of strings of an instance, with a slot for each input and output of strings.</summary>
    private void WriteStrings()
    {
        if (!UsesStrings)
        {
            return;
        }

        IEnumerable<string> slots = StringBoundaries.Select(static b => $"{b.Boundary.Member}Length");
        string constants = string.Join(", ", _plan.Schedule.Strings.Select(Literal.Of));
        _code.Line("private readonly StringTable _strings = NewStrings();");
        _code.Line();
        using (_code.Block("private static StringTable NewStrings()"))
        {
            _code.Line($"return new StringTable({string.Join(", ", slots.Prepend($"new string[] {{ {constants} }}"))});");
        }

        _code.Line();
    }

    /// <summary>The inputs and outputs of strings: the name of their memory, and whether they are inputs.</summary>
    private IReadOnlyList<(BoundaryName Boundary, string Name, bool IsInput)> StringBoundaries =>
        _names.Inputs.Select(static (b, i) => (b, $"input{i}", true))
            .Concat(_names.Outputs.Select(static (b, i) => (b, $"output{i}", false)))
            .Where(static b => b.b.Type == ElementType.String)
            .ToArray();

    private void WriteStringInputs()
    {
        if (UsesStrings)
        {
            _code.Line("strings.Begin();");
        }

        int slot = 0;
        foreach ((BoundaryName boundary, string name, bool isInput) in StringBoundaries)
        {
            _code.Line($"byte* {EmittedNames.Pinned(name)} = strings.{(isInput ? $"Write({slot}, {boundary.Parameter})" : $"Slot({slot})")};");
            slot++;
        }
    }

    private void WriteStringOutputs()
    {
        int slot = 0;
        foreach ((BoundaryName boundary, string _, bool isInput) in StringBoundaries)
        {
            if (!isInput)
            {
                _code.Line($"strings.Read({slot}, {boundary.Parameter});");
            }

            slot++;
        }
    }

    /// <summary>What is said of the arena and, if there is one, of the state.</summary>
    private IEnumerable<string> Memory(string arena, string state) => HasState ? new[] { arena, state } : new[] { arena };

    private string Parameters => string.Join(", ", _names.Inputs.Select(static i => $"global::System.ReadOnlySpan<{i.Type.PublicName()}> {i.Parameter}")
        .Concat(_names.Outputs.Select(static o => $"global::System.Span<{o.Type.PublicName()}> {o.Parameter}"))
        .Concat(_sizes.ChosenParameters));

    /// <summary>What the public methods pass on: the parameters by name, memory, and where counts go.</summary>
    private IEnumerable<string> Arguments(IEnumerable<string> memory) => Boundaries.Select(static b => b.Parameter)
        .Concat(_sizes.Chosen.Select(static s => s.Parameter))
        .Concat(memory)
        .Concat(_sizes.HasCounts ? new[] { "counts" } : System.Array.Empty<string>());

    private void WriteRunDocumentation(string summary, string? arena)
    {
        _code.Line($"/// <summary>{summary}</summary>");
        foreach (BoundaryName input in _names.Inputs)
        {
            _code.Line($"/// <param name=\"{input.Parameter}\">{input.Describe}, row-major: exactly {_sizes.Count(input.Shape)} elements.</param>");
        }

        foreach (BoundaryName output in _names.Outputs)
        {
            _code.Line($"/// <param name=\"{output.Parameter}\">Receives {output.Describe}, row-major: {(output.Shape.IsDynamic ? "at least" : "exactly")} {_sizes.Count(output.Shape)} elements; must not overlap another argument.</param>");
        }

        _sizes.WriteDocumentation(_code, arena is not null);
        if (arena is not null)
        {
            _code.Line($"/// <param name=\"arena\">{arena}</param>");
            if (HasState)
            {
                _code.Line("/// <param name=\"state\">At least <see cref=\"StateBytes\"/> bytes, aligned to <see cref=\"ArenaAlignment\"/>: what the last run left, zeros before the first. One for each stream.</param>");
            }
        }

        _code.Line("/// <exception cref=\"global::System.ArgumentException\">A span has the wrong length; nothing was written.</exception>");
        if (CanFail)
        {
            _code.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\">An index in the inputs is out of range; the outputs are not valid.</exception>");
        }
    }

    private void WriteRun()
    {
        WriteRunDocumentation(UsesStrings ? "Runs the model once. Allocates for strings that are new to it, nothing else." : "Runs the model once. Allocates nothing.", null);
        using (_code.Block($"public void Run({Parameters})"))
        {
            using (_code.Block("if (_arena.Pointer == null)"))
            {
                _code.Line($"ModelGuard.ThrowDisposed(nameof({_names.ClassName}));");
            }

            _code.Line();
            _sizes.WriteCounts(_code);
            _code.Line(CallExecute("_arena.Pointer", "_state.Pointer", "_strings", "null", "_team"));
            _sizes.WriteDimensions(_code);
            _code.Line("global::System.GC.KeepAlive(this);");
        }

        _code.Line();
    }

    private void WriteStaticRun()
    {
        WriteRunDocumentation(
            $"Runs the model once in the caller's working memory. {(UsesStrings ? "Allocates a table of strings" : "Allocates nothing")}; thread-safe as long as each thread has its own arena.",
            "At least <see cref=\"ArenaBytes\"/> bytes, aligned to <see cref=\"ArenaAlignment\"/>; its contents need not be cleared and do not matter afterwards.");
        using (_code.Block($"public static void Run({string.Join(", ", new[] { Parameters }.Where(static p => p.Length > 0).Concat(Memory("global::System.Span<byte> arena", "global::System.Span<byte> state")).Concat(_sizes.CountParameters))})"))
        {
            foreach (string name in Memory("arena", "state"))
            {
                _code.Line($"fixed (byte* {name}Pointer = {name})");
            }

            using (_code.Block())
            {
                foreach ((string name, string length) in Memory("arena", "state").Zip(Memory("ArenaBytes", "StateBytes"), static (n, l) => (n, l)))
                {
                    using (_code.Block($"if ({name}.Length < {length} || ((ulong){name}Pointer & {63}) != 0)"))
                    {
                        _code.Line($"ModelGuard.ThrowArena(nameof({name}), {length}, {name}.Length, {name}Pointer);");
                    }

                    _code.Line();
                }

                _sizes.WriteCounts(_code);
                _code.Line(CallExecute("arenaPointer", "statePointer", "NewStrings()", "null", "null"));
                _sizes.WriteCountResults(_code);
            }
        }

        _code.Line();
    }

    private void WriteProfiledRun()
    {
        if (!_options.Profile)
        {
            return;
        }

        int length = _plan.Schedule.Steps.Count + 1;
        WriteRunDocumentation("Runs the model once and notes when each step ended. Allocates nothing.", null);
        _code.Line($"/// <param name=\"timestamps\">Receives {length} values of <see cref=\"global::System.Diagnostics.Stopwatch.GetTimestamp\"/>: before the first step and after each of the {length - 1} steps.</param>");
        using (_code.Block($"public void RunProfiled({string.Join(", ", new[] { Parameters, "global::System.Span<long> timestamps" }.Where(static p => p.Length > 0))})"))
        {
            using (_code.Block("if (_arena.Pointer == null)"))
            {
                _code.Line($"ModelGuard.ThrowDisposed(nameof({_names.ClassName}));");
            }

            _code.Line();
            using (_code.Block($"if (timestamps.Length != {length})"))
            {
                _code.Line($"ModelGuard.ThrowLength(nameof(timestamps), {length}, timestamps.Length, \"i64 [{length}]\");");
            }

            _code.Line();
            using (_code.Block("fixed (long* timestampPointer = timestamps)"))
            {
                _sizes.WriteCounts(_code);
                _code.Line(CallExecute("_arena.Pointer", "_state.Pointer", "_strings", "timestampPointer", "_team"));
                _sizes.WriteDimensions(_code);
            }

            _code.Line("global::System.GC.KeepAlive(this);");
        }

        _code.Line();
    }

    private string CallExecute(string arena, string state, string strings, string timestamps, string team) =>
        $"Execute({string.Join(", ", Arguments(Memory(arena, state)).Concat(Strings(strings)).Concat(Timestamps(timestamps)).Concat(Team(team)))});";

    /// <summary>What stands for the table of strings in models that have one; nothing in others.</summary>
    private IEnumerable<string> Strings(string text) => UsesStrings ? new[] { text } : Enumerable.Empty<string>();

    /// <summary>What stands for the timestamps in builds that take them; nothing in others.</summary>
    private IEnumerable<string> Timestamps(string text) => _options.Profile ? new[] { text } : Enumerable.Empty<string>();

    private void WriteExecute()
    {
        using (_code.Block($"private static void Execute({string.Join(", ", new[] { Parameters }.Where(static p => p.Length > 0).Concat(Memory("byte* arena", "byte* state")).Concat(_sizes.HasCounts ? new[] { "int* counts" } : System.Array.Empty<string>()).Concat(Strings($"StringTable {StepWriter.Strings}")).Concat(Timestamps("long* timestamps")).Concat(Team("ThreadTeam team")))})"))
        {
            _sizes.WriteGuards(_code);
            foreach (BoundaryName boundary in Boundaries)
            {
                bool isOutput = _names.Outputs.Contains(boundary);
                string length = boundary.Shape.IsDynamic ? _sizes.Length(boundary.Shape) : $"{boundary.Member}Length";
                using (_code.Block($"if ({boundary.Parameter}.Length {(isOutput && boundary.Shape.IsDynamic ? "<" : "!=")} {length})"))
                {
                    _code.Line($"ModelGuard.ThrowLength(nameof({boundary.Parameter}), {length}, {boundary.Parameter}.Length, \"{boundary.Describe}\");");
                }

                _code.Line();
            }

            if (CanFail)
            {
                _code.Line("int failed;");
            }

            BoundaryName[] all = Boundaries.ToArray();
            for (int i = 0; i < all.Length; i++)
            {
                string name = i < _names.Inputs.Count ? $"input{i}" : $"output{i - _names.Inputs.Count}";
                if (all[i].Type != ElementType.String)
                {
                    _code.Line($"fixed ({all[i].Type.CSharpName()}* {EmittedNames.Pinned(name)} = {all[i].Parameter})");
                }
            }

            using (_code.Block())
            {
                WriteStringInputs();
                WriteDispatch();
            }

            if (CanFail)
            {
                _code.Line();
                using (_code.Block("if (failed != 0)"))
                {
                    _code.Line("ThrowFailedStep(failed - 1);");
                }
            }

            WriteStringOutputs();
        }

        if (CanFail)
        {
            WriteFailedStep();
        }
    }

    /// <summary>What stands in a list of parameters or arguments for the team of threads, if there can be one.</summary>
    private IEnumerable<string> Team(string text) => HasTeam ? new[] { text } : System.Array.Empty<string>();

    private void WriteDispatch()
    {
        string weights = _plan.WeightBytes > 0 ? "s_weights" : "null";
        string[] bases = StepsEmitter.Bases(_plan, _names).Select(b => b == "weights" ? weights : b is "arena" or "state" or StepWriter.Strings ? b : $"(byte*){EmittedNames.Pinned(b)}").ToArray();
        string result = CanFail ? "failed = " : string.Empty;
        string alone = string.Join(", ", bases.Concat(_sizes.RunArguments).Concat(Timestamps("timestamps")));
        if (!HasTeam)
        {
            StepsEmitter.WriteDispatch(_code, _options.Isa, result, alone);
            return;
        }

        using (_code.Block($"if (team != null{_sizes.LeastForThreads(_plan.LeastShareOfSizes)})"))
        {
            // The sizes of this run go the same way as the memory.
            bases = bases.Concat(_sizes.RunArguments.Select(static s => $"(byte*)(long){s}")).Concat(Timestamps("(byte*)timestamps")).ToArray();
            _code.Line($"byte** bases = stackalloc byte*[{bases.Length}];");
            for (int i = 0; i < bases.Length; i++)
            {
                _code.Line($"bases[{i}] = {bases[i]};");
            }

            StepsEmitter.WriteStart(_code, _options);
            _code.Line($"{result}team.Run(bases);");
        }

        using (_code.Block("else"))
        {
            StepsEmitter.WriteDispatch(_code, _options.Isa, result, alone);
        }
    }

    private void WriteFailedStep()
    {
        _code.Line();
        using (_code.Block("private static void ThrowFailedStep(int step)"))
        using (_code.Block("switch (step)"))
        {
            foreach (Step step in _plan.Schedule.Steps.Where(static s => s.CanFail))
            {
                _code.Line($"case {step.Index}:");
                _code.Line($"    ModelGuard.{step.FailureGuard}({Literal.Of($"step {step.Index}, {(step.Node is { } node ? $"node \"{NameSanitizer.Comment(node.Name)}\" ({node.Operator.Name})" : step.Name)}")});");
                _code.Line("    break;");
            }
        }
    }
}
