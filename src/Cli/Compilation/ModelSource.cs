using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Compilation;

/// <summary>A model file on disk: read once, compiled as often as its free dimensions change.</summary>
internal sealed class ModelSource
{
    private readonly IExternalDataSource _external;
    private OnnxModel? _onnx;

    private ModelSource(string path)
    {
        FullPath = Path.GetFullPath(path);
        File = ModelFile.Read(path);
        _external = ExternalDataSource.ForModel(path);
    }

    public string FullPath { get; }

    /// <summary>File name with extension, for messages.</summary>
    public string Name => Path.GetFileName(FullPath);

    /// <summary>What people call the model: the file's name without extension, or its folder's where the file is just <c>model.onnx</c>.</summary>
    public string Title => Path.GetFileNameWithoutExtension(FullPath) is var name && name == "model"
        ? Path.GetFileName(Path.GetDirectoryName(FullPath)) ?? name
        : name;

    public ModelFile File { get; }

    /// <summary>What the file says, before any compilation.</summary>
    /// <exception cref="ModelException">The file is not a model.</exception>
    public OnnxModel Onnx => _onnx ??= OnnxReader.Read(File.Bytes, _external, ReaderLimits.Default);

    /// <summary>Reads the file.</summary>
    /// <exception cref="ModelException">It cannot be read.</exception>
    public static ModelSource Read(string path) => new(path);

    /// <summary>Compiles and tells the terminal about warnings; the result may have failed.</summary>
    public CompilationResult TryCompile(CompilerOptions options, Terminal terminal, CancellationToken cancellation)
    {
        CompilationResult result = terminal.Progress(
            $"Compiling {Name}", _ => ModelCompiler.Compile(File, _external, options, cancellation));
        foreach (ModelDiagnostic diagnostic in result.Diagnostics.Where(static d => d.Severity != DiagnosticSeverity.Error))
        {
            terminal.Report(diagnostic);
        }

        return result;
    }

    /// <summary>Compiles.</summary>
    /// <exception cref="ModelException">The model cannot be compiled.</exception>
    public CompilationResult Compile(CompilerOptions options, Terminal terminal, CancellationToken cancellation)
    {
        CompilationResult result = TryCompile(options, terminal, cancellation);
        return result.Success ? result : throw FirstError(result);
    }

    /// <summary>The error that ended a compilation.</summary>
    public static ModelException FirstError(CompilationResult result) =>
        new(result.Diagnostics.First(static d => d.Severity == DiagnosticSeverity.Error));
}
