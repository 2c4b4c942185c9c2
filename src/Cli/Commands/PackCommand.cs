using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Commands;

/// <summary>
/// <c>aotc pack REQUEST</c>: what the package's build targets call to write the packed weights of one model. Compiles the
/// model as the generator does, so both have the same plan.
/// </summary>
/// <remarks>
/// The request is a <see cref="RequestFile"/> with <c>model</c>, <c>output</c> (the
/// assembly), <c>record</c>, <c>nativeFolder</c> (for the header of C functions), <c>tuning</c> (the model's tuning file, if it has
/// one) and the options of <see cref="OptionTexts"/>. The record is written last, so that a build can
/// compare its age; it lists the external data files that were read, one a line. No assembly is written, and an old one is
/// deleted, if the weights are in the generated source or the model cannot be compiled.
/// </remarks>
internal static class PackCommand
{
    public const string Name = "pack";

    /// <summary>Runs the command. Errors are printed in the form that MSBuild recognises.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter error, CancellationToken cancellation = default)
    {
        if (BuildVerb.Read(Name, arguments, PackRequest.Read, error) is not { } request)
        {
            return ExitCode.Usage;
        }

        try
        {
            Pack(request, cancellation);
            return ExitCode.Success;
        }
        catch (ModelException e)
        {
            return BuildVerb.Fail(error, request.Model, e.Diagnostic.Code, e.Diagnostic.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return BuildVerb.Fail(error, request.Model, DiagnosticCodes.WeightsStale, $"The packed weights cannot be written: {e.Message}");
        }
    }

    private static void Pack(PackRequest request, CancellationToken cancellation)
    {
        if (request.NativeFolder is { } old && Directory.Exists(old))
        {
            Directory.Delete(old, recursive: true);
        }

        var external = new RecordingExternalData(ExternalDataSource.ForModel(request.Model));
        CompilationResult? result = TryCompile(request, external, cancellation);
        if (result is null)
        {
            File.Delete(request.Output);
            File.Delete(request.Record);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(request.Output)!);
        if (result.Code!.WeightTypeName is null)
        {
            File.Delete(request.Output);
        }
        else
        {
            WriteAssembly(request, result, cancellation);
        }

        if (request.NativeFolder is not null && result.Code.Native is { } native)
        {
            WriteNative(request.NativeFolder, native, result, cancellation);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(request.Model))!;
        File.WriteAllLines(request.Record, external.Locations.Select(location => Path.Combine(folder, location)));
    }

    /// <summary>
    /// Compiles; null if the model or an option is at fault. The generator, which runs next in the build, then finds the same
    /// and reports it, so that the user reads it once and together with the errors of the project's own code.
    /// </summary>
    private static CompilationResult? TryCompile(PackRequest request, IExternalDataSource external, CancellationToken cancellation)
    {
        try
        {
            CompilerOptions options = OptionParser.Parse(request.Model, request.Options) with
            {
                Tuning = request.Tuning is { } tuning && File.Exists(tuning) ? TuningFile.Parse(tuning, File.ReadAllText(tuning)) : null,
            };
            CompilationResult result = ModelCompiler.Compile(ModelFile.Read(request.Model), external, options, cancellation);
            return result.Success ? result : null;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>Writes beside the target and then renames, so that an interrupted build leaves no half file.</summary>
    private static void WriteAssembly(PackRequest request, CompilationResult result, CancellationToken cancellation)
    {
        string draft = request.Output + ".tmp";
        try
        {
            using (var stream = new FileStream(draft, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                WeightPacker.Write(result.Plan!, result.Code!, Path.GetFileNameWithoutExtension(request.Output), stream, null, cancellation);
            }

            File.Move(draft, request.Output, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>The header of the C functions, and the weights if the caller passes them.</summary>
    private static void WriteNative(string folder, NativeInterface native, CompilationResult result, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"{native.Name}.h"), CHeaderWriter.Write(native), SourceFile.Encoding);
        if (native.TakesWeights)
        {
            using FileStream stream = File.Create(Path.Combine(folder, native.WeightsFile));
            WeightBlobWriter.Write(result.Plan!, result.Code!.Hash, stream, progress: null, cancellation);
        }
    }

    /// <summary>Remembers which files were asked for.</summary>
    private sealed class RecordingExternalData(IExternalDataSource inner) : IExternalDataSource
    {
        public SortedSet<string> Locations { get; } = new(StringComparer.Ordinal);

        public byte[] Read(ExternalDataReference reference, string tensorName, long length)
        {
            byte[] data = inner.Read(reference, tensorName, length);
            lock (Locations)
            {
                Locations.Add(reference.Location);
            }

            return data;
        }
    }
}
